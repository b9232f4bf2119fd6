// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/trust_probe.h"

#include "ui/models/format.h"

#include <QUrl>

namespace tintype::ui {

TrustProbe::TrustProbe(QObject* parent)
    : QObject(parent)
{
    connect(&m_probe, &CertificateProbe::found, this, [this](const ServerCertificate& certificate) {
        if (certificate.fingerprint.compare(m_fingerprint, Qt::CaseInsensitive) != 0)
            return; // another server answers there now
        m_trust.publicKeyPin = certificate.publicKeyPin;
        Q_EMIT changed();
    });
}

void TrustProbe::ask(const control::HostAddress& host)
{
    m_trust = {{}, qs(host.caFile)};
    m_fingerprint = qs(host.fingerprint);
    const QUrl url(qs(host.url));
    if (!m_fingerprint.isEmpty() && url.scheme() == QLatin1String("https"))
        m_probe.ask(url);
}

} // namespace tintype::ui
