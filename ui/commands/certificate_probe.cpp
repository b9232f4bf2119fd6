// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/certificate_probe.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QUrl>

namespace tintype::ui {
namespace {

constexpr int kTimeoutMs = 8000;
constexpr int kHttpsPort = 443;

QString pinOf(const QSslCertificate& certificate)
{
    const QByteArray key = certificate.publicKey().toDer();
    return key.isEmpty() ? QString()
                         : QString::fromLatin1(QCryptographicHash::hash(key, QCryptographicHash::Sha256).toBase64());
}

ServerCertificate describe(const QSslSocket& socket)
{
    const QSslCertificate certificate = socket.peerCertificate();
    ServerCertificate result;
    result.fingerprint = QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
    result.publicKeyPin = pinOf(certificate);
    result.subject = certificate.subjectDisplayName();
    result.issuer = certificate.issuerDisplayName();
    result.names = certificate.subjectAlternativeNames().values();
    result.validFrom = certificate.effectiveDate();
    result.validUntil = certificate.expiryDate();
    const QList<QSslError> errors = socket.sslHandshakeErrors();
    for (const QSslError& error : errors)
        result.problems.append(error.errorString());
    return result;
}

} // namespace

CertificateProbe::CertificateProbe(QObject* parent)
    : QObject(parent)
{
    m_timeout.setSingleShot(true);
    m_timeout.setInterval(kTimeoutMs);
    connect(&m_timeout, &QTimer::timeout, this, [this] { finish(tr("It did not answer within %1 s.").arg(kTimeoutMs / 1000)); });
}

CertificateProbe::~CertificateProbe() = default;

void CertificateProbe::ask(const QUrl& url)
{
    m_socket = std::make_unique<QSslSocket>();
    m_socket->setPeerVerifyMode(QSslSocket::QueryPeer); // tells what is wrong with it, and goes on
    connect(m_socket.get(), &QSslSocket::sslErrors, m_socket.get(), [this] { m_socket->ignoreSslErrors(); });
    connect(m_socket.get(), &QSslSocket::encrypted, this, [this] { finish({}); }, Qt::QueuedConnection);
    connect(m_socket.get(), &QSslSocket::errorOccurred, this, [this] {
        if (m_socket && !m_socket->isEncrypted())
            finish(m_socket->errorString());
    }, Qt::QueuedConnection);
    m_timeout.start();
    m_socket->connectToHostEncrypted(url.host(), static_cast<quint16>(url.port(kHttpsPort)));
}

/// @param failure empty = the certificate is there
void CertificateProbe::finish(const QString& failure)
{
    if (!m_socket)
        return;
    m_timeout.stop();
    const std::unique_ptr<QSslSocket> socket = std::move(m_socket);
    socket->disconnect();
    const ServerCertificate certificate = failure.isEmpty() ? describe(*socket) : ServerCertificate{};
    socket->abort();
    if (!failure.isEmpty())
        Q_EMIT failed(failure);
    else
        Q_EMIT found(certificate);
}

} // namespace tintype::ui
