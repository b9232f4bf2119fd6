// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tintype::text {

constexpr char32_t kReplacementCharacter = 0xFFFD;

/// Code points of `utf8`. Each maximal ill-formed part becomes one U+FFFD, as in Python's errors="replace".
std::u32string decodeUtf8(std::string_view utf8);

/// The same text with ill-formed parts replaced; never fails.
std::string sanitizeUtf8(std::string_view utf8);

bool isValidUtf8(std::string_view utf8);

void appendUtf8(std::string& out, char32_t character);
std::string encodeUtf8(std::u32string_view text);

// Character classes as the regular expressions of the reference see them (Unicode 16).
bool isLetter(char32_t character); ///< \p{L}
bool isNumber(char32_t character); ///< \p{N}
bool isSpace(char32_t character);  ///< \s, the White_Space property
bool isWord(char32_t character);   ///< \w

/// Full lower case of one character, without context (no final sigma).
void appendLower(std::u32string& out, char32_t character);

/// Canonical composition by the rules of Unicode 9, which the reference's library stopped at: a mark that is younger
/// counts as a base character there.
std::u32string composeNfc(std::u32string_view text);

/// Index one past the extended grapheme cluster that starts at `start`; `start` must be a cluster boundary.
std::size_t endOfGrapheme(std::u32string_view text, std::size_t start);

} // namespace tintype::text
