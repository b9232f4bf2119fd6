// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"
#include "engine/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tintype::http {

/// What a Range header asks of something of `size` bytes.
struct RangeChoice {
    enum class Kind { Whole, Part, Unsatisfiable };
    Kind kind = Kind::Whole;
    std::uint64_t first = 0;
    std::uint64_t count = 0;

    bool operator==(const RangeChoice&) const = default;
};

/// RFC 9110 14: one range of bytes. What is malformed, of another unit or more than one range is ignored, as allowed.
RangeChoice chooseRange(std::string_view range, std::uint64_t size);

/// An open file, or a part of it, on its way to a caller.
class FileBody {
public:
    FileBody(FileBody&& other) noexcept;
    FileBody& operator=(FileBody&&) = delete;
    ~FileBody();

    /// Opens `response.file` and turns the response into what is to be sent: ETag, Accept-Ranges, and 206, 304, 404 or
    /// 416 where the request asks for it. A response that is not 200 is sent with the whole file.
    /// @return what to send as its body: nothing left of it for 304, 404 and 416
    static FileBody answer(const Request& request, Response& response);

    std::uint64_t remaining() const { return m_remaining; }

    /// The next bytes. @error Io: it cannot be read, or has become shorter
    Result<std::string_view> read(std::span<char> buffer);

private:
    FileBody() = default;

    int m_descriptor = -1;
    std::uint64_t m_position = 0;
    std::uint64_t m_remaining = 0;
};

} // namespace tintype::http
