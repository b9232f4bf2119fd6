// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/error.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tintype::http {

/// Header fields in their order; names compare without case.
class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields)
        : m_fields(fields)
    {
    }

    std::string_view value(std::string_view name) const; ///< the first one's; empty if absent
    bool has(std::string_view name) const;
    void add(std::string name, std::string value);
    void set(std::string name, std::string value); ///< replaces all of that name
    void remove(std::string_view name);
    const std::vector<std::pair<std::string, std::string>>& fields() const { return m_fields; }

private:
    std::vector<std::pair<std::string, std::string>> m_fields;
};

/// Decoded `a=b&c=d`; the first value of a name counts.
using Query = std::map<std::string, std::string>;

struct Request {
    std::string method = {};
    std::string path = {}; ///< percent-decoded, begins with '/', without dot segments
    std::string rawQuery = {}; ///< as sent, without the '?'
    Query query = {};
    Headers headers = {};
    std::string body = {}; ///< empty if `bodyFile` is set
    std::string bodyFile = {}; ///< where the server put the body of a route that asks for a file; the handler moves or
                               ///< the server removes it
    std::uint64_t bodyBytes = 0;
    std::string peer = {}; ///< address of the caller, without port
    std::string listener = {}; ///< name of the listener that took it
    bool secure = false; ///< over TLS
    std::map<std::string, std::string> parameters = {}; ///< of the route's pattern
};

struct Response {
    int status = 200;
    Headers headers = {};
    std::string body = {};

    /// A file to send instead of `body`, with Range and HEAD honoured.
    std::string file = {};

    static Response json(int status, std::string body);
    static Response text(int status, std::string body);

    /// fal's infrastructure error: `{"detail", "error_type"}` and X-Fal-Error-Type.
    static Response error(int status, std::string_view detail, std::string_view errorType = {});

    /// `error()` with the status of the code.
    static Response error(const Error& error);
};

std::string_view reasonPhrase(int status);

/// Decodes %XX (and '+' if `plusIsSpace`). Nothing for a broken escape or a NUL.
std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace = false);

/// Everything but letters, digits and "-._~" as %XX.
std::string percentEncoded(std::string_view text);

/// Nothing if an escape is broken or the text is not UTF-8.
std::optional<Query> parseQuery(std::string_view text);

/// A path, decoded, with its dot segments resolved and its repeated slashes made one. Nothing if it leaves the root, is
/// not absolute, has a broken escape, a backslash or a control character, or is not UTF-8.
std::optional<std::string> normalizedPath(std::string_view raw);

/// Whether two names are the same without regard to ASCII case.
bool sameName(std::string_view left, std::string_view right);

/// Whether a comma-separated list such as Connection's has `token`, without regard to case.
bool listHas(std::string_view list, std::string_view token);

/// `"text"` as a JSON string literal; what is not UTF-8 becomes U+FFFD.
std::string jsonString(std::string_view text);

} // namespace tintype::http
