// SPDX-License-Identifier: Apache-2.0
#include "engine/text/unicode.h"

#include "engine/text/unicode_ranges.h"

#include <algorithm>
#include <array>
#include <utf8proc.h>
#include <vector>

namespace tintype::text {
namespace {

constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kLastSurrogate = 0xDFFF;
constexpr char32_t kLastCodePoint = 0x10FFFF;
constexpr char32_t kFirstCombining = 0x300; ///< below it every text is its own canonical composition

utf8proc_int32_t toC(char32_t character)
{
    return static_cast<utf8proc_int32_t>(character);
}

/// The well-formed second byte of a sequence that starts with `lead` (Unicode 15, table 3-7).
struct Sequence {
    std::size_t size = 0; ///< 0: `lead` cannot start one
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
};

Sequence sequenceOf(unsigned char lead)
{
    if (lead < 0x80)
        return {1};
    if (lead >= 0xC2 && lead <= 0xDF)
        return {2};
    if (lead == 0xE0)
        return {3, 0xA0, 0xBF};
    if (lead == 0xED)
        return {3, 0x80, 0x9F};
    if (lead >= 0xE1 && lead <= 0xEF)
        return {3};
    if (lead == 0xF0)
        return {4, 0x90, 0xBF};
    if (lead >= 0xF1 && lead <= 0xF3)
        return {4};
    if (lead == 0xF4)
        return {4, 0x80, 0x8F};
    return {};
}

struct Decoded {
    char32_t character = kReplacementCharacter;
    std::size_t size = 1;
    bool valid = false;
};

Decoded decodeOne(std::string_view text)
{
    constexpr std::array<unsigned char, 5> kLeadBits{0, 0x7F, 0x1F, 0x0F, 0x07};
    const auto lead = static_cast<unsigned char>(text.front());
    const Sequence sequence = sequenceOf(lead);
    if (sequence.size == 0)
        return {};
    char32_t character = lead & kLeadBits[sequence.size];
    for (std::size_t index = 1; index < sequence.size; ++index) {
        const unsigned char low = index == 1 ? sequence.low : 0x80;
        const unsigned char high = index == 1 ? sequence.high : 0xBF;
        const auto byte = index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
        if (byte < low || byte > high)
            return {kReplacementCharacter, index, false};
        character = (character << 6U) | (byte & 0x3FU);
    }
    return {character, sequence.size, true};
}

utf8proc_category_t categoryOf(char32_t character)
{
    return character > kLastCodePoint ? UTF8PROC_CATEGORY_CN : utf8proc_category(toC(character));
}

/// 0 for base characters.
int combiningClass(char32_t character)
{
    if (character < kFirstCombining || isIn(kMarksAfterUnicode9, character))
        return 0;
    return utf8proc_get_property(toC(character))->combining_class;
}

void appendDecomposed(std::u32string& out, char32_t character)
{
    if (character < 0x80 || character == kComposedAfterUnicode9) {
        out.push_back(character);
        return;
    }
    constexpr utf8proc_ssize_t kLongestDecomposition = 8; // canonical ones have at most 4
    std::array<utf8proc_int32_t, kLongestDecomposition> buffer{};
    int boundClass = 0;
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        toC(character), buffer.data(), kLongestDecomposition, UTF8PROC_DECOMPOSE, &boundClass);
    if (count <= 0 || count > kLongestDecomposition) {
        out.push_back(character);
        return;
    }
    for (utf8proc_ssize_t index = 0; index < count; ++index)
        out.push_back(static_cast<char32_t>(buffer[static_cast<std::size_t>(index)]));
}

void sortMarks(std::u32string& text)
{
    for (auto run = text.begin(); run != text.end();) {
        if (combiningClass(*run) == 0) {
            ++run;
            continue;
        }
        const auto end = std::find_if(run, text.end(), [](char32_t c) { return combiningClass(c) == 0; });
        std::stable_sort(
            run, end, [](char32_t left, char32_t right) { return combiningClass(left) < combiningClass(right); });
        run = end;
    }
}

/// Composes text in canonical order between two characters that never compose.
void appendComposed(std::u32string& out, std::u32string_view text)
{
    std::vector<utf8proc_int32_t> buffer(text.size() + 1); // utf8proc asks for one more
    std::transform(text.begin(), text.end(), buffer.begin(), toC);
    const utf8proc_ssize_t size = utf8proc_normalize_utf32(buffer.data(), static_cast<utf8proc_ssize_t>(text.size()),
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    for (utf8proc_ssize_t index = 0; index < size; ++index)
        out.push_back(static_cast<char32_t>(buffer[static_cast<std::size_t>(index)]));
}

} // namespace

std::u32string decodeUtf8(std::string_view utf8)
{
    std::u32string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        const Decoded decoded = decodeOne(utf8);
        out.push_back(decoded.character);
        utf8.remove_prefix(decoded.size);
    }
    return out;
}

bool isValidUtf8(std::string_view utf8)
{
    while (!utf8.empty()) {
        const Decoded decoded = decodeOne(utf8);
        if (!decoded.valid)
            return false;
        utf8.remove_prefix(decoded.size);
    }
    return true;
}

std::string sanitizeUtf8(std::string_view utf8)
{
    return isValidUtf8(utf8) ? std::string(utf8) : encodeUtf8(decodeUtf8(utf8));
}

void appendUtf8(std::string& out, char32_t character)
{
    if (character > kLastCodePoint || (character >= kFirstSurrogate && character <= kLastSurrogate))
        character = kReplacementCharacter;
    std::array<utf8proc_uint8_t, 4> bytes{};
    const utf8proc_ssize_t size = utf8proc_encode_char(toC(character), bytes.data());
    out.append(bytes.begin(), bytes.begin() + size);
}

std::string encodeUtf8(std::u32string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char32_t character : text)
        appendUtf8(out, character);
    return out;
}

bool isLetter(char32_t character)
{
    if (character < 0x80)
        return (character >= U'a' && character <= U'z') || (character >= U'A' && character <= U'Z');
    const utf8proc_category_t category = categoryOf(character);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
        || isIn(kLettersAfterUnicode15, character);
}

bool isNumber(char32_t character)
{
    if (character < 0x80)
        return character >= U'0' && character <= U'9';
    const utf8proc_category_t category = categoryOf(character);
    return (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
        || isIn(kNumbersAfterUnicode15, character);
}

bool isSpace(char32_t character)
{
    if (character < 0x80)
        return character == U' ' || (character >= U'\t' && character <= U'\r');
    return character == 0x85 || character == 0xA0 || character == 0x1680 || (character >= 0x2000 && character <= 0x200A)
        || character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F
        || character == 0x3000;
}

bool isWord(char32_t character)
{
    if (isLetter(character) || isIn(kOtherWord, character))
        return true;
    switch (categoryOf(character)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return false;
    }
}

void appendLower(std::u32string& out, char32_t character)
{
    if (character < 0x80) {
        out.push_back(character >= U'A' && character <= U'Z' ? character + (U'a' - U'A') : character);
        return;
    }
    if (character == 0x130) { // the only character whose lower case is two: i and a dot above
        out += U"i\u0307";
        return;
    }
    for (const LowerRange& range : kLowerAfterUnicode15) {
        if (character >= range.first && character <= range.last && (character - range.first) % range.step == 0) {
            out.push_back(static_cast<char32_t>(static_cast<std::int64_t>(character) + range.offset));
            return;
        }
    }
    out.push_back(static_cast<char32_t>(utf8proc_tolower(toC(character))));
}

std::u32string composeNfc(std::u32string_view text)
{
    if (std::all_of(text.begin(), text.end(), [](char32_t character) { return character < kFirstCombining; }))
        return std::u32string(text);

    std::u32string decomposed;
    decomposed.reserve(text.size() + text.size() / 2);
    for (const char32_t character : text)
        appendDecomposed(decomposed, character);
    sortMarks(decomposed);

    const auto isBarrier = [](char32_t character) { return isIn(kMarksAfterUnicode9, character); };
    std::u32string composed;
    composed.reserve(decomposed.size());
    std::u32string_view rest = decomposed;
    while (!rest.empty()) {
        const auto barrier = std::find_if(rest.begin(), rest.end(), isBarrier);
        const auto size = static_cast<std::size_t>(barrier - rest.begin());
        appendComposed(composed, rest.substr(0, size));
        if (size < rest.size())
            composed.push_back(rest[size]);
        rest.remove_prefix(std::min(size + 1, rest.size()));
    }
    return composed;
}

std::size_t endOfGrapheme(std::u32string_view text, std::size_t start)
{
    utf8proc_int32_t state = 0;
    std::size_t end = start + 1;
    while (end < text.size() && !utf8proc_grapheme_break_stateful(toC(text[end - 1]), toC(text[end]), &state))
        ++end;
    return end;
}

} // namespace tintype::text
