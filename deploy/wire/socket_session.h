// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/wire/socket_calls.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QWebSocket>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace tintype::wire {

struct SocketOptions {
    std::size_t maxWaiting = 60;             ///< messages that wait while one is worked on
    bool dropsOldest = true;                 ///< when more come; else the socket is closed
    bool tellTimings = false;                ///< realtime: seconds of each call, as a text frame
    std::chrono::milliseconds idle{120'000}; ///< without a message and without work the socket is closed
};

/// One socket whose messages are calls of one endpoint, done one after the other. What a message looks like is a
/// subclass's. Deletes itself when the other side has gone.
class SocketSession : public QObject {
    Q_OBJECT

public:
    /// @param pattern what all calls have in common; input, id and time are each call's own
    SocketSession(SocketCalls& calls, std::unique_ptr<QWebSocket> socket, domain::Request pattern, SocketOptions options,
        QObject* parent);
    ~SocketSession() override; ///< what runs is cancelled

protected:
    virtual Result<std::string> inputOf(std::string_view message, bool isText) = 0;           ///< as JSON
    virtual void sendAnswer(const std::string& request, const http::Response& response, double seconds) = 0;
    virtual void refuse(const Error& error) = 0; ///< a message that cannot be read
    virtual void sayGoodbye() {}                 ///< before an idle socket is closed

    void sendText(const std::string& text);
    void sendBinary(const std::string& bytes);
    const SocketOptions& options() const { return m_options; }

private:
    void receive(std::string_view message, bool isText);
    void startNext();
    void closeWhenIdle();
    void closeIfStuck();

    SocketCalls& m_calls;
    std::unique_ptr<QWebSocket> m_socket;
    const domain::Request m_pattern;
    const SocketOptions m_options;
    std::deque<std::string> m_waiting; ///< inputs
    std::string m_running;             ///< request; empty = none
    QElapsedTimer m_elapsed;           ///< of the one that runs
    QTimer m_idle;
};

} // namespace tintype::wire
