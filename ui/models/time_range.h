// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/time_point.h"

#include <QObject>
#include <QString>
#include <chrono>
#include <vector>

namespace tintype::ui {

struct TimeSpan {
    TimePoint since;
    TimePoint until; ///< not included

    std::chrono::milliseconds length() const { return until - since; }
    bool operator==(const TimeSpan&) const = default;
};

/// What a user chose: the last so many seconds, a fixed span, or all that there is.
struct TimeRange {
    std::chrono::seconds last{0}; ///< 0 = `fixed`
    TimeSpan fixed;               ///< empty too = any time

    static TimeRange latest(std::chrono::seconds length) { return {length, {}}; }
    static TimeRange between(const TimeSpan& span) { return {{}, span}; }

    bool isAny() const { return last.count() == 0 && fixed.length().count() == 0; }
    bool isLive() const { return last.count() > 0; } ///< moves on with the clock
    TimeSpan at(TimePoint now) const;                ///< not of any time

    bool operator==(const TimeRange&) const = default;
};

/// The usual ones, shortest first: 15 minutes to 30 days.
const std::vector<std::chrono::seconds>& usualRanges();

QString rangeText(const TimeRange& range, bool utc); ///< "Last 24 hours", "21 Nov 10:00 – 11:00", "Any time"
QString betweenText(const TimeSpan& span, bool utc); ///< "between 10:00 and 11:00", for a sentence

/// Round-trips through the settings. What is not one is an empty range: any time.
QString rangeKey(const TimeRange& range);
TimeRange rangeFromKey(const QString& key);

/// Width of a chart's columns that suits a span, as the API names it: "minute", "hour" or "day".
const char* bucketFor(const TimeSpan& span);

/// The range and clock that all charts of a page share, with a way back after each zoom.
class RangeChoice : public QObject {
    Q_OBJECT

public:
    explicit RangeChoice(const TimeRange& range, QObject* parent = nullptr);

    const TimeRange& range() const { return m_range; }
    void setRange(const TimeRange& range);

    /// A narrower span; no narrower than a minute.
    void zoomTo(const TimeSpan& span);
    bool canGoBack() const { return !m_before.empty(); }
    void goBack();

    bool isUtc() const { return m_utc; }
    void setUtc(bool utc);

Q_SIGNALS:
    void rangeChanged();
    void utcChanged();

private:
    TimeRange m_range;
    std::vector<TimeRange> m_before; ///< at most kMostSteps
    bool m_utc = false;
};

} // namespace tintype::ui
