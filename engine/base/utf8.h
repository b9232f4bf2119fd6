// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace tintype {

/// Bytes of the character at the front: 1 to 4; 0 if there is none that is well-formed as in table 3-7 of the Unicode
/// standard (no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t utf8Length(std::string_view text);

bool isUtf8(std::string_view text);

} // namespace tintype
