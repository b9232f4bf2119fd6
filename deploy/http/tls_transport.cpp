// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/transport.h"

#include <QSslSocket>
#include <algorithm>

namespace tintype::http {
namespace {

constexpr qint64 kReadBuffer = 128 << 10;

/// QSslSocket. A caller who ends its stream is gone: TLS in practice has no half-closed connections.
class TlsTransport final : public Transport {
public:
    TlsTransport(qintptr descriptor, const QSslConfiguration& configuration)
        : m_socket(std::make_unique<QSslSocket>())
    {
        connect(m_socket.get(), &QSslSocket::readyRead, this, [this] {
            if (m_reading)
                Q_EMIT readable();
        });
        // Queued: flush() emits it from inside write(), and who writes must not be called back there.
        connect(m_socket.get(), &QSslSocket::encryptedBytesWritten, this, &Transport::sent, Qt::QueuedConnection);
        connect(m_socket.get(), &QSslSocket::disconnected, this, &Transport::gone, Qt::QueuedConnection);
        connect(m_socket.get(), &QSslSocket::errorOccurred, this, &Transport::gone, Qt::QueuedConnection);
        m_socket->setSslConfiguration(configuration);
        m_socket->setReadBufferSize(kReadBuffer);
        if (m_socket->setSocketDescriptor(descriptor))
            m_socket->startServerEncryption();
        else
            QMetaObject::invokeMethod(this, &Transport::gone, Qt::QueuedConnection);
    }

    std::ptrdiff_t read(std::span<char> into) override
    {
        return std::max<qint64>(m_socket->read(into.data(), static_cast<qint64>(into.size())), 0);
    }

    void write(std::string_view bytes) override
    {
        m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
        m_socket->flush();
    }

    std::size_t unsentBytes() const override
    {
        return static_cast<std::size_t>(m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite());
    }

    void setReading(bool on) override
    {
        if (on && !m_reading && m_socket->bytesAvailable() > 0)
            QMetaObject::invokeMethod(this, &Transport::readable, Qt::QueuedConnection);
        m_reading = on;
    }

    void endOutput(bool moreInput) override
    {
        if (moreInput)
            setReading(true); // the answer tells its own end; the caller closes, or the connection's patience ends
        else
            m_socket->disconnectFromHost();
    }

    std::unique_ptr<QTcpSocket> takeSocket() override
    {
        m_socket->disconnect(this);
        m_socket->setReadBufferSize(0);
        return std::move(m_socket);
    }

private:
    std::unique_ptr<QSslSocket> m_socket;
    bool m_reading = true;
};

} // namespace

std::unique_ptr<Transport> makeTlsTransport(qintptr descriptor, const QSslConfiguration& configuration)
{
    return std::make_unique<TlsTransport>(descriptor, configuration);
}

} // namespace tintype::http
