// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/poller.h"
#include "deploy/http/response_writer.h"
#include "deploy/http/server.h"

#include <QObject>
#include <array>
#include <chrono>
#include <string>

namespace tintype::http {

using Clock = std::chrono::steady_clock;

/// What the connections of one server share.
struct ServerContext {
    RequestResolver& resolver;
    const Limits limits;
    const std::string spoolFolder;
    bool stopping = false;
    int sockets = 0; ///< open WebSockets
    DateText date = {};
    std::array<char, 64 << 10> buffer = {}; ///< for one read; nobody keeps anything in it
    Poller poller{};
    QObject scope{}; ///< ends with the server, before all else here: parent of the connections
};

} // namespace tintype::http
