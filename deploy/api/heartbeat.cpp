// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/heartbeat.h"

#include <QTimer>
#include <chrono>
#include <memory>
#include <utility>

namespace tintype::api {
namespace {

constexpr auto kInterval = std::chrono::seconds(30);

} // namespace

void keepBeating(QWebSocket& socket)
{
    const auto answered = std::make_shared<bool>(true);
    auto* timer = new QTimer(&socket);
    QObject::connect(&socket, &QWebSocket::pong, timer, [answered] { *answered = true; });
    QObject::connect(timer, &QTimer::timeout, &socket, [&socket, answered] {
        if (std::exchange(*answered, false))
            socket.ping();
        else
            socket.abort();
    });
    timer->start(kInterval);
}

} // namespace tintype::api
