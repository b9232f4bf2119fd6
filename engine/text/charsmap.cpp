// SPDX-License-Identifier: Apache-2.0
#include "engine/text/charsmap.h"

#include "engine/text/unicode.h"

#include <fmt/format.h>

namespace tintype::text {
namespace {

constexpr std::size_t kUnitSize = 4;
constexpr std::size_t kLongestWholeGrapheme = 5; ///< bytes; longer ones are looked up character by character

std::uint32_t readLittleEndian(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < kUnitSize; ++index)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[index])) << (8U * index);
    return value;
}

// The bit fields of a unit of Darts-clone.
bool hasLeaf(std::uint32_t unit)
{
    return ((unit >> 8U) & 1U) == 1U;
}

std::uint32_t valueOf(std::uint32_t unit)
{
    return unit & 0x7FFFFFFFU;
}

std::uint32_t labelOf(std::uint32_t unit)
{
    return unit & 0x800000FFU;
}

std::size_t offsetOf(std::uint32_t unit)
{
    return static_cast<std::size_t>(unit >> 10U) << ((unit & (1U << 9U)) >> 6U);
}

int base64Value(char character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A';
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 26;
    if (character >= '0' && character <= '9')
        return character - '0' + 52;
    if (character == '+')
        return 62;
    return character == '/' ? 63 : -1;
}

} // namespace

Result<Charsmap> Charsmap::create(std::string_view blob, const std::string& source)
{
    const auto corrupt = [&source](std::string_view why) {
        return fail(ErrorCode::Corrupt, fmt::format("{}: precompiled_charsmap {}", source, why));
    };
    if (blob.size() < kUnitSize)
        return corrupt("is too short for its header");
    const std::size_t trieSize = readLittleEndian(blob);
    blob.remove_prefix(kUnitSize);
    if (trieSize > blob.size())
        return corrupt(fmt::format("says {} bytes of trie and has {}", trieSize, blob.size()));
    if (trieSize < kUnitSize)
        return corrupt("has an empty trie");

    Charsmap charsmap;
    charsmap.m_trie.reserve(trieSize / kUnitSize);
    for (std::size_t index = 0; index < trieSize / kUnitSize; ++index)
        charsmap.m_trie.push_back(readLittleEndian(blob.substr(index * kUnitSize)));
    charsmap.m_replacements = blob.substr(trieSize / kUnitSize * kUnitSize);
    if (!isValidUtf8(charsmap.m_replacements))
        return corrupt("has replacements that are not UTF-8");
    return charsmap;
}

std::optional<std::string_view> Charsmap::replacementOf(std::string_view text) const
{
    std::size_t node = offsetOf(m_trie.front());
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        node ^= byte;
        if (byte == 0 || node >= m_trie.size() || labelOf(m_trie[node]) != byte)
            return std::nullopt;
        const std::uint32_t unit = m_trie[node];
        node ^= offsetOf(unit);
        if (!hasLeaf(unit))
            continue;
        if (node >= m_trie.size() || valueOf(m_trie[node]) > m_replacements.size())
            return std::nullopt;
        const auto rest = std::string_view(m_replacements).substr(valueOf(m_trie[node]));
        return rest.substr(0, rest.find('\0'));
    }
    return std::nullopt;
}

std::string Charsmap::normalize(std::string_view text) const
{
    const std::u32string characters = decodeUtf8(text);
    std::string out;
    out.reserve(text.size());
    std::string grapheme;
    for (std::size_t start = 0; start < characters.size();) {
        const std::size_t end = endOfGrapheme(characters, start);
        grapheme.clear();
        for (std::size_t index = start; index < end; ++index)
            appendUtf8(grapheme, characters[index]);
        const auto whole = grapheme.size() <= kLongestWholeGrapheme ? replacementOf(grapheme) : std::nullopt;
        if (whole) {
            out += *whole;
            start = end;
            continue;
        }
        for (; start < end; ++start) {
            grapheme.clear();
            appendUtf8(grapheme, characters[start]);
            out += replacementOf(grapheme).value_or(grapheme);
        }
    }
    return sanitizeUtf8(out);
}

std::optional<std::string> decodeBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const bool isPadding = index >= text.size() - padding;
        const int value = isPadding ? 0 : base64Value(text[index]);
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        if (index % 4 == 3) {
            for (const unsigned shift : {16U, 8U, 0U})
                bytes += static_cast<char>((bits >> shift) & 0xFFU);
        }
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

} // namespace tintype::text
