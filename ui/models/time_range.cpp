// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/time_range.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QStringList>
#include <algorithm>

namespace tintype::ui {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostSteps = 50;
constexpr std::chrono::milliseconds kNarrowest = 1min;

QString translated(const char* text, int count = -1)
{
    return QCoreApplication::translate("time range", text, nullptr, count);
}

QDateTime dateTimeOf(TimePoint time, bool utc)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), utc ? Qt::UTC : Qt::LocalTime);
}

/// As short as it is clear: no date if it is today's, no seconds if they are zero.
QString pointText(TimePoint time, bool utc, bool withDate)
{
    const QDateTime when = dateTimeOf(time, utc);
    const QString clock = when.toString(when.time().second() == 0 ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss"));
    return withDate ? QLocale().toString(when.date(), QStringLiteral("d MMM ")) + clock : clock;
}

bool isToday(TimePoint time, bool utc)
{
    return dateTimeOf(time, utc).date() == dateTimeOf(wallClockNow(), utc).date();
}

QString lengthText(std::chrono::seconds length)
{
    const auto whole = [](auto count) { return static_cast<int>(count.count()); };
    if (length % std::chrono::days(1) == 0s && length > 24h)
        return translated("%1 days").arg(whole(std::chrono::duration_cast<std::chrono::days>(length)));
    if (length == 1h)
        return translated("hour");
    return length % 1h == 0s ? translated("%1 hours").arg(whole(std::chrono::duration_cast<std::chrono::hours>(length)))
                             : translated("%1 minutes").arg(whole(std::chrono::duration_cast<std::chrono::minutes>(length)));
}

} // namespace

TimeSpan TimeRange::at(TimePoint now) const
{
    return isLive() ? TimeSpan{now - last, now} : fixed;
}

const std::vector<std::chrono::seconds>& usualRanges()
{
    static const std::vector<std::chrono::seconds> ranges{15min, 1h, 3h, 6h, 12h, 24h, std::chrono::days(3), std::chrono::days(7),
        std::chrono::days(14), std::chrono::days(30)};
    return ranges;
}

QString rangeText(const TimeRange& range, bool utc)
{
    if (range.isAny())
        return translated("Any time");
    if (range.isLive())
        return translated("Last %1").arg(lengthText(range.last));
    const bool isOneDay = dateTimeOf(range.fixed.since, utc).date() == dateTimeOf(range.fixed.until, utc).date();
    return pointText(range.fixed.since, utc, !isOneDay || !isToday(range.fixed.since, utc)) + QStringLiteral(" – ")
        + pointText(range.fixed.until, utc, !isOneDay);
}

QString betweenText(const TimeSpan& span, bool utc)
{
    const bool withDate = !isToday(span.since, utc) || !isToday(span.until, utc);
    return translated("between %1 and %2").arg(pointText(span.since, utc, withDate), pointText(span.until, utc, withDate));
}

QString rangeKey(const TimeRange& range)
{
    if (range.isLive())
        return QString::number(range.last.count()) + QLatin1Char('s');
    return range.isAny() ? QString()
                         : QString::number(toMilliseconds(range.fixed.since)) + QLatin1Char('-')
            + QString::number(toMilliseconds(range.fixed.until));
}

TimeRange rangeFromKey(const QString& key)
{
    bool isNumber = false;
    if (key.endsWith(QLatin1Char('s'))) {
        const qint64 seconds = key.chopped(1).toLongLong(&isNumber);
        return isNumber && seconds > 0 ? TimeRange::latest(std::chrono::seconds(std::min<qint64>(seconds, 366 * 86400))) : TimeRange();
    }
    const QStringList ends = key.split(QLatin1Char('-'));
    if (ends.size() != 2)
        return {};
    const qint64 since = ends[0].toLongLong(&isNumber);
    const qint64 until = isNumber ? ends[1].toLongLong(&isNumber) : 0;
    return isNumber && since < until ? TimeRange::between({fromMilliseconds(since), fromMilliseconds(until)}) : TimeRange();
}

const char* bucketFor(const TimeSpan& span)
{
    return span.length() <= 6h ? "minute" : span.length() <= std::chrono::days(14) ? "hour" : "day";
}

RangeChoice::RangeChoice(const TimeRange& range, QObject* parent)
    : QObject(parent)
    , m_range(range)
{
}

void RangeChoice::setRange(const TimeRange& range)
{
    if (range == m_range)
        return;
    m_before.push_back(std::exchange(m_range, range));
    if (m_before.size() > kMostSteps)
        m_before.erase(m_before.begin());
    Q_EMIT rangeChanged();
}

void RangeChoice::zoomTo(const TimeSpan& span)
{
    TimeSpan wanted = span.since <= span.until ? span : TimeSpan{span.until, span.since};
    if (wanted.length() < kNarrowest) {
        wanted.since = std::chrono::floor<std::chrono::minutes>(wanted.since + wanted.length() / 2);
        wanted.until = wanted.since + kNarrowest;
    }
    setRange(TimeRange::between(wanted));
}

void RangeChoice::goBack()
{
    if (m_before.empty())
        return;
    m_range = m_before.back();
    m_before.pop_back();
    Q_EMIT rangeChanged();
}

void RangeChoice::setUtc(bool utc)
{
    if (utc == m_utc)
        return;
    m_utc = utc;
    Q_EMIT utcChanged();
}

} // namespace tintype::ui
