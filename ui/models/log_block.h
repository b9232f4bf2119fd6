// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tintype::ui {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

LogLevel logLevelFromName(std::string_view name); ///< "debug" | "info" | "warning" | "error"; anything else is Info
std::string_view logLevelName(LogLevel level);

/// A log line as it is read: the texts lie in its block.
struct LogEntry {
    std::int64_t time = 0; ///< milliseconds since 1970
    LogLevel level = LogLevel::Info;
    std::string_view app;
    std::string_view replica;
    std::string_view request;
    std::string_view text; ///< UTF-8, safe to show on one line
};

/// Some thousand log lines in two pieces of memory that never move. One thread appends; any thread may read the lines before a count()
/// that was taken on that thread.
class LogBlock {
public:
    LogBlock(int lineCapacity, std::size_t byteCapacity);

    /// @return false: full, nothing was added
    bool append(const LogEntry& line);
    void seal() { m_names.clear(); } ///< no line follows

    int count() const { return m_count; }
    std::size_t byteCount() const { return m_used; }
    LogEntry at(int index) const;
    LogLevel levelAt(int index) const { return m_lines[index].level; }

private:
    struct Line {
        std::int64_t time;
        std::uint32_t text; ///< where it begins in m_bytes
        std::uint32_t textLength;
        std::uint32_t app; ///< where its length stands, the name behind it
        std::uint32_t replica;
        std::uint32_t request;
        LogLevel level;
    };

    std::size_t roomForName(std::string_view name) const;
    std::uint32_t addName(std::string_view name);
    std::string_view nameAt(std::uint32_t place) const;

    const int m_lineCapacity;
    const std::size_t m_byteCapacity;
    const std::unique_ptr<Line[]> m_lines;
    const std::unique_ptr<char[]> m_bytes;
    int m_count = 0;
    std::size_t m_used = 0;
    std::unordered_map<std::string, std::uint32_t> m_names; ///< apps, replicas and requests of this block: each stands in it once
};

} // namespace tintype::ui
