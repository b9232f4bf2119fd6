// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/socket_session.h"

#include <utility>

namespace tintype::wire {
namespace {

constexpr qint64 kMostUnsent = qint64{64} << 20; ///< bytes; a caller who takes nothing is dropped

} // namespace

SocketSession::SocketSession(
    SocketCalls& calls, std::unique_ptr<QWebSocket> socket, domain::Request pattern, SocketOptions options, QObject* parent)
    : QObject(parent)
    , m_calls(calls)
    , m_socket(std::move(socket))
    , m_pattern(std::move(pattern))
    , m_options(options)
{
    m_idle.setSingleShot(true);
    m_idle.setInterval(m_options.idle);
    connect(&m_idle, &QTimer::timeout, this, &SocketSession::closeWhenIdle);
    connect(m_socket.get(), &QWebSocket::binaryMessageReceived, this,
        [this](const QByteArray& message) { receive({message.data(), static_cast<std::size_t>(message.size())}, false); });
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this,
        [this](const QString& message) { receive(message.toStdString(), true); });
    connect(m_socket.get(), &QWebSocket::disconnected, this, &QObject::deleteLater);
    m_idle.start();
}

SocketSession::~SocketSession()
{
    m_socket->disconnect(this);
    m_calls.cancel(m_running);
}

void SocketSession::receive(std::string_view message, bool isText)
{
    m_idle.start();
    auto input = inputOf(message, isText);
    if (!input)
        return refuse(input.error());
    m_waiting.push_back(*std::move(input));
    if (m_running.empty())
        return startNext();
    if (m_waiting.size() <= m_options.maxWaiting)
        return;
    if (!m_options.dropsOldest)
        return m_socket->close(QWebSocketProtocol::CloseCodePolicyViolated, QStringLiteral("too many calls wait"));
    m_waiting.pop_front();
}

void SocketSession::startNext()
{
    if (m_waiting.empty())
        return m_idle.start();
    domain::Request request = m_pattern;
    request.id = m_running = runtime::Requests::newId();
    request.submittedAt = wallClockNow();
    request.input = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_elapsed.start();
    m_calls.submit(std::move(request), [this](const http::Response& response) {
        sendAnswer(std::exchange(m_running, {}), response, static_cast<double>(m_elapsed.elapsed()) / 1000);
        // Not from here: a row of calls that are refused at once would nest.
        QMetaObject::invokeMethod(this, [this] {
            if (m_running.empty())
                startNext();
        }, Qt::QueuedConnection);
    });
}

void SocketSession::closeWhenIdle()
{
    if (!m_running.empty())
        return m_idle.start();
    sayGoodbye();
    m_socket->close(QWebSocketProtocol::CloseCodeNormal);
}

void SocketSession::sendText(const std::string& text)
{
    m_socket->sendTextMessage(QString::fromStdString(text));
    closeIfStuck();
}

void SocketSession::sendBinary(const std::string& bytes)
{
    m_socket->sendBinaryMessage(QByteArray::fromStdString(bytes));
    closeIfStuck();
}

void SocketSession::closeIfStuck()
{
    if (m_socket->bytesToWrite() > kMostUnsent)
        m_socket->abort();
}

} // namespace tintype::wire
