// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/socket_session.h"

#include <QObject>

namespace tintype::wire {

/// Sockets of apps: "…/realtime" speaks fal's realtime protocol, any other path is HTTP over a socket.
class SocketRoutes : public QObject {
    Q_OBJECT

public:
    /// @param options defaults of the sockets; a caller may ask for less of `maxWaiting`
    explicit SocketRoutes(WireContext& context, SocketOptions options = {}, QObject* parent = nullptr);

    void addTo(http::RouteTable& table);

private:
    /// What a handshake asks for.
    struct Wish {
        domain::Request pattern;
        SocketOptions options;
        bool isRealtime = false;
    };

    Result<Wish> wishOf(const http::Request& handshake) const;
    void open(const http::Request& handshake, std::unique_ptr<QWebSocket> socket);

    WireContext& m_context;
    const SocketOptions m_options;
    SocketCalls m_calls;
    QObject m_sessions; ///< their parent; ends before what they use
};

} // namespace tintype::wire
