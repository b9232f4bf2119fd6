// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace tintype::http {

/// What a connection offers for one exchange; implemented by the connection.
class Exchange {
public:
    virtual ~Exchange() = default;
    virtual void send(Response response) = 0;
    virtual void beginStream(Response head) = 0;
    virtual void write(std::string_view bytes) = 0;
    virtual void endStream() = 0;
    virtual bool isOpen() const = 0;
    virtual std::size_t unsentBytes() const = 0;
    std::function<void()> closed; ///< called once when the caller has gone before the answer was complete
};

/// The right to answer one request, once, now or later. Move-only; dropped without an answer it sends a 500, dropped
/// within a stream it breaks the connection, so that the caller sees an answer that is not whole. Calls on a closed
/// connection do nothing. Control thread.
class Responder {
public:
    explicit Responder(std::shared_ptr<Exchange> exchange)
        : m_exchange(std::move(exchange))
    {
    }
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&& other) noexcept;
    ~Responder();

    void send(Response response);

    /// Sends the head now; the body follows in pieces (chunked, or until close for HTTP/1.0).
    void beginStream(Response head);
    void write(std::string_view bytes);
    void endStream();

    bool isOpen() const; ///< false once the caller has gone
    std::size_t unsentBytes() const; ///< what the caller has not taken yet: stop producing when it grows

    /// The caller went away before the answer was complete; called at once if that has happened. Not called when the
    /// server itself is destroyed. The callback may destroy this responder.
    void whenClosed(std::function<void()> callback);

private:
    void settle();

    std::shared_ptr<Exchange> m_exchange;
    bool m_answered = false;
};

/// One event of a text/event-stream: each line of `data` behind its own "data: ".
std::string serverSentEvent(std::string_view data, std::string_view event = {});

/// 200 with the headers of a text/event-stream.
Response eventStreamHead();

} // namespace tintype::http
