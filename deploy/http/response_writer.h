// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::http {

/// How the end of a body is told.
struct Framing {
    std::optional<std::uint64_t> contentLength; ///< none: chunked, or until the connection closes
    bool chunked = false;
    bool http11 = true;
    bool keepAlive = true;
};

/// Whether an answer of this status has a body at all.
bool mayHaveBody(int status);

/// The text of the Date header, made once a second.
class DateText {
public:
    std::string_view at(std::time_t now);

private:
    std::time_t m_second = -1;
    std::string m_text;
};

/// Appends status line and headers. Date, Connection and what frames the body are the writer's own: the response's are
/// left out. Line breaks in a value become spaces.
void appendHead(std::string& out, const Response& response, const Framing& framing, std::string_view date);

void appendChunk(std::string& out, std::string_view bytes); ///< not for an empty one, which would end the body
void appendLastChunk(std::string& out);

} // namespace tintype::http
