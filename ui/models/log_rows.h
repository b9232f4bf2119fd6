// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_model.h"

#include <deque>
#include <optional>

namespace tintype::ui {

/// Which lines a filtered view shows, while they are found: at both ends of what is known so far.
class LogRows {
public:
    /// @param context nothing = every line; else only matches, with that many lines on either side
    explicit LogRows(std::optional<int> context = {})
        : m_context(context)
    {
    }

    void append(LineId line, bool isMatch);  ///< the next one upwards that passes the filter
    void prepend(LineId line, bool isMatch); ///< … downwards
    void dropBefore(LineId first);

    std::int64_t count() const { return static_cast<std::int64_t>(shown().size()); }
    LineId at(std::int64_t row) const { return shown()[static_cast<std::size_t>(row)]; }
    std::int64_t rowOf(LineId line) const; ///< its row, or that of the next one shown; count() if there is none

private:
    const std::deque<LineId>& shown() const { return m_context ? m_shown : m_passing; }
    LineId passingAt(std::int64_t number) const { return m_passing[static_cast<std::size_t>(number - m_firstNumber)]; }

    std::optional<int> m_context;
    std::deque<LineId> m_passing; ///< numbered: an older one that is found later has a lower number
    std::deque<LineId> m_shown;   ///< with a context: those of m_passing that are near a match
    std::int64_t m_firstNumber = 0;
    std::int64_t m_endNumber = 0;
    std::optional<std::int64_t> m_firstMatch, m_lastMatch; ///< numbers
    std::int64_t m_firstShown = 0, m_lastShown = 0;        ///< numbers, once there is a match
};

} // namespace tintype::ui
