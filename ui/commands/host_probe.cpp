// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/host_probe.h"

#include "ui/models/format.h"

#include <QUrl>

namespace tintype::ui {

HostProbe::HostProbe(QObject* parent)
    : QObject(parent)
{
    connect(&m_certificate, &CertificateProbe::found, this, &HostProbe::certificateFound);
    connect(&m_certificate, &CertificateProbe::failed, this, [this](const QString& sentence) {
        Q_EMIT failed({ErrorCode::Unavailable, tr("No certificate came from there. %1").arg(sentence).toStdString(), {}});
    });
}

HostProbe::~HostProbe() = default;

void HostProbe::askCertificate(const std::string& url) { m_certificate.ask(QUrl(qs(url))); }

void HostProbe::call(const control::HostAddress& address)
{
    m_control = std::make_unique<control::HttpControl>(address);
    m_control->host().then(this, [this](const Result<control::HostInfo>& host) {
        m_control.release()->deleteLater(); // it is the one that tells us
        if (host)
            Q_EMIT answered(*host);
        else
            Q_EMIT failed(host.error());
    });
}

void HostProbe::stop() { m_control.reset(); }

} // namespace tintype::ui
