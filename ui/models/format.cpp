// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace tintype::ui {
namespace {

QString translated(const char* text, int count = -1)
{
    return QCoreApplication::translate("format", text, nullptr, count);
}

/// Three digits: "8.71", "42.5", "312".
QString threeDigits(double value)
{
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return QLocale().toString(value, 'f', decimals);
}

QDateTime dateTimeOf(TimePoint time, bool utc)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), utc ? Qt::UTC : Qt::LocalTime);
}

} // namespace

QString formatBytes(std::uint64_t bytes)
{
    static constexpr std::array units{"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000)
        return QLocale().toString(static_cast<qulonglong>(bytes)) + QStringLiteral(" B");
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < units.size(); ++unit)
        value /= 1000;
    return threeDigits(value) + QLatin1Char(' ') + QLatin1String(units[unit]);
}

QString formatDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return QStringLiteral("–");
    if (seconds == 0)
        return QStringLiteral("0 ms");
    if (seconds < 0.9995)
        return threeDigits(seconds * 1000) + QStringLiteral(" ms");
    if (seconds < 59.95)
        return threeDigits(seconds) + QStringLiteral(" s");
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 3600)
        return QStringLiteral("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
    if (whole < 48 * 3600)
        return QStringLiteral("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1 d %2 h").arg(whole / 86400).arg(whole / 3600 % 24);
}

QString formatCount(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString formatTime(TimePoint time, bool utc)
{
    const QDateTime when = dateTimeOf(time, utc);
    const QDateTime now = utc ? QDateTime::currentDateTimeUtc() : QDateTime::currentDateTime();
    return when.date() == now.date() ? when.toString(QStringLiteral("HH:mm:ss.zzz"))
                                     : QLocale().toString(when, QStringLiteral("d MMM HH:mm:ss"));
}

QString formatDateTime(TimePoint time, bool utc)
{
    return dateTimeOf(time, utc).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

QString formatAge(TimePoint time, TimePoint now)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - time).count();
    if (seconds < 2)
        return translated("just now");
    if (seconds < 60)
        return translated("%1 s ago").arg(seconds);
    if (seconds < 3600)
        return translated("%1 min ago").arg(seconds / 60);
    if (seconds < 48 * 3600)
        return translated("%1 h ago").arg(seconds / 3600);
    return translated("%1 days ago").arg(seconds / 86400);
}

QString replicaStateText(const QString& stateName)
{
    if (stateName == QLatin1String("CRASH_BACKOFF"))
        return translated("Crash back-off");
    QString text = stateName.toLower().replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

} // namespace tintype::ui
