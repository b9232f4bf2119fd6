// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/web_socket.h"

#include <QCoreApplication>
#include <QPointer>
#include <QWebSocketServer>
#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace tintype::http {
namespace {

constexpr std::size_t kKeyLength = 24; ///< 16 bytes in base64
constexpr std::string_view kVersion = "13";

bool isBase64(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '+'
        || byte == '/';
}

bool isKey(std::string_view text)
{
    return text.size() == kKeyLength && text.ends_with("==") && std::all_of(text.begin(), text.end() - 2, isBase64);
}

void unread(QTcpSocket& socket, std::string_view bytes)
{
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte)
        socket.ungetChar(*byte);
}

/// QWebSocketServer reads the request itself. It gets one that says what its handshake needs and no more, so that only
/// one parser ever reads what a caller wrote.
/// @return null if Qt refused. The socket's parent is the result.
std::unique_ptr<QWebSocket> shakeHands(std::unique_ptr<QTcpSocket> tcp, std::string_view key)
{
    unread(*tcp,
        fmt::format("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Version: {}\r\nSec-WebSocket-Key: {}\r\n\r\n",
            kVersion, key));
    QWebSocketServer server(QStringLiteral("tintype"), QWebSocketServer::NonSecureMode);
    server.handleConnection(tcp.get());
    // It reads through a queued call. Done here and now, nothing more can have arrived: QWebSocket reads frames that
    // lie behind the request before anybody has its signals.
    QCoreApplication::sendPostedEvents(&server, QEvent::MetaCall);
    std::unique_ptr<QWebSocket> socket(server.nextPendingConnection());
    if (socket)
        tcp.release()->setParent(socket.get());
    return socket;
}

} // namespace

std::optional<Response> refuseHandshake(const Request& request, bool hasBody)
{
    const bool wanted = asksForWebSocket(request) && listHas(request.headers.value("Connection"), "upgrade");
    if (!wanted || request.headers.value("Sec-WebSocket-Version") != kVersion) {
        auto response = Response::error(426, "this path is for WebSockets (version 13)", "bad_request");
        response.headers.add("Upgrade", "websocket");
        response.headers.add("Sec-WebSocket-Version", std::string(kVersion));
        return response;
    }
    if (!isKey(request.headers.value("Sec-WebSocket-Key")))
        return Response::error(400, "Sec-WebSocket-Key is not 16 bytes in base64", "bad_request");
    if (hasBody)
        return Response::error(400, "a WebSocket handshake has no body", "bad_request");
    return std::nullopt;
}

void openWebSocket(ServerContext& context, std::unique_ptr<QTcpSocket> tcp, const Request& request,
    std::string_view early, const SocketHandler& handler)
{
    const std::string waiting = std::string(early) + tcp->readAll().toStdString();
    const QPointer<QTcpSocket> guard(tcp.get());
    auto socket = shakeHands(std::move(tcp), request.headers.value("Sec-WebSocket-Key"));
    if (!socket)
        return;
    socket->setMaxAllowedIncomingFrameSize(kMaxSocketMessage);
    socket->setMaxAllowedIncomingMessageSize(kMaxSocketMessage);
    ++context.sockets;
    QObject::connect(socket.get(), &QObject::destroyed, &context.scope, [&context] { --context.sockets; });
    handler(request, std::move(socket));
    if (!guard || waiting.empty())
        return;
    unread(*guard, waiting);
    QMetaObject::invokeMethod(guard, &QIODevice::readyRead, Qt::QueuedConnection);
}

} // namespace tintype::http
