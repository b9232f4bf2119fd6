// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_block.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tintype::ui {
namespace {

constexpr std::size_t kLongestName = 255; ///< its length is one byte
constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warning", "error"};

} // namespace

LogLevel logLevelFromName(std::string_view name)
{
    const auto found = std::ranges::find(kLevelNames, name);
    return found == kLevelNames.end() ? LogLevel::Info : static_cast<LogLevel>(found - kLevelNames.begin());
}

std::string_view logLevelName(LogLevel level)
{
    return kLevelNames[static_cast<std::size_t>(level)];
}

LogBlock::LogBlock(int lineCapacity, std::size_t byteCapacity)
    : m_lineCapacity(lineCapacity)
    , m_byteCapacity(byteCapacity)
    , m_lines(std::make_unique_for_overwrite<Line[]>(static_cast<std::size_t>(lineCapacity)))
    , m_bytes(std::make_unique_for_overwrite<char[]>(byteCapacity))
{
}

bool LogBlock::append(const LogEntry& line)
{
    const std::size_t room = line.text.size() + roomForName(line.app) + roomForName(line.replica) + roomForName(line.request);
    if (m_count == m_lineCapacity || m_used + room > m_byteCapacity)
        return false;
    Line& added = m_lines[static_cast<std::size_t>(m_count)];
    added.time = line.time;
    added.level = line.level;
    added.app = addName(line.app);
    added.replica = addName(line.replica);
    added.request = addName(line.request);
    added.text = static_cast<std::uint32_t>(m_used);
    added.textLength = static_cast<std::uint32_t>(line.text.size());
    std::ranges::copy(line.text, &m_bytes[m_used]);
    m_used += line.text.size();
    ++m_count;
    return true;
}

LogEntry LogBlock::at(int index) const
{
    const Line& line = m_lines[static_cast<std::size_t>(index)];
    return {.time = line.time, .level = line.level, .app = nameAt(line.app), .replica = nameAt(line.replica),
        .request = nameAt(line.request), .text = {&m_bytes[line.text], line.textLength}};
}

std::size_t LogBlock::roomForName(std::string_view name) const
{
    return 1 + std::min(name.size(), kLongestName);
}

std::uint32_t LogBlock::addName(std::string_view name)
{
    const std::string kept(name.substr(0, kLongestName));
    const auto [entry, isNew] = m_names.try_emplace(kept, static_cast<std::uint32_t>(m_used));
    if (isNew) {
        m_bytes[m_used] = static_cast<char>(static_cast<unsigned char>(kept.size()));
        std::ranges::copy(kept, &m_bytes[m_used + 1]);
        m_used += 1 + kept.size();
    }
    return entry->second;
}

std::string_view LogBlock::nameAt(std::uint32_t place) const
{
    return {&m_bytes[place] + 1, static_cast<unsigned char>(m_bytes[place])};
}

} // namespace tintype::ui
