// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <QSslConfiguration>
#include <string>
#include <vector>

namespace tintype::http {

struct TlsFiles {
    std::string certificate; ///< PEM, with its chain
    std::string key; ///< PEM
};

/// Makes, on first use, a certificate authority and a certificate for localhost, 127.0.0.1, ::1 and the machine's names
/// in `folder` (ca.pem is what clients trust; keys are readable by the owner only); later calls return what is there,
/// and renew a certificate that ends within 30 days or lacks one of `names`.
/// @param names further host names or addresses
Result<TlsFiles> ownCertificate(const std::string& folder, const std::vector<std::string>& names);

Result<QSslConfiguration> tlsConfiguration(const TlsFiles& files);

/// SHA-256 of the first certificate, "AB:CD:…".
Result<std::string> fingerprint(const std::string& certificateFile);

} // namespace tintype::http
