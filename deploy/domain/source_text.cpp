// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/source_text.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

constexpr std::size_t kLongestShown = 60;

bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::size_t lengthByFirst(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/// Bytes of the UTF-8 character at the start of the text; 0 = none (overlong, surrogate, beyond U+10FFFF, cut off).
std::size_t characterLength(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = lengthByFirst(first);
    if (length == 0 || text.size() < length || !std::ranges::all_of(text.substr(1, length - 1), isContinuation))
        return 0;
    const auto second = length > 1 ? static_cast<unsigned char>(text[1]) : 0U;
    const bool isOutside = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0)
        || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
    return isOutside ? 0 : length;
}

bool isForbidden(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7f;
}

} // namespace

std::optional<DefinitionProblem> checkText(std::string_view text)
{
    Mark mark;
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        if (length == 0)
            return DefinitionProblem{mark.line, mark.column, "not valid UTF-8"};
        if (isForbidden(text.front()))
            return DefinitionProblem{mark.line, mark.column,
                fmt::format("a control character (U+{:04X}) stands in the text", static_cast<int>(text.front()))};
        mark = text.front() == '\n' ? Mark{mark.line + 1, 1} : Mark{mark.line, mark.column + static_cast<int>(length)};
        text.remove_prefix(length);
    }
    return std::nullopt;
}

std::optional<int> tabInIndentation(std::string_view text, int line)
{
    for (int skipped = 1; skipped < line; ++skipped) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(end + 1);
    }
    const std::size_t tab = text.find_first_not_of(' ');
    if (tab == std::string_view::npos || text[tab] != '\t')
        return std::nullopt;
    return static_cast<int>(tab) + 1;
}

std::string shortened(std::string_view text)
{
    if (text.size() <= kLongestShown)
        return std::string(text);
    std::size_t end = kLongestShown;
    while (end > 0 && isContinuation(text[end]))
        --end;
    return std::string(text.substr(0, end)) + "…";
}

} // namespace tintype::domain
