// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/curl_line.h"

#include "ui/models/format.h"

#include <QStringList>

namespace tintype::ui {
namespace {

/// One word of a POSIX shell.
QString quoted(QString text)
{
    text.replace(QLatin1Char('\''), QLatin1String("'\\''"));
    return QLatin1Char('\'') + text + QLatin1Char('\'');
}

} // namespace

QString curlLine(const QString& url, const control::AppInfo& app, const control::HostAddress& host, const CurlTrust& trust, CurlKey key)
{
    QStringList parts{QStringLiteral("curl")};
    if (!trust.publicKeyPin.isEmpty()) // curl checks the pin although it does not ask an authority
        parts.append(QStringLiteral("--insecure --pinnedpubkey ") + quoted(QStringLiteral("sha256//") + trust.publicKeyPin));
    else if (!trust.caFile.isEmpty())
        parts.append(QStringLiteral("--cacert ") + quoted(trust.caFile));
    parts.append(quoted(url));
    const bool needsKey = app.auth != domain::AuthMode::Public && !host.key.empty();
    if (needsKey && key == CurlKey::Variable)
        parts.append(QStringLiteral("-H \"Authorization: Key $TINTYPE_KEY\""));
    else if (needsKey)
        parts.append(QStringLiteral("-H ") + quoted(QStringLiteral("Authorization: Key ") + qs(host.key)));
    parts.append(QStringLiteral("-H 'Content-Type: application/json'"));
    parts.append(QStringLiteral("-d ") + quoted(QStringLiteral(R"({"prompt": "a small green star on the right"})")));
    return parts.join(QStringLiteral(" \\\n  "));
}

} // namespace tintype::ui
