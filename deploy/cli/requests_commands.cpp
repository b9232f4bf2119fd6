// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr int kPageLimit = 200;
constexpr int kMaxLines = 100'000;

struct ListOptions : CommonOptions {
    control::RequestQuery query;
    std::string since;
    std::string until;
    int lines = 50;
};

void declareList(CLI::App& command, ListOptions& options)
{
    control::RequestQuery& query = options.query;
    command.add_option("--app", query.app, "Only of this app")->type_name("APP");
    command.add_option("--endpoint", query.endpoint, "Only of this path")->type_name("PATH");
    command.add_option("--state", query.state, "Live ones: queued or running [those that are done]")
        ->check(CLI::IsMember({"queued", "running"}));
    command.add_option("--outcome", query.outcome, "How they ended")
        ->check(CLI::IsMember({"success", "user_error", "error", "cancelled"}));
    command.add_option("--status", query.status, "HTTP status of the result");
    command.add_option("--search", query.text, "Only those whose input or error contains this")->type_name("TEXT");
    command.add_option("--replica,--runner", query.replica, "Only of this replica")->type_name("ID");
    command.add_option("--revision", query.revision, "Only of this revision")->type_name("ID");
    command.add_option("--key", query.key, "Only of this caller")->type_name("ID");
    command.add_option("--sort", query.sort, "Which first [newest]")->check(CLI::IsMember({"newest", "slowest"}));
    command.add_option("--since", options.since, "Only after this: 15m, 2h, 7d, or a time")->type_name("TIME");
    command.add_option("--until", options.until, "Only before this")->type_name("TIME");
    command.add_option("-n,--lines", options.lines, "So many")->check(CLI::Range(1, kMaxLines))->capture_default_str();
}

std::string secondsText(double seconds)
{
    return fmt::format("{:.2f} s", seconds);
}

std::string outcomeText(const control::RequestInfo& request)
{
    if (request.state == "queued")
        return fmt::format("queued, {} ahead", request.position);
    return request.outcome.empty() ? request.state : fmt::format("{} {}", request.status, request.outcome);
}

Table requestTable(const std::vector<control::RequestInfo>& requests)
{
    Table table({"Request ID", "App", "Endpoint", "Submitted", "Outcome", ">Queue", ">Setup", ">Run", "Why"});
    for (const control::RequestInfo& request : requests)
        table.add({request.id, request.app, request.endpoint, timeText(request.submittedAt), outcomeText(request),
            secondsText(request.queueSeconds), secondsText(request.setupSeconds), secondsText(request.totalSeconds),
            request.reason.empty() ? request.error : request.reason});
    return table;
}

Json timeOrNull(const std::optional<TimePoint>& time) { return time ? Json(isoText(*time)) : Json(); }

Json requestJson(const control::RequestInfo& request)
{
    return {{"request_id", request.id}, {"app", request.app}, {"endpoint", request.endpoint}, {"state", request.state},
        {"outcome", textOrNull(request.outcome)}, {"status", request.status}, {"via", request.via},
        {"runner_id", textOrNull(request.replica)}, {"revision", textOrNull(request.revision)},
        {"error", textOrNull(request.error)}, {"reason", textOrNull(request.reason)}, {"position", request.position},
        {"submitted_at", isoText(request.submittedAt)}, {"started_at", timeOrNull(request.startedAt)},
        {"finished_at", timeOrNull(request.finishedAt)}, {"queue_seconds", request.queueSeconds},
        {"setup_seconds", request.setupSeconds}, {"total_seconds", request.totalSeconds}};
}

Result<> list(Session& session, const ListOptions& options)
{
    const TimePoint now = wallClockNow();
    control::RequestQuery query = options.query;
    TINTYPE_TRY_ASSIGN(query.since, parseTime("--since", options.since, now));
    TINTYPE_TRY_ASSIGN(query.until, parseTime("--until", options.until, now));
    std::vector<control::RequestInfo> requests;
    do {
        query.page.limit = std::min(kPageLimit, options.lines - static_cast<int>(requests.size()));
        TINTYPE_TRY_ASSIGN(const auto page, session.await(session.control().requests(query)));
        requests.insert(requests.end(), page.items.begin(), page.items.end());
        query.page.cursor = page.next;
    } while (!query.page.cursor.empty() && static_cast<int>(requests.size()) < options.lines);
    if (!options.json)
        return print(requestTable(requests));
    Json array = Json::array();
    for (const control::RequestInfo& request : requests)
        array.push_back(requestJson(request));
    return printJson({{"requests", array}});
}

struct RequestOptions : CommonOptions {
    std::string id;
};

void declareRequest(CLI::App& command, RequestOptions& options)
{
    command.add_option("request", options.id, "Its id")->required()->type_name("ID");
}

/// The whole record is JSON anyway: a person reads it too.
Result<> show(Session& session, const RequestOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto detail, session.await(session.control().request(options.id)));
    return printJsonText(detail.json);
}

Result<> cancel(Session& session, const RequestOptions& options)
{
    TINTYPE_TRY(session.await(session.control().cancelRequest(options.id)));
    return options.json ? printJson({{"request_id", options.id}, {"status", "CANCELLATION_REQUESTED"}}) : Result<>();
}

} // namespace

void addRequestsCommands(CLI::App& parser, Action& action)
{
    CLI::App* const requests = addGroup(parser, "requests", "Calls and what became of them");
    addVerb(*requests, "list", "The newest first", action, declareList, list);
    addVerb(*requests, "show", "One with its input, output and timings", action, declareRequest, show);
    addVerb(*requests, "cancel", "Take one out of the queue, or stop it", action, declareRequest, cancel);
}

} // namespace tintype::cli
