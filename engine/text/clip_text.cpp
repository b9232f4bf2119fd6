// SPDX-License-Identifier: Apache-2.0
#include "engine/text/clip_text.h"

#include "engine/text/unicode.h"

#include <algorithm>
#include <array>

namespace tintype::text {
namespace {

constexpr std::array<std::u32string_view, 2> kMarkers{U"<|startoftext|>", U"<|endoftext|>"};
constexpr std::array<std::u32string_view, 7> kContractions{U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};

bool isSymbol(char32_t character)
{
    return !isSpace(character) && !isLetter(character) && !isNumber(character);
}

/// What Python's str.strip() takes away, which decode() ends with.
bool isStripped(char32_t character)
{
    constexpr char32_t kFirstSeparator = 0x1C;
    constexpr char32_t kLastSeparator = 0x1F;
    return isSpace(character) || (character >= kFirstSeparator && character <= kLastSeparator);
}

std::size_t countWhile(std::u32string_view text, bool (*matches)(char32_t))
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), matches) - text.begin());
}

/// Length of the first contraction in the list that `text` starts with, else 0.
std::size_t contractionSize(std::u32string_view text)
{
    for (const std::u32string_view contraction : kContractions) {
        if (text.starts_with(contraction))
            return contraction.size();
    }
    return 0;
}

} // namespace

std::string ClipText::normalize(std::string_view text) const
{
    std::u32string lower;
    bool isAfterSpace = false;
    for (const char32_t character : composeNfc(decodeUtf8(text))) {
        const bool space = isSpace(character);
        if (!space)
            appendLower(lower, character);
        else if (!isAfterSpace)
            lower.push_back(U' ');
        isAfterSpace = space;
    }
    return encodeUtf8(lower);
}

// Two patterns in turn. CLIP's: <|startoftext|>|<|endoftext|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
// Then the byte-level one, which only takes the two markers further apart.
std::vector<std::string> splitClipWords(std::string_view normalized)
{
    const std::u32string characters = decodeUtf8(normalized);
    std::u32string_view rest = characters;
    std::vector<std::string> words;
    const auto take = [&](std::size_t size) {
        words.push_back(encodeUtf8(rest.substr(0, size)));
        rest.remove_prefix(size);
    };
    while (!rest.empty()) {
        const auto* marker = std::find_if(
            kMarkers.begin(), kMarkers.end(), [rest](std::u32string_view text) { return rest.starts_with(text); });
        if (marker != kMarkers.end()) {
            constexpr std::size_t kBracketSize = 2; // "<|" and "|>"
            const std::size_t nameSize = marker->size() - 2 * kBracketSize;
            take(kBracketSize);
            take(nameSize);
            take(kBracketSize);
        } else if (const std::size_t size = contractionSize(rest); size > 0) {
            take(size);
        } else if (isLetter(rest.front())) {
            take(countWhile(rest, isLetter));
        } else if (isNumber(rest.front())) {
            take(1);
        } else if (isSpace(rest.front())) {
            rest.remove_prefix(1);
        } else {
            take(countWhile(rest, isSymbol));
        }
    }
    return words;
}

Result<> ClipText::encode(std::string_view normalized, std::vector<std::int64_t>& ids) const
{
    for (const std::string& word : splitClipWords(normalized))
        TINTYPE_TRY(m_model->encode(word, ids));
    return {};
}

std::string ClipText::decode(const std::vector<std::string_view>& tokens) const
{
    constexpr std::string_view kEndOfWord = "</w>";
    const std::string text = sanitizeUtf8(BpeModel::decode(tokens));
    std::u32string spaced;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find(kEndOfWord);
        spaced += decodeUtf8(rest.substr(0, end));
        if (end == std::string_view::npos)
            break;
        spaced.push_back(U' ');
        rest.remove_prefix(end + kEndOfWord.size());
    }
    const auto first = std::find_if_not(spaced.begin(), spaced.end(), isStripped);
    const auto last = std::find_if_not(spaced.rbegin(), std::u32string::reverse_iterator(first), isStripped).base();
    return encodeUtf8(std::u32string(first, last));
}

} // namespace tintype::text
