// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_model.h"

#include "ui/models/log_text.h"

#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kLinesPerBlock = 4096;
constexpr std::size_t kBytesPerBlock = 512 * 1024;
constexpr std::size_t kRoomForNames = 1024;

LogEntry entryOf(const control::LogLine& line, std::string_view text)
{
    return {.time = toMilliseconds(line.time), .level = logLevelFromName(line.level), .app = line.app, .replica = line.replica,
        .request = line.request, .text = text};
}

} // namespace

LogModel::LogModel(const Limits& limits, QObject* parent)
    : QObject(parent)
    , m_limits(limits)
{
}

void LogModel::append(std::span<const control::LogLine> lines)
{
    if (lines.empty())
        return;
    for (const control::LogLine& line : lines)
        add(line);
    dropOldest();
    Q_EMIT changed();
}

void LogModel::add(const control::LogLine& line)
{
    const std::string text = safeLogText(line.text);
    const LogEntry entry = entryOf(line, text);
    if (m_isOpen) {
        LogBlock& open = *m_pieces.back().block;
        const std::size_t before = open.byteCount();
        if (open.append(entry)) {
            m_bytes += open.byteCount() - before;
            ++m_end;
            return;
        }
        open.seal();
    }
    const auto block = std::make_shared<LogBlock>(kLinesPerBlock, std::max(kBytesPerBlock, text.size() + kRoomForNames));
    block->append(entry);
    m_pieces.push_back({block, m_end});
    m_bytes += block->byteCount();
    m_isOpen = true;
    ++m_end;
}

void LogModel::prepend(std::span<const control::LogLine> lines)
{
    const std::int64_t room = std::max<std::int64_t>(0, m_limits.lines - count());
    if (m_bytes >= m_limits.bytes || room == 0 || lines.empty())
        return;
    const auto taken = lines.last(std::min(lines.size(), static_cast<std::size_t>(room)));
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    for (const control::LogLine& line : taken) {
        texts.push_back(safeLogText(line.text));
        bytes += texts.back().size() + line.app.size() + line.replica.size() + line.request.size() + 3;
    }
    // Names are cut at 255 bytes and stand once: the block has room for all.
    const auto block = std::make_shared<LogBlock>(static_cast<int>(taken.size()), bytes);
    for (std::size_t i = 0; i < taken.size(); ++i)
        block->append(entryOf(taken[i], texts[i]));
    block->seal();
    m_first -= static_cast<LineId>(taken.size());
    m_pieces.push_front({block, m_first});
    m_bytes += block->byteCount();
    if (m_pieces.size() == 1)
        m_isOpen = false;
    Q_EMIT changed();
}

void LogModel::clear()
{
    m_pieces.clear();
    m_isOpen = false;
    m_first = m_end;
    m_bytes = 0;
    m_dropped = 0;
    Q_EMIT changed();
}

void LogModel::dropOldest()
{
    LineId first = std::max(m_first, m_end - m_limits.lines);
    while (m_bytes > m_limits.bytes && m_pieces.size() > 1) {
        m_bytes -= m_pieces.front().block->byteCount();
        m_pieces.pop_front();
        first = std::max(first, m_pieces.front().first);
    }
    while (m_pieces.size() > 1 && m_pieces[1].first <= first) {
        m_bytes -= m_pieces.front().block->byteCount();
        m_pieces.pop_front();
    }
    m_dropped += first - m_first;
    m_first = first;
}

const LogModel::Piece& LogModel::pieceOf(LineId line) const
{
    const auto behind = std::ranges::upper_bound(m_pieces, line, {}, &Piece::first);
    return *std::prev(behind);
}

LogEntry LogModel::at(LineId line) const
{
    const Piece& piece = pieceOf(line);
    return piece.block->at(static_cast<int>(line - piece.first));
}

std::vector<LogRun> LogModel::runs(LineId from, LineId to) const
{
    from = std::max(from, m_first);
    to = std::min(to, m_end);
    std::vector<LogRun> runs;
    while (from < to) {
        const Piece& piece = pieceOf(from);
        const int index = static_cast<int>(from - piece.first);
        const int count = static_cast<int>(std::min<LineId>(to - from, piece.block->count() - index));
        runs.push_back({.block = piece.block, .index = index, .count = count, .first = from});
        from += count;
    }
    return runs;
}

} // namespace tintype::ui
