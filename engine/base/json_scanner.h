// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tintype {

/// Cuts JSON text into values without making anything of them. What it returns is valid JSON.
class JsonScanner {
public:
    static constexpr int kMaxDepth = 100;

    explicit JsonScanner(std::string_view text)
        : m_rest(text)
    {
    }

    /// The next value, without the white space around it; nothing if there is none, or what is there is not valid.
    std::optional<std::string_view> value();

    std::optional<std::string_view> string(); ///< only a string; given without its quotes
    bool skip(char mark); ///< if it comes next, perhaps after white space
    bool isAtEnd();       ///< but for white space
    bool isTooDeep() const { return m_isTooDeep; }

private:
    void skipSpace();
    bool scanValue();
    bool scanObject();
    bool scanList();
    bool scanString();
    bool scanEscape();
    bool scanNumber();
    bool scanDigits();
    bool scanWord(std::string_view word);

    std::string_view m_rest;
    int m_depth = 0;
    bool m_isTooDeep = false;
};

/// What a checked string means, given without its quotes.
std::string jsonUnescaped(std::string_view text);

} // namespace tintype
