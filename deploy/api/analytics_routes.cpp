// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/store_answer.h"
#include "deploy/store/analytics.h"

namespace tintype::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kUsualSpan = 24h;

/// A width that gives a chart of some dozens to some hundreds of columns.
std::chrono::seconds bucketFor(TimePoint since, TimePoint until)
{
    const auto span = until - since;
    return span <= 3h ? 1min : span <= std::chrono::days(7) ? 1h : std::chrono::seconds(24h);
}

Result<store::AnalyticsQuery> readQuery(const Call& call)
{
    const TimePoint now = wallClockNow();
    TINTYPE_TRY_ASSIGN(const auto since, timeOf(call.request, "since"));
    TINTYPE_TRY_ASSIGN(const auto until, timeOf(call.request, "until"));
    TINTYPE_TRY_ASSIGN(const std::string bucket, choiceOf(call.request, "bucket", {"minute", "hour", "day"}));
    store::AnalyticsQuery query{.app = call.query("app"), .endpoint = call.query("endpoint"),
        .since = since.value_or(until.value_or(now) - kUsualSpan), .until = until.value_or(now), .bucket = {}};
    query.bucket = bucket == "minute" ? 60s
        : bucket == "hour"            ? std::chrono::seconds(1h)
        : bucket == "day"             ? std::chrono::seconds(24h)
                                      : bucketFor(query.since, query.until);
    return query;
}

Json countsJson(const store::OutcomeCounts& counts)
{
    return {{"requests", counts.total()}, {"success", counts.success}, {"user_error", counts.userError},
        {"error", counts.error}, {"cancelled", counts.cancelled}};
}

Json percentilesJson(const store::Percentiles& values)
{
    return {{"p50", values.p50}, {"p75", values.p75}, {"p90", values.p90}, {"p95", values.p95}, {"p99", values.p99}};
}

Json measuredJson(const store::OutcomeCounts& counts, const store::Durations& durations)
{
    Json json = countsJson(counts);
    json["latency"] = percentilesJson(durations.latency);
    json["startup"] = percentilesJson(durations.startup);
    json["execution"] = percentilesJson(durations.execution);
    return json;
}

Json recordsJson(const std::vector<domain::Record>& records)
{
    Json list = Json::array();
    for (const domain::Record& record : records)
        list.push_back(recordJson(record, Payload::Without));
    return list;
}

Json failuresJson(const std::vector<store::FailureGroup>& groups)
{
    Json list = Json::array();
    for (const store::FailureGroup& group : groups)
        list.push_back({{"status", group.status}, {"error_type", group.errorType}, {"error", group.error},
            {"count", group.count}, {"last_at", isoTime(group.last)}});
    return list;
}

Json analyticsJson(const store::AnalyticsQuery& query, const store::Analytics& analytics)
{
    Json statuses = Json::object();
    for (const auto& [status, count] : analytics.statuses)
        statuses[std::to_string(status)] = count;
    Json series = Json::array();
    Json heat = Json::array();
    for (const store::AnalyticsColumn& column : analytics.series) {
        series.push_back(measuredJson(column.counts, column.durations));
        series.back()["time"] = isoTime(column.start);
        heat.push_back(column.heat);
    }
    Json endpoints = Json::array();
    for (const store::EndpointAnalytics& endpoint : analytics.endpoints) {
        endpoints.push_back(measuredJson(endpoint.counts, endpoint.durations));
        endpoints.back()["app"] = endpoint.app;
        endpoints.back()["endpoint"] = endpoint.endpoint;
    }
    Json json{{"since", isoTime(query.since)}, {"until", isoTime(query.until)}, {"bucket", query.bucket.count()}};
    json.update(measuredJson(analytics.counts, analytics.durations));
    json["statuses"] = statuses;
    json["series"] = series;
    json["heat_map"] = {{"bounds", store::kHeatBounds}, {"counts", heat}};
    json["endpoints"] = endpoints;
    json["errors"] = failuresJson(analytics.failures);
    json["slowest"] = recordsJson(analytics.slowest);
    json["failed"] = recordsJson(analytics.failed);
    return json;
}

void showAnalytics(const Context& context, const CallPointer& call)
{
    const auto query = readQuery(*call);
    if (!query)
        return call->reply(tl::unexpected(query.error()));
    answerFromStore(context, call, [wanted = *query](store::Database& database) -> Result<Json> {
        TINTYPE_TRY_ASSIGN(const auto analytics, store::analyse(database, wanted));
        return analyticsJson(wanted, analytics);
    });
}

} // namespace

ApiRoutes analyticsRoutes(Context& context)
{
    return {
        {.method = "GET",
            .pattern = "/v1/analytics",
            .summary = "Counts, percentiles, heat map, slowest and failed requests of a span",
            .query = {{"app", "string"}, {"endpoint", "string"}, {"since", "time", "24 h before until, if absent"},
                {"until", "time", "now, if absent"}, {"bucket", "string", "minute, hour or day; by the span, if absent"}},
            .answer = "Analytics",
            .handle = [&context](const CallPointer& call) { showAnalytics(context, call); }},
    };
}

} // namespace tintype::api
