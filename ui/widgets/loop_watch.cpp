// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/loop_watch.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEvent>
#include <algorithm>

namespace tintype::ui {

LoopWatch::LoopWatch(QObject* parent)
    : QObject(parent)
{
    // Unix dispatcher, with something to wait for: aboutToBlock · sleep, timers, sockets · awake · posted events · aboutToBlock.
    // GLib: aboutToBlock · sleep, everything · awake. Without waiting both say awake before each round.
    const auto* const dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [this] { onBoundary(false); });
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { onBoundary(true); });
}

void LoopWatch::start()
{
    m_turns.clear();
    m_longest = {};
    m_longestStory.clear();
    m_isInTurn = false;
    m_wasAwake = false;
    m_clock.start();
    m_isRunning = true;
    QCoreApplication::instance()->installEventFilter(this);
}

void LoopWatch::stop()
{
    if (!m_isRunning)
        return;
    endTurn();
    m_isRunning = false;
    QCoreApplication::instance()->removeEventFilter(this);
}

void LoopWatch::onBoundary(bool isAwake)
{
    if (!isAwake || m_wasAwake)
        endTurn();
    m_wasAwake = isAwake;
}

bool LoopWatch::eventFilter(QObject* receiver, QEvent* event)
{
    const qint64 now = m_clock.nsecsElapsed();
    if (m_isInTurn)
        endEvent(now);
    else
        m_turnBegin = now;
    m_isInTurn = true;
    m_eventBegin = now;
    m_receiver = receiver->metaObject()->className();
    m_type = event->type();
    return false;
}

void LoopWatch::endEvent(qint64 now)
{
    if (now - m_eventBegin <= m_longestEvent)
        return;
    m_longestEvent = now - m_eventBegin;
    m_longestReceiver = m_receiver;
    m_longestType = m_type;
}

void LoopWatch::endTurn()
{
    if (!m_isRunning || !m_isInTurn)
        return;
    const qint64 now = m_clock.nsecsElapsed();
    endEvent(now);
    m_isInTurn = false;
    const std::chrono::microseconds turn((now - m_turnBegin) / 1000);
    if (turn >= kIdleTurn)
        m_turns.push_back(static_cast<std::uint32_t>(turn.count()));
    if (turn > m_longest) {
        m_longest = turn;
        m_longestStory = QStringLiteral("%1, event %2: %3 ms").arg(QLatin1String(m_longestReceiver)).arg(m_longestType)
                             .arg(static_cast<double>(m_longestEvent) / 1e6, 0, 'f', 1);
    }
    m_longestEvent = 0;
}

std::chrono::microseconds LoopWatch::median() const
{
    if (m_turns.empty())
        return {};
    std::vector<std::uint32_t> turns = m_turns;
    const auto middle = turns.begin() + static_cast<std::ptrdiff_t>(turns.size() / 2);
    std::nth_element(turns.begin(), middle, turns.end());
    return std::chrono::microseconds(*middle);
}

} // namespace tintype::ui
