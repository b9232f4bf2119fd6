// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/http_control.h"
#include "ui/commands/certificate_probe.h"

#include <QObject>
#include <memory>

namespace tintype::ui {

/// Tries an address before it is kept: the certificate of an https one, then whether the host takes the key. GUI thread.
class HostProbe : public QObject {
    Q_OBJECT

public:
    explicit HostProbe(QObject* parent = nullptr);
    ~HostProbe() override;

    /// Shows what certificate the server has; for https only.
    void askCertificate(const std::string& url);

    /// Calls the host as this address says.
    void call(const control::HostAddress& address);
    void stop();

Q_SIGNALS:
    void certificateFound(const tintype::ui::ServerCertificate& certificate);
    void answered(const tintype::control::HostInfo& host);
    void failed(const tintype::Error& error);

private:
    CertificateProbe m_certificate;
    std::unique_ptr<control::HttpControl> m_control;
};

} // namespace tintype::ui
