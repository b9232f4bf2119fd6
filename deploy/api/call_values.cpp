// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"

#include <QDateTime>
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tintype::api {
namespace {

constexpr std::size_t kShownValueLength = 60;
constexpr int kMaxPage = 1000;
constexpr double kLongestSeconds = 1e9;
constexpr std::int64_t kLastTime = 253'402'300'799'999; ///< the end of the year 9999

tl::unexpected<Error> refuse(std::string_view name, std::string_view value, std::string_view allowed)
{
    QString shown = QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
    if (shown.size() > static_cast<qsizetype>(kShownValueLength))
        shown = shown.left(kShownValueLength) + QChar(u'…');
    return fail(ErrorCode::InvalidArgument, fmt::format("{} = \"{}\" is not {}", name, shown.toStdString(), allowed));
}

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }
bool isLower(char byte) { return byte >= 'a' && byte <= 'z'; }
bool isLowerHex(char byte) { return isDigit(byte) || (byte >= 'a' && byte <= 'f'); }
bool isLetter(char byte) { return isLower(byte) || (byte >= 'A' && byte <= 'Z'); }
bool isKebab(char byte) { return isLower(byte) || isDigit(byte) || byte == '-'; }
bool isWord(char byte) { return isLetter(byte) || isDigit(byte) || byte == '_'; }
bool isIdByte(char byte) { return isWord(byte) || byte == '-' || byte == '.'; }

/// What a path parameter may look like: its bytes, its length.
struct PathRule {
    std::string_view name;
    bool (*isByte)(char);
    std::size_t shortest;
    std::size_t longest;
    std::string_view allowed;
};

constexpr std::array kPathRules{
    PathRule{"app", isKebab, 1, 64, "the name of an app (1 to 64 of a-z, 0-9 and -)"},
    PathRule{"revision", isLowerHex, 1, 40, "a revision (its number, or 7 to 40 hex digits)"},
    PathRule{"sha256", isLowerHex, 64, 64, "a SHA-256 (64 hex digits in lower case)"},
    PathRule{"replica", isIdByte, 1, 128, "the id of a replica"},
    PathRule{"request", isIdByte, 1, 128, "the id of a request"},
    PathRule{"model", isIdByte, 1, 256, "the id of a model"},
    PathRule{"key", isIdByte, 1, 128, "the id of a key"},
    PathRule{"name", isWord, 1, 128, "the name of a secret (1 to 128 of A-Z, a-z, 0-9 and _)"},
};

Result<> checkPathParameter(const std::string& name, const std::string& value)
{
    const auto* rule = std::find_if(kPathRules.begin(), kPathRules.end(), [&](const auto& each) { return each.name == name; });
    if (rule == kPathRules.end())
        return {};
    if (value.size() < rule->shortest || value.size() > rule->longest || !std::all_of(value.begin(), value.end(), rule->isByte))
        return refuse(name, value, rule->allowed);
    return {};
}

std::string queryValue(const http::Request& request, const std::string& name)
{
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<std::chrono::seconds> age(std::string_view text)
{
    if (text.size() < 2)
        return std::nullopt;
    const auto number = wholeNumber(text.substr(0, text.size() - 1));
    constexpr std::int64_t longest = 36'500;
    if (!number || *number < 0 || *number > longest * 86'400)
        return std::nullopt;
    switch (text.back()) {
    case 's': return std::chrono::seconds(*number);
    case 'm': return std::chrono::minutes(*number);
    case 'h': return std::chrono::hours(std::min(*number, longest * 24));
    case 'd': return std::chrono::days(std::min(*number, longest));
    default: return std::nullopt;
    }
}

std::optional<TimePoint> isoTimeValue(const std::string& text)
{
    QDateTime time = QDateTime::fromString(QString::fromStdString(text), Qt::ISODateWithMs);
    if (!time.isValid())
        return std::nullopt;
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC);
    return fromMilliseconds(time.toMSecsSinceEpoch());
}

} // namespace

Result<> checkCall(const ApiRoute& route, const http::Request& request)
{
    for (const auto& [name, value] : request.parameters)
        TINTYPE_TRY(checkPathParameter(name, value));
    std::vector<std::string> known;
    for (const Field& field : queryParameters(route))
        known.push_back(field.name);
    for (const auto& [name, value] : request.query) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            return refuse("query parameter", name,
                known.empty() ? std::string("known here: there are none") : fmt::format("one of {}", fmt::join(known, ", ")));
    }
    return {};
}

Result<TimePoint> parseTime(const std::string& name, const std::string& text, TimePoint now)
{
    if (const auto milliseconds = wholeNumber(text); milliseconds && *milliseconds >= 0 && *milliseconds <= kLastTime)
        return fromMilliseconds(*milliseconds);
    if (const auto before = age(text))
        return now - *before;
    if (const auto time = isoTimeValue(text))
        return *time;
    return refuse(name, text, "a time: ISO 8601 (2026-08-01T12:00:00Z), Unix milliseconds, or an age (90s, 15m, 24h, 7d)");
}

Result<std::optional<TimePoint>> timeOf(const http::Request& request, const std::string& name)
{
    const std::string text = queryValue(request, name);
    if (text.empty())
        return std::optional<TimePoint>();
    return parseTime(name, text, wallClockNow());
}

Result<std::optional<std::int64_t>> integerOf(
    const http::Request& request, const std::string& name, std::int64_t low, std::int64_t high)
{
    const std::string text = queryValue(request, name);
    if (text.empty())
        return std::optional<std::int64_t>();
    const auto number = wholeNumber(text);
    if (!number || *number < low || *number > high)
        return refuse(name, text, fmt::format("a whole number within {} to {}", low, high));
    return number;
}

Result<std::optional<double>> secondsOf(const http::Request& request, const std::string& name)
{
    const std::string text = queryValue(request, name);
    if (text.empty())
        return std::nullopt;
    double seconds = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (problem != std::errc() || end != text.data() + text.size() || !(seconds >= 0 && seconds <= kLongestSeconds))
        return refuse(name, text, fmt::format("a number of seconds from 0 to {}", kLongestSeconds));
    return seconds;
}

Result<bool> booleanOf(const http::Request& request, const std::string& name)
{
    const std::string text = queryValue(request, name);
    if (text == "1" || text == "true")
        return true;
    if (text.empty() || text == "0" || text == "false")
        return false;
    return refuse(name, text, "true or false");
}

Result<std::string> choiceOf(const http::Request& request, const std::string& name, const std::vector<std::string>& choices)
{
    const std::string text = queryValue(request, name);
    if (!text.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
        return refuse(name, text, fmt::format("one of {}", fmt::join(choices, ", ")));
    return text;
}

Result<std::vector<std::string>> choicesOf(
    const http::Request& request, const std::string& name, const std::vector<std::string>& choices)
{
    const std::string text = queryValue(request, name);
    if (text.empty())
        return choices;
    std::vector<std::string> chosen;
    for (const QString& item : QString::fromStdString(text).split(u',')) {
        chosen.push_back(item.trimmed().toStdString());
        if (std::find(choices.begin(), choices.end(), chosen.back()) == choices.end())
            return refuse(name, chosen.back(), fmt::format("one of {}", fmt::join(choices, ", ")));
    }
    return chosen;
}

Result<Paging> pagingOf(const http::Request& request)
{
    Paging paging;
    TINTYPE_TRY_ASSIGN(const auto limit, integerOf(request, "limit", 1, kMaxPage));
    paging.limit = static_cast<int>(limit.value_or(paging.limit));
    paging.cursor = queryValue(request, "cursor");
    return paging;
}

std::string isoTime(TimePoint time)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

} // namespace tintype::api
