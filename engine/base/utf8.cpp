// SPDX-License-Identifier: Apache-2.0
#include "engine/base/utf8.h"

namespace tintype {

std::size_t utf8Length(std::string_view text)
{
    const auto byteAt = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (text.empty())
        return 0;
    const unsigned first = byteAt(0);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xc2 && first < 0xe0 ? 2
        : (first & 0xf0) == 0xe0                             ? 3
        : first >= 0xf0 && first < 0xf5                      ? 4
                                                             : 0;
    const unsigned second = byteAt(1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90)
        || (first == 0xf4 && second > 0x8f))
        return 0;
    for (std::size_t at = 1; at < length; ++at) {
        if ((byteAt(at) & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = utf8Length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

} // namespace tintype
