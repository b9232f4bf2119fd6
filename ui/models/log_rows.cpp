// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_rows.h"

#include <algorithm>

namespace tintype::ui {

void LogRows::append(LineId line, bool isMatch)
{
    const std::int64_t number = m_endNumber++;
    m_passing.push_back(line);
    if (!m_context)
        return;
    if (isMatch) {
        const std::int64_t from = std::max(m_firstNumber, number - *m_context);
        if (!m_firstMatch) {
            m_firstMatch = number;
            m_firstShown = from;
            m_lastShown = from - 1;
        }
        for (std::int64_t next = std::max(from, m_lastShown + 1); next <= number; ++next)
            m_shown.push_back(passingAt(next));
        m_lastShown = number;
        m_lastMatch = number;
    } else if (m_lastMatch && number - *m_lastMatch <= *m_context) {
        m_shown.push_back(line);
        m_lastShown = number;
    }
}

void LogRows::prepend(LineId line, bool isMatch)
{
    const std::int64_t number = --m_firstNumber;
    m_passing.push_front(line);
    if (!m_context)
        return;
    if (isMatch) {
        const std::int64_t to = std::min(m_endNumber - 1, number + *m_context);
        if (!m_lastMatch) {
            m_lastMatch = number;
            m_lastShown = to;
            m_firstShown = to + 1;
        }
        for (std::int64_t next = std::min(to, m_firstShown - 1); next >= number; --next)
            m_shown.push_front(passingAt(next));
        m_firstShown = number;
        m_firstMatch = number;
    } else if (m_firstMatch && *m_firstMatch - number <= *m_context) {
        m_shown.push_front(line);
        m_firstShown = number;
    }
}

void LogRows::dropBefore(LineId first)
{
    while (!m_passing.empty() && m_passing.front() < first) {
        m_passing.pop_front();
        ++m_firstNumber;
    }
    while (!m_shown.empty() && m_shown.front() < first)
        m_shown.pop_front();
    m_firstShown = std::max(m_firstShown, m_firstNumber);
}

std::int64_t LogRows::rowOf(LineId line) const
{
    return std::ranges::lower_bound(shown(), line) - shown().begin();
}

} // namespace tintype::ui
