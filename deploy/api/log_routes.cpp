// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/store_answer.h"
#include "deploy/store/log_store.h"

namespace tintype::api {
namespace {

struct LogQuery {
    store::LogFilter filter;
    store::LogOrder order = store::LogOrder::OldestFirst;
    std::int64_t after = 0;
    int limit = 100;
};

Result<LogQuery> readQuery(const Call& call)
{
    LogQuery query;
    store::LogFilter& filter = query.filter;
    filter.app = call.query("app");
    filter.revision = call.query("revision");
    filter.replica = call.query("replica");
    filter.request = call.query("request");
    filter.search = call.query("search");
    TINTYPE_TRY_ASSIGN(const std::string level, choiceOf(call.request, "level", {"debug", "info", "warning", "error"}));
    filter.atLeast = store::logLevelFromName(level).value_or(store::LogLevel::Debug);
    TINTYPE_TRY_ASSIGN(filter.since, timeOf(call.request, "since"));
    TINTYPE_TRY_ASSIGN(filter.until, timeOf(call.request, "until"));
    TINTYPE_TRY_ASSIGN(const std::string order, choiceOf(call.request, "order", {"asc", "desc"}));
    query.order = order == "desc" ? store::LogOrder::LatestFirst : store::LogOrder::OldestFirst;
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    TINTYPE_TRY_ASSIGN(const auto after, integerOf(call.request, "cursor", 1, INT64_MAX));
    query.after = after.value_or(0);
    query.limit = paging.limit;
    return query;
}

Json lineJson(const store::StoredLogLine& line)
{
    return logJson({line.time, std::string(store::logLevelName(line.level)), line.app, line.revision, line.replica,
        line.request, line.source, line.text});
}

void listLogs(const Context& context, const CallPointer& call)
{
    const auto query = readQuery(*call);
    if (!query)
        return call->reply(tl::unexpected(query.error()));
    answerFromStore(context, call, [wanted = *query](store::Database& database) -> Result<Json> {
        TINTYPE_TRY_ASSIGN(auto lines,
            store::findLogLines(database, wanted.filter, wanted.order, wanted.after, wanted.limit + 1));
        const bool hasMore = std::ssize(lines) > wanted.limit;
        if (hasMore)
            lines.pop_back();
        Json items = Json::array();
        for (const store::StoredLogLine& line : lines)
            items.push_back(lineJson(line));
        return pageJson(std::move(items), hasMore ? std::to_string(lines.back().id) : "");
    });
}

} // namespace

ApiRoutes logRoutes(Context& context)
{
    return {
        {.method = "GET",
            .pattern = "/v1/logs",
            .summary = "Log lines of apps, replicas and requests",
            .query = {{"app", "string"}, {"revision", "string"}, {"replica", "string"}, {"request", "string"},
                {"level", "string", "debug, info, warning or error: this one and worse"}, {"search", "string", "in the text"},
                {"since", "time"}, {"until", "time"}, {"order", "string", "asc (the oldest first) or desc"}},
            .answer = "page of Log",
            .handle = [&context](const CallPointer& call) { listLogs(context, call); }},
    };
}

} // namespace tintype::api
