// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <string_view>

namespace tintype::ui {

inline constexpr std::size_t kLongestLogLine = 16 * 1024; ///< bytes; what is longer is cut, with a note

/// Any bytes as UTF-8 that is safe on one line: terminal codes are gone, tabs are spaces, other control characters and those that turn
/// the direction of text are shown as signs, bytes that are not UTF-8 as U+FFFD.
std::string safeLogText(std::string_view raw);

/// Whether every character is a printable one of ASCII, so that it takes one cell of a monospaced font.
bool isPlainAscii(std::string_view text);

} // namespace tintype::ui
