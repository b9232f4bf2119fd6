// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/file_body.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace tintype::http {
namespace {

std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string tagOf(const struct stat& facts)
{
    return fmt::format("\"{:x}-{:x}.{:x}\"", facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
}

bool tagListHas(std::string_view list, std::string_view tag)
{
    return list == "*" || listHas(list, tag) || listHas(list, fmt::format("W/{}", tag));
}

/// A response without body that keeps the headers of the file.
void turnInto(Response& response, int status)
{
    response.status = status;
    response.body.clear();
    response.headers.remove("Content-Type");
}

} // namespace

RangeChoice chooseRange(std::string_view range, std::uint64_t size)
{
    const RangeChoice whole{RangeChoice::Kind::Whole, 0, size};
    const RangeChoice unsatisfiable{RangeChoice::Kind::Unsatisfiable, 0, 0};
    const auto equals = range.find('=');
    if (equals == range.npos || !sameName(range.substr(0, equals), "bytes"))
        return whole;
    range.remove_prefix(equals + 1);
    const auto dash = range.find('-');
    if (dash == range.npos)
        return whole;
    const auto first = number(range.substr(0, dash));
    const auto last = number(range.substr(dash + 1));
    const bool openEnd = dash + 1 == range.size();
    if (dash == 0) { // the last n bytes
        if (!last)
            return whole;
        const auto count = std::min(*last, size);
        return count == 0 ? unsatisfiable : RangeChoice{RangeChoice::Kind::Part, size - count, count};
    }
    if (!first || (!last && !openEnd) || (last && *last < *first))
        return whole;
    if (*first >= size)
        return unsatisfiable;
    const auto end = last ? std::min(*last, size - 1) : size - 1;
    return {RangeChoice::Kind::Part, *first, end - *first + 1};
}

FileBody::FileBody(FileBody&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_position(other.m_position)
    , m_remaining(other.m_remaining)
{
}

FileBody::~FileBody()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

FileBody FileBody::answer(const Request& request, Response& response)
{
    FileBody file;
    struct stat facts{};
    response.body.clear();
    file.m_descriptor = ::open(response.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.m_descriptor < 0 || ::fstat(file.m_descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        response.status = 404;
        response.headers.set("Content-Type", "application/json");
        response.body = R"({"detail": "the file does not exist"})";
        return file;
    }
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    file.m_remaining = size;
    if (!response.headers.has("ETag"))
        response.headers.add("ETag", tagOf(facts));
    if (!response.headers.has("Content-Type"))
        response.headers.add("Content-Type", "application/octet-stream");
    if (response.status != 200)
        return file;
    response.headers.set("Accept-Ranges", "bytes");
    const std::string tag(response.headers.value("ETag"));
    if (request.headers.has("If-None-Match") && tagListHas(request.headers.value("If-None-Match"), tag)) {
        turnInto(response, 304);
        file.m_remaining = 0;
        return file;
    }
    if (request.headers.has("If-Range") && request.headers.value("If-Range") != tag)
        return file;
    const auto choice = chooseRange(request.headers.value("Range"), size);
    if (choice.kind == RangeChoice::Kind::Whole)
        return file;
    if (choice.kind == RangeChoice::Kind::Unsatisfiable) {
        turnInto(response, 416);
        response.headers.set("Content-Range", fmt::format("bytes */{}", size));
    } else {
        response.status = 206;
        response.headers.set(
            "Content-Range", fmt::format("bytes {}-{}/{}", choice.first, choice.first + choice.count - 1, size));
    }
    file.m_position = choice.first;
    file.m_remaining = choice.count;
    return file;
}

Result<std::string_view> FileBody::read(std::span<char> buffer)
{
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), m_remaining));
    const auto count = ::pread(m_descriptor, buffer.data(), wanted, static_cast<off_t>(m_position));
    if (count <= 0)
        return fail(ErrorCode::Io, "a file that was being sent has become shorter or cannot be read");
    m_position += static_cast<std::uint64_t>(count);
    m_remaining -= static_cast<std::uint64_t>(count);
    return std::string_view(buffer.data(), static_cast<std::size_t>(count));
}

} // namespace tintype::http
