// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/live_socket.h"

#include <algorithm>
#include <cmath>

namespace tintype::control {
namespace {

constexpr double kFirstRetrySeconds = 0.5;
constexpr double kMaxRetrySeconds = 15;
constexpr int kMaxDoublings = 10;
constexpr std::chrono::seconds kPingInterval{20};
constexpr int kMillisecondsPerSecond = 1000;

} // namespace

double retrySeconds(int failures)
{
    return std::min(kMaxRetrySeconds, std::ldexp(kFirstRetrySeconds, std::clamp(failures - 1, 0, kMaxDoublings)));
}

LiveSocket::LiveSocket(HttpTransport& transport, QUrl url, QObject* parent)
    : QObject(parent)
    , m_transport(transport)
    , m_url(std::move(url))
{
    m_retryTimer.setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, &LiveSocket::open);
    connect(&m_pingTimer, &QTimer::timeout, this, &LiveSocket::onPingTime);
}

LiveSocket::~LiveSocket()
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->close();
}

void LiveSocket::open()
{
    setState({ConnectionState::Kind::Connecting, 0, {}});
    m_transport.verifyPin().then(this, [this](const Result<>& verified) {
        if (verified)
            connectSocket();
        else
            onBroken(QString::fromStdString(verified.error().message));
    });
}

void LiveSocket::connectSocket()
{
    m_socket = std::make_unique<QWebSocket>();
    m_socket->setSslConfiguration(m_transport.sslConfiguration());
    connect(m_socket.get(), &QWebSocket::connected, this, [this] {
        m_failures = 0;
        m_heard = true;
        m_pingTimer.start(kPingInterval);
        setState({ConnectionState::Kind::Connected, 0, {}});
    });
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, [this](const QString& text) {
        m_heard = true;
        Q_EMIT received(text.toUtf8());
    });
    connect(m_socket.get(), &QWebSocket::pong, this, [this] { m_heard = true; });
    connect(m_socket.get(), &QWebSocket::disconnected, this,
        [this] { onBroken(m_socket->closeReason().isEmpty() ? m_socket->errorString() : m_socket->closeReason()); });
    connect(m_socket.get(), QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this,
        [this] { onBroken(m_socket->errorString()); });
    m_socket->ignoreSslErrors(m_transport.pinnedErrors());
    m_socket->open(m_transport.handshake(m_url));
}

void LiveSocket::onPingTime()
{
    if (!std::exchange(m_heard, false)) {
        onBroken(QStringLiteral("the host does not answer"));
        return;
    }
    m_socket->ping();
}

void LiveSocket::onBroken(const QString& reason)
{
    if (m_socket) {
        m_socket->disconnect(this);
        m_socket->abort();
        m_socket.release()->deleteLater(); // we may be inside one of its signals
    }
    m_pingTimer.stop();
    const double seconds = retrySeconds(++m_failures);
    m_retryTimer.start(static_cast<int>(seconds * kMillisecondsPerSecond));
    setState({ConnectionState::Kind::Retrying, seconds, reason.toStdString()});
}

void LiveSocket::setState(ConnectionState state)
{
    m_state = std::move(state);
    Q_EMIT stateChanged(m_state);
}

} // namespace tintype::control
