// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/event.h"
#include "deploy/control/http_transport.h"

#include <QTimer>
#include <QUrl>
#include <QWebSocket>
#include <memory>

namespace tintype::control {

/// A WebSocket that is kept open: after a break it tries again, each time a little later, and says so. Text frames only
/// come; a ping every 20 s finds out about a peer that went silently.
class LiveSocket : public QObject {
    Q_OBJECT

public:
    LiveSocket(HttpTransport& transport, QUrl url, QObject* parent = nullptr);
    ~LiveSocket() override;

    void open();
    const ConnectionState& state() const { return m_state; }

Q_SIGNALS:
    void received(const QByteArray& text);
    void stateChanged(const tintype::control::ConnectionState& state);

private:
    void connectSocket();
    void onBroken(const QString& reason);
    void onPingTime();
    void setState(ConnectionState state);

    HttpTransport& m_transport;
    const QUrl m_url;
    std::unique_ptr<QWebSocket> m_socket;
    QTimer m_retryTimer;
    QTimer m_pingTimer;
    ConnectionState m_state;
    int m_failures = 0; ///< in a row
    bool m_heard = false; ///< anything since the last ping
};

/// The pause before attempt `failures` + 1: 0.5 s, doubling, at most 15 s.
double retrySeconds(int failures);

} // namespace tintype::control
