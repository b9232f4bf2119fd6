// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/response_writer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>

namespace tintype::http {
namespace {

constexpr std::array<std::string_view, 4> kOwnFields{"Connection", "Content-Length", "Transfer-Encoding", "Date"};

bool isOwn(std::string_view name)
{
    return std::any_of(kOwnFields.begin(), kOwnFields.end(), [&](auto own) { return sameName(own, name); });
}

void appendField(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ");
    const auto start = static_cast<std::ptrdiff_t>(out.size());
    out.append(value);
    const auto breaks = [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0'; };
    std::replace_if(out.begin() + start, out.end(), breaks, ' ');
    out.append("\r\n");
}

} // namespace

bool mayHaveBody(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

std::string_view DateText::at(std::time_t now)
{
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (now != m_second) {
        std::tm time{};
        gmtime_r(&now, &time);
        m_second = now;
        m_text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[static_cast<std::size_t>(time.tm_wday)],
            time.tm_mday, months[static_cast<std::size_t>(time.tm_mon)], time.tm_year + 1900, time.tm_hour, time.tm_min,
            time.tm_sec);
    }
    return m_text;
}

void appendHead(std::string& out, const Response& response, const Framing& framing, std::string_view date)
{
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, reasonPhrase(response.status));
    for (const auto& [name, value] : response.headers.fields()) {
        if (!isOwn(name))
            appendField(out, name, value);
    }
    appendField(out, "Date", date);
    if (framing.contentLength)
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", *framing.contentLength);
    else if (framing.chunked)
        out.append("Transfer-Encoding: chunked\r\n");
    if (!framing.keepAlive)
        out.append("Connection: close\r\n");
    else if (!framing.http11)
        out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

void appendChunk(std::string& out, std::string_view bytes)
{
    fmt::format_to(std::back_inserter(out), "{:x}\r\n", bytes.size());
    out.append(bytes).append("\r\n");
}

void appendLastChunk(std::string& out)
{
    out.append("0\r\n\r\n");
}

} // namespace tintype::http
