// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/store_answer.h"
#include "deploy/store/analytics.h"

#include <algorithm>
#include <functional>

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
        .since = since.value_or(until.value_or(now) - kUsualSpan), .until = until.value_or(now), .bucket = {}, .live = {},
        .now = now};
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

/// One list for each column of the series.
Json heatJson(const std::vector<store::AnalyticsColumn>& series)
{
    Json counts = Json::array();
    Json cold = Json::array();
    Json warm = Json::array();
    for (const store::AnalyticsColumn& column : series) {
        std::vector<std::int64_t> sum = column.heat.cold;
        std::ranges::transform(sum, column.heat.warm, sum.begin(), std::plus());
        counts.push_back(sum);
        cold.push_back(column.heat.cold);
        warm.push_back(column.heat.warm);
    }
    return {{"bounds", store::kHeatBounds}, {"counts", counts}, {"cold", cold}, {"warm", warm}};
}

Json queueJson(const std::vector<store::AnalyticsColumn>& series)
{
    Json most = Json::array();
    Json mean = Json::array();
    for (const store::AnalyticsColumn& column : series) {
        most.push_back(column.mostQueued);
        mean.push_back(column.meanQueued);
    }
    return {{"max", most}, {"mean", mean}};
}

Json replicasJson(const std::vector<store::AnalyticsColumn>& series)
{
    Json counts = Json::array();
    for (const store::AnalyticsColumn& column : series) {
        const store::ReplicaMeans& means = column.replicas;
        counts.push_back({means.starting, means.idle, means.running, means.failing, means.draining});
    }
    return {{"states", {"starting", "idle", "running", "failing", "draining"}}, {"counts", counts}};
}

Json deploymentsJson(const std::vector<store::DeploymentMark>& marks)
{
    Json list = Json::array();
    for (const store::DeploymentMark& mark : marks)
        list.push_back({{"time", isoTime(mark.time)}, {"app", mark.app}, {"revision", mark.revision},
            {"number", mark.number}, {"message", mark.message}});
    return list;
}

Json analyticsJson(const store::AnalyticsQuery& query, const store::Analytics& analytics)
{
    Json statuses = Json::object();
    for (const auto& [status, count] : analytics.statuses)
        statuses[std::to_string(status)] = count;
    Json series = Json::array();
    for (const store::AnalyticsColumn& column : analytics.series) {
        series.push_back(measuredJson(column.counts, column.durations));
        series.back()["time"] = isoTime(column.start);
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
    json["heat_map"] = heatJson(analytics.series);
    json["queue"] = queueJson(analytics.series);
    json["replicas"] = replicasJson(analytics.series);
    json["deployments"] = deploymentsJson(analytics.deployments);
    json["endpoints"] = endpoints;
    json["errors"] = failuresJson(analytics.failures);
    json["slowest"] = recordsJson(analytics.slowest);
    json["failed"] = recordsJson(analytics.failed);
    return json;
}

std::vector<store::AnalyticsQuery::Live> liveRequests(const Context& context, const std::string& wanted)
{
    std::vector<store::AnalyticsQuery::Live> live;
    for (const runtime::AppInfo& app : context.host.apps().list()) {
        if (!wanted.empty() && app.name != wanted)
            continue;
        for (const auto& [id, request] : context.host.apps().runtime(app.name)->requests()) {
            live.push_back({request.request.endpoint, request.request.submittedAt, {}});
            if (request.state == domain::RequestState::Running)
                live.back().started = request.startedAt;
        }
    }
    return live;
}

void showAnalytics(const Context& context, const CallPointer& call)
{
    auto query = readQuery(*call);
    if (!query)
        return call->reply(tl::unexpected(query.error()));
    query->live = liveRequests(context, query->app);
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
            .summary = "Counts, percentiles, heat map, queue, replicas, slowest and failed requests of a span",
            .query = {{"app", "string"}, {"endpoint", "string"}, {"since", "time", "24 h before until, if absent"},
                {"until", "time", "now, if absent"}, {"bucket", "string", "minute, hour or day; by the span, if absent"}},
            .answer = "Analytics",
            .handle = [&context](const CallPointer& call) { showAnalytics(context, call); }},
    };
}

} // namespace tintype::api
