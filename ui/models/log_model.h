// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"
#include "ui/models/log_block.h"

#include <QObject>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace tintype::ui {

/// The number of a line: its own for as long as it is kept, one more than that of the line before it. Older lines that are added in
/// front have numbers below those there are.
using LineId = std::int64_t;

/// Lines that lie in one block.
struct LogRun {
    std::shared_ptr<const LogBlock> block;
    int index = 0; ///< of the first line in the block
    int count = 0;
    LineId first = 0;
};

/// Log lines in the order in which they came, up to a limit; then the oldest go. GUI thread, but for what runs() gives.
class LogModel : public QObject {
    Q_OBJECT

public:
    struct Limits {
        std::int64_t lines = 1'000'000;
        std::size_t bytes = 256'000'000; ///< of text
    };

    explicit LogModel(const Limits& limits, QObject* parent = nullptr);

    void append(std::span<const control::LogLine> lines);

    /// Older lines, oldest first, in front. Those that would pass the limit are left out, the oldest of them.
    void prepend(std::span<const control::LogLine> lines);
    void clear();

    LineId first() const { return m_first; } ///< the oldest line that is kept
    LineId end() const { return m_end; }     ///< one behind the newest
    std::int64_t count() const { return m_end - m_first; }
    bool isFull() const { return count() >= m_limits.lines || m_bytes >= m_limits.bytes; }
    std::int64_t droppedCount() const { return m_dropped; } ///< for the limit, since the last clear()

    /// @param line first() … end() - 1   @return valid until the next change
    LogEntry at(LineId line) const;

    /// [from, to) for another thread, in order.
    std::vector<LogRun> runs(LineId from, LineId to) const;

Q_SIGNALS:
    void changed(); ///< first() or end()

private:
    struct Piece {
        std::shared_ptr<LogBlock> block;
        LineId first; ///< of the block's first line, which may be dropped already
    };

    void add(const control::LogLine& line);
    void dropOldest();
    const Piece& pieceOf(LineId line) const;

    const Limits m_limits;
    std::deque<Piece> m_pieces;
    LineId m_first = 0;
    LineId m_end = 0;
    std::size_t m_bytes = 0;
    std::int64_t m_dropped = 0;
    bool m_isOpen = false; ///< the last block takes lines
};

} // namespace tintype::ui
