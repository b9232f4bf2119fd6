// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/text_format.h"

#include <QDateTime>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tintype::cli {
namespace {

constexpr double kMegabyte = 1e6;
constexpr double kGigabyte = 1e9;
constexpr int kSecondsPerMinute = 60;
constexpr int kSecondsPerHour = 3600;
constexpr int kSecondsPerDay = 86'400;
constexpr std::int64_t kMaxAge = std::int64_t{3650} * kSecondsPerDay;
constexpr std::size_t kShortRevision = 8;
constexpr int kDefaultColumns = 80;

int secondsOfUnit(char unit)
{
    switch (unit) {
    case 's': return 1;
    case 'm': return kSecondsPerMinute;
    case 'h': return kSecondsPerHour;
    case 'd': return kSecondsPerDay;
    default: return 0;
    }
}

std::optional<std::chrono::seconds> parseAge(const std::string& text)
{
    const int unit = text.empty() ? 0 : secondsOfUnit(text.back());
    std::int64_t number = 0;
    const char* const end = text.data() + text.size() - (unit != 0 ? 1 : 0);
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (unit == 0 || error != std::errc() || rest != end || number < 0 || number > kMaxAge / unit)
        return {};
    return std::chrono::seconds(number * unit);
}

} // namespace

std::string bytesText(std::uint64_t bytes)
{
    const double number = static_cast<double>(bytes);
    if (number < kGigabyte)
        return fmt::format("{:.1f} MB", number / kMegabyte);
    return fmt::format("{:.2f} GB", number / kGigabyte);
}

std::string durationText(double seconds)
{
    if (!std::isfinite(seconds))
        return "?";
    const long whole = std::lround(std::clamp(seconds, 0.0, 1e9));
    if (whole < kSecondsPerHour)
        return fmt::format("{}:{:02}", whole / kSecondsPerMinute, whole % kSecondsPerMinute);
    return fmt::format("{}:{:02}:{:02}", whole / kSecondsPerHour, whole % kSecondsPerHour / kSecondsPerMinute,
        whole % kSecondsPerMinute);
}

std::string timeText(TimePoint time)
{
    if (time == TimePoint{})
        return {};
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time)).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")).toStdString();
}

std::string isoText(TimePoint time)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time)).toUTC().toString(Qt::ISODateWithMs).toStdString();
}

std::string shortRevision(const std::string& id)
{
    return id.substr(0, kShortRevision);
}

Result<std::optional<TimePoint>> parseTime(std::string_view flag, const std::string& text, TimePoint now)
{
    if (text.empty())
        return std::nullopt;
    if (const auto age = parseAge(text))
        return std::optional(now - *age);
    const QDateTime time = QDateTime::fromString(QString::fromStdString(text), Qt::ISODateWithMs);
    if (!time.isValid())
        return fail(ErrorCode::InvalidArgument,
            fmt::format("{}: {} is neither an age such as 15m, 2h or 7d nor a time such as 2026-08-01T12:00:00Z", flag, text));
    return std::optional(fromMilliseconds(time.toMSecsSinceEpoch()));
}

std::optional<int> terminalColumns(int descriptor)
{
    if (::isatty(descriptor) != 1)
        return {};
    winsize size{};
    return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kDefaultColumns;
}

} // namespace tintype::cli
