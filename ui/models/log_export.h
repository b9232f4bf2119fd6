// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "ui/models/log_search.h"

#include <QString>
#include <functional>

// Log lines as text. Safe on any thread: an extract does not change.

namespace tintype::ui {

/// "2026-11-23T02:14:36.120Z warning shapes-flux r-1 request-7: text"; "-" stands for what a line has not.
std::string logLineText(const LogEntry& line);

/// Each line of it, oldest first, until `take` returns false.
void forEachLine(const LogExtract& lines, const std::function<bool(const LogEntry&)>& take);

/// Texts only, one a line: of the first from UTF-16 unit `from` on, of the last up to `to` (-1 = all of it).
/// Stops at `most` bytes.
QString plainText(const LogExtract& lines, int from, int to, std::size_t most);

/// logLineText() of each. Stops at `most` bytes.
QString fullText(const LogExtract& lines, std::size_t most);

/// Writes logLineText() of each; the file is there when it is complete, or stays what it was. @error Io
Result<> saveLines(const LogExtract& lines, const QString& path);

} // namespace tintype::ui
