// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWebSocket>

namespace tintype::api {

/// Pings the other end every 30 s as long as the socket lives, and aborts it when a ping stayed without an answer.
void keepBeating(QWebSocket& socket);

} // namespace tintype::api
