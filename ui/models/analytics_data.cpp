// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/analytics_data.h"

#include "deploy/control/json_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tintype::ui {
namespace {

using control::fieldOf;
using control::Json;

constexpr std::size_t kMostColumns = 10000;
constexpr std::size_t kMostBounds = 100;
constexpr std::size_t kMostStates = 20;

tl::unexpected<Error> unreadable(const char* what)
{
    return fail(ErrorCode::Protocol, std::string("the host's analytics cannot be read: ") + what,
        "The host may run another version of Tintype.");
}

double amount(const Json& value)
{
    const double number = value.is_number() ? value.get<double>() : 0;
    return std::isfinite(number) && number > 0 ? number : 0;
}

std::int64_t count(const Json& value) { return static_cast<std::int64_t>(std::min(amount(value), 9e15)); }

Percentiles percentilesFrom(const Json& object)
{
    const auto at = [&object](const char* name) { return amount(fieldOf(object, name)); };
    return {at("p50"), at("p75"), at("p90"), at("p95"), at("p99")};
}

void readMeasured(const Json& object, Measured& measured)
{
    const auto at = [&object](const char* name) { return count(fieldOf(object, name)); };
    measured.counts = {at("success"), at("user_error"), at("error"), at("cancelled")};
    measured.latency = percentilesFrom(fieldOf(object, "latency"));
    measured.startup = percentilesFrom(fieldOf(object, "startup"));
    measured.execution = percentilesFrom(fieldOf(object, "execution"));
}

Result<HeatCounts> heatFrom(const Json& lists, std::size_t columns, std::size_t rows)
{
    if (!lists.is_array() || lists.size() != columns)
        return unreadable("the heat map does not fit the series");
    HeatCounts counts;
    for (const Json& list : lists) {
        if (!list.is_array() || list.size() != rows)
            return unreadable("the heat map does not fit its bounds");
        std::vector<std::int64_t>& column = counts.emplace_back();
        std::ranges::transform(list, std::back_inserter(column), count);
    }
    return counts;
}

Result<> readHeat(const Json& map, AnalyticsData& data)
{
    if (map.is_null())
        return {};
    for (const Json& bound : fieldOf(map, "bounds"))
        data.heat.bounds.push_back(amount(bound));
    if (data.heat.bounds.size() > kMostBounds || !std::ranges::is_sorted(data.heat.bounds, std::less_equal()))
        return unreadable("the heat map's bounds do not rise");
    const std::size_t rows = data.heat.bounds.size() + 1;
    TINTYPE_TRY_ASSIGN(data.heat.all, heatFrom(fieldOf(map, "counts"), data.series.size(), rows));
    if (map.contains("cold") && map.contains("warm")) {
        TINTYPE_TRY_ASSIGN(data.heat.cold, heatFrom(map["cold"], data.series.size(), rows));
        TINTYPE_TRY_ASSIGN(data.heat.warm, heatFrom(map["warm"], data.series.size(), rows));
    }
    return {};
}

Result<> readQueue(const Json& queue, AnalyticsData& data)
{
    if (!queue.is_object())
        return {};
    const Json& most = fieldOf(queue, "max");
    const Json& mean = fieldOf(queue, "mean");
    if (!most.is_array() || !mean.is_array() || most.size() != data.series.size() || mean.size() != data.series.size())
        return unreadable("the queue does not fit the series");
    data.queue.emplace();
    std::ranges::transform(most, std::back_inserter(data.queue->most), count);
    std::ranges::transform(mean, std::back_inserter(data.queue->mean), amount);
    return {};
}

Result<> readReplicas(const Json& replicas, AnalyticsData& data)
{
    if (!replicas.is_object())
        return {};
    const Json& states = fieldOf(replicas, "states");
    const Json& counts = fieldOf(replicas, "counts");
    if (!states.is_array() || states.size() > kMostStates || !counts.is_array() || counts.size() != data.series.size())
        return unreadable("the replicas do not fit the series");
    ReplicaSeries series;
    for (const Json& state : states)
        series.states.push_back(state.is_string() ? state.get<std::string>() : "");
    for (const Json& column : counts) {
        auto& means = series.means.emplace_back();
        if (!column.is_array())
            continue;
        if (column.size() != states.size())
            return unreadable("the replicas do not fit their states");
        means.emplace();
        std::ranges::transform(column, std::back_inserter(*means), amount);
    }
    data.replicas = std::move(series);
    return {};
}

std::optional<std::vector<DeployMark>> marksFrom(const Json& list)
{
    if (!list.is_array())
        return {};
    std::vector<DeployMark> marks;
    for (const Json& mark : list) {
        marks.push_back({control::timeOf(mark, "time"), control::textOf(mark, "app"), control::textOf(mark, "revision"),
            static_cast<int>(std::min<std::int64_t>(count(fieldOf(mark, "number")), 1 << 30)), control::textOf(mark, "message")});
    }
    return marks;
}

std::vector<FailureGroup> failuresFrom(const Json& list)
{
    std::vector<FailureGroup> groups;
    for (const Json& group : list) {
        groups.push_back({static_cast<int>(std::min<std::int64_t>(count(fieldOf(group, "status")), 999)), control::textOf(group, "error_type"),
            control::textOf(group, "error"), count(fieldOf(group, "count")), control::timeOf(group, "last_at")});
    }
    return groups;
}

std::vector<control::RequestInfo> requestsFrom(const Json& list)
{
    std::vector<control::RequestInfo> requests;
    for (const Json& request : list)
        requests.push_back(control::requestFrom(request));
    return requests;
}

void readLists(const Json& json, AnalyticsData& data)
{
    for (const Json& entry : fieldOf(json, "endpoints")) {
        EndpointAnalytics& endpoint = data.endpoints.emplace_back();
        readMeasured(entry, endpoint);
        endpoint.app = control::textOf(entry, "app");
        endpoint.endpoint = control::textOf(entry, "endpoint");
    }
    if (const Json& statuses = fieldOf(json, "statuses"); statuses.is_object()) {
        for (const auto& [name, value] : statuses.items()) {
            int status = 0;
            if (std::from_chars(name.data(), name.data() + name.size(), status).ec == std::errc())
                data.statuses[status] = count(value);
        }
    }
    data.deployments = marksFrom(fieldOf(json, "deployments"));
    data.failures = failuresFrom(fieldOf(json, "errors"));
    data.slowest = requestsFrom(fieldOf(json, "slowest"));
    data.failed = requestsFrom(fieldOf(json, "failed"));
}

Result<> readSeries(const Json& series, AnalyticsData& data)
{
    if (!series.is_array() || series.size() > kMostColumns)
        return unreadable("there is no series");
    for (const Json& entry : series) {
        AnalyticsColumn& column = data.series.emplace_back();
        readMeasured(entry, column);
        column.start = control::timeOf(entry, "time");
        if (data.series.size() > 1 && column.start <= data.series[data.series.size() - 2].start)
            return unreadable("the columns of the series are not in the order of time");
    }
    return {};
}

} // namespace

std::optional<double> OutcomeCounts::successRate() const
{
    const std::int64_t judged = success + error;
    return judged == 0 ? std::optional<double>() : static_cast<double>(success) / static_cast<double>(judged);
}

Result<AnalyticsData> readAnalytics(const std::string& text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return unreadable("it is no JSON object");
    AnalyticsData data;
    data.span = {control::timeOf(json, "since"), control::timeOf(json, "until")};
    data.bucket = std::chrono::seconds(std::min<std::int64_t>(count(fieldOf(json, "bucket")), 366 * 86400));
    if (data.span.since >= data.span.until || data.bucket.count() == 0)
        return unreadable("it has no span");
    readMeasured(json, data.all);
    TINTYPE_TRY(readSeries(fieldOf(json, "series"), data));
    TINTYPE_TRY(readHeat(fieldOf(json, "heat_map"), data));
    TINTYPE_TRY(readQueue(fieldOf(json, "queue"), data));
    TINTYPE_TRY(readReplicas(fieldOf(json, "replicas"), data));
    readLists(json, data);
    return data;
}

} // namespace tintype::ui
