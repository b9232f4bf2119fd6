// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/http/server_context.h"

#include <QTcpSocket>
#include <memory>
#include <optional>
#include <string_view>

namespace tintype::http {

/// The answer to a request that is no handshake of RFC 6455 4.2; none: Qt will accept it.
std::optional<Response> refuseHandshake(const Request& request, bool hasBody);

/// Has Qt do the handshake on a socket whose request has been read already, and gives the result to the handler.
/// @param early what the caller sent behind the handshake without waiting for its answer
void openWebSocket(ServerContext& context, std::unique_ptr<QTcpSocket> tcp, const Request& request,
    std::string_view early, const SocketHandler& handler);

} // namespace tintype::http
