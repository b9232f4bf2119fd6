// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <memory>
#include <optional>

class QSslSocket;
class QUrl;

namespace tintype::ui {

/// What a TLS server shows of itself before anything is trusted.
struct ServerCertificate {
    QString fingerprint;   ///< SHA-256, "AB:CD:…"
    QString publicKeyPin;  ///< SHA-256 of its public key in base64, as curl's --pinnedpubkey takes it; empty = not known
    QString subject;
    QString issuer;
    QStringList names;     ///< that it is good for
    QDateTime validFrom;
    QDateTime validUntil;
    QStringList problems;  ///< why this machine would not trust it by authority, sentences; empty = it would

    bool isExpired(const QDateTime& now) const { return now > validUntil || now < validFrom; }
};

/// Fetches the certificate of a server without trusting it and without sending anything. One question at a time. GUI thread.
class CertificateProbe : public QObject {
    Q_OBJECT

public:
    explicit CertificateProbe(QObject* parent = nullptr);
    ~CertificateProbe() override;

    void ask(const QUrl& url); ///< https; gives up an earlier question

Q_SIGNALS:
    void found(const tintype::ui::ServerCertificate& certificate);
    void failed(const QString& sentence);

private:
    void finish(const QString& failure);

    std::unique_ptr<QSslSocket> m_socket;
    QTimer m_timeout;
};

} // namespace tintype::ui
