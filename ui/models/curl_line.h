// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "deploy/control/host_values.h"

#include <QString>

namespace tintype::ui {

/// How the server's certificate is trusted by curl.
struct CurlTrust {
    QString publicKeyPin; ///< base64 SHA-256 of the server's public key; empty = by authority
    QString caFile;
};

enum class CurlKey { Variable, Shown }; ///< "$TINTYPE_KEY", or the key itself

/// A line for a POSIX shell that calls an app as it stands.
/// @param url of the app's run endpoint
QString curlLine(const QString& url, const control::AppInfo& app, const control::HostAddress& host, const CurlTrust& trust, CurlKey key);

} // namespace tintype::ui
