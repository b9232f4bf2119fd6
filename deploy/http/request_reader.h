// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::http {

/// Why a request cannot be read on: the answer that ends the connection.
struct Violation {
    int status = 400;
    std::string detail;
};

/// The requests in a stream of bytes, one after the other, as a function of the bytes alone: no socket, no clock.
/// Stricter than the grammar where leniency lets two readers of one stream disagree (request smuggling).
class RequestReader {
public:
    enum class State {
        Head, ///< waits for the end of the head
        HeadRead, ///< takeHead(), then readBody()
        Body,
        Done, ///< the request is complete: restart() for the next one
        Broken, ///< violation() says why
    };

    /// Takes a piece of the body; false if it cannot be stored.
    using Sink = std::function<bool(std::string_view)>;

    explicit RequestReader(std::size_t maxHeaderBytes);
    ~RequestReader();

    /// Reads on. Bytes that were not used come again at the beginning of the next call, with more behind them.
    /// Returns when the state changes to HeadRead, Done or Broken, or more bytes are needed.
    /// @return how many bytes were used
    std::size_t feed(std::string_view bytes);

    State state() const { return m_state; }
    const Violation& violation() const { return m_violation; }

    Request takeHead(); ///< what is known of the head, also of a broken one
    bool isHttp11() const { return m_http11; }
    bool keepsAlive() const { return m_keepsAlive; }
    bool expectsContinue() const { return m_expectsContinue; }
    bool hasBody() const { return m_hasBody; }
    std::optional<std::uint64_t> contentLength() const { return m_contentLength; } ///< none if chunked

    /// Call in HeadRead. A declared length over the limit breaks the request at once.
    void readBody(std::uint64_t limit, Sink sink);
    std::uint64_t bodyBytes() const;
    void restart();

private:
    class Parser;

    std::size_t feedHead(std::string_view bytes);
    std::size_t feedBody(std::string_view bytes);
    void parseHead(std::string_view head);
    void checkHead();
    void fail(int status, std::string detail);

    const std::size_t m_maxHeaderBytes;
    std::unique_ptr<Parser> m_parser;
    State m_state = State::Head;
    Violation m_violation;
    std::size_t m_scanned = 0; ///< of the head
    bool m_http11 = true;
    bool m_keepsAlive = false;
    bool m_expectsContinue = false;
    bool m_hasBody = false;
    std::optional<std::uint64_t> m_contentLength;
};

} // namespace tintype::http
