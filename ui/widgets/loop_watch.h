// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <chrono>
#include <cstdint>
#include <vector>

namespace tintype::ui {

/// Measures the turns of the event loop of its thread, the GUI's: from the first event after the loop slept, or looked for events, until
/// it does so again. What an input has to wait for at most is the longest turn. Cheap enough for any test.
class LoopWatch : public QObject {
    Q_OBJECT

public:
    explicit LoopWatch(QObject* parent = nullptr);

    void start(); ///< forgets what was measured
    void stop();

    /// Turns that took at least `kIdleTurn`; the median is theirs.
    std::size_t turnCount() const { return m_turns.size(); }
    std::chrono::microseconds longest() const { return m_longest; }
    std::chrono::microseconds median() const;

    /// The longest event of the longest turn, for a person who looks for the cause: "LogFeed, event 1: 41.2 ms".
    const QString& longestStory() const { return m_longestStory; }

    static constexpr std::chrono::microseconds kIdleTurn{200}; ///< a shorter turn did nothing worth counting

protected:
    bool eventFilter(QObject* receiver, QEvent* event) override;

private:
    void onBoundary(bool isAwake);
    void endTurn();
    void endEvent(qint64 now);

    bool m_isRunning = false;
    bool m_wasAwake = false; ///< the last sign of the dispatcher was awake()
    bool m_isInTurn = false;
    QElapsedTimer m_clock;
    qint64 m_turnBegin = 0;  ///< nanoseconds, as the next two
    qint64 m_eventBegin = 0;
    qint64 m_longestEvent = 0;
    const char* m_receiver = ""; ///< class and type of the event that is being handled
    int m_type = 0;
    const char* m_longestReceiver = ""; ///< … of the longest event of this turn
    int m_longestType = 0;
    std::vector<std::uint32_t> m_turns; ///< microseconds
    std::chrono::microseconds m_longest{0};
    QString m_longestStory;
};

} // namespace tintype::ui
