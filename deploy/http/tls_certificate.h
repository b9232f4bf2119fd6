// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace tintype::http {

/// A certificate and its private key, both PEM.
struct KeyPair {
    std::string certificate;
    std::string key;
};

/// A certificate authority with an EC P-256 key, good for 10 years.
/// @error Internal
Result<KeyPair> makeAuthority(const std::string& name);

/// A server's certificate for `names` (host names and addresses), signed by `authority`, good for 825 days.
/// @error Corrupt: the authority cannot be read
Result<KeyPair> makeServerCertificate(const KeyPair& authority, const std::vector<std::string>& names);

/// What the first certificate of a PEM text says of itself.
struct CertificateFacts {
    std::vector<std::string> names; ///< as in its subject alternative names, addresses written out
    std::chrono::system_clock::time_point ends;
    std::string fingerprint; ///< SHA-256, "AB:CD:…"
};

/// @error Corrupt
Result<CertificateFacts> readCertificate(const std::string& pem);

/// Whether the key is that of the (first) certificate.
bool belongTogether(const KeyPair& pair);

/// Whether `authority` (a certificate) signed the certificate.
bool isSignedBy(const std::string& certificate, const std::string& authority);

/// An address in its one canonical form, anything else in lower case: how names are compared.
std::string canonicalName(const std::string& name);

} // namespace tintype::http
