// SPDX-License-Identifier: Apache-2.0
#include "engine/text/t5_text.h"

#include "engine/text/unicode.h"

namespace tintype::text {
namespace {

constexpr char32_t kWordMark = 0x2581; // ▁

} // namespace

std::string T5Text::normalize(std::string_view text) const
{
    return m_charsmap ? m_charsmap->normalize(text) : std::string(text);
}

Result<> T5Text::encode(std::string_view normalized, std::vector<std::int64_t>& ids) const
{
    std::string piece; // from one mark up to the next, or to the end of the word
    bool isInWord = false;
    const auto flush = [&] {
        m_model->encode(piece, ids);
        piece.clear();
    };
    for (const char32_t character : decodeUtf8(normalized)) {
        if (isSpace(character)) {
            flush();
            isInWord = false;
            continue;
        }
        if (character == kWordMark)
            flush();
        else if (!isInWord)
            appendUtf8(piece, kWordMark);
        appendUtf8(piece, character);
        isInWord = true;
    }
    flush();
    return {};
}

std::string T5Text::decode(const std::vector<std::string_view>& tokens) const
{
    std::string text;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        for (const char32_t character : decodeUtf8(tokens[index])) {
            if (character != kWordMark)
                appendUtf8(text, character);
            else if (index > 0)
                text += ' ';
        }
    }
    return text;
}

} // namespace tintype::text
