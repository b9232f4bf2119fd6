// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"

#include <string>
#include <vector>

// Log lines for tests.

namespace tintype::test {

inline control::LogLine logLine(const std::string& text, const std::string& level = "info", const std::string& app = "shapes")
{
    return {.time = fromMilliseconds(1'700'000'000'000), .level = level, .app = app, .revision = {}, .replica = "r-1", .request = {},
        .source = "worker", .text = text};
}

/// "line FIRST", "line FIRST+1", …, a millisecond apart.
inline std::vector<control::LogLine> logLines(int first, int count)
{
    std::vector<control::LogLine> lines;
    for (int i = first; i < first + count; ++i) {
        lines.push_back(logLine("line " + std::to_string(i)));
        lines.back().time += std::chrono::milliseconds(i);
    }
    return lines;
}

} // namespace tintype::test
