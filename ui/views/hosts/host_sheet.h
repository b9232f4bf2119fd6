// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/host_probe.h"
#include "ui/widgets/sheet.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace tintype::ui {

class ErrorBanner;
struct Studio;
class Target;

/// Adds a host or changes one: address, key, and the certificate that is to be trusted. It is kept only after it has answered, or when
/// the user says so.
class HostSheet : public Sheet {
    Q_OBJECT

public:
    HostSheet(Studio& studio, QWidget* over);
    ~HostSheet() override;

    void add();
    void edit(const Target& target);

private:
    void begin(const QString& title, const QString& verb);
    void onAddressChanged();
    void onPrimary();
    void onCertificate(const ServerCertificate& certificate);
    void onAnswer(const control::HostInfo& host);
    void onFailure(const Error& error);
    void keep();
    control::HostAddress address() const; ///< url as normalized
    bool pins() const;

    Studio& m_studio;
    HostProbe m_probe;
    QString m_edited; ///< name of the host that is changed; empty = a new one
    std::string m_oldKey;
    std::string m_oldFingerprint;
    std::string m_oldCaFile;
    QString m_foundFingerprint; ///< that the server shows; empty = not asked yet
    ErrorBanner* m_banner;
    QLineEdit* m_name;
    QLineEdit* m_url;
    QLineEdit* m_key;
    QWidget* m_certificatePart;
    QLabel* m_fingerprint;
    QLabel* m_certificate;
    QCheckBox* m_pin;
    QLabel* m_status;
    QPushButton* m_anyway;
    QPushButton* m_primary;
};

} // namespace tintype::ui
