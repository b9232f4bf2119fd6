// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/store_answer.h"
#include "deploy/store/request_store.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::api {
namespace {

using domain::Outcome;

struct RecordQuery {
    store::RecordFilter filter;
    store::RecordOrder order = store::RecordOrder::LatestFirst;
    Paging paging;
};

/// What a key of scope api may see: its own.
std::string keyFilter(const Call& call)
{
    return call.caller.isAdmin ? call.query("key") : call.caller.keyId;
}

bool maySee(const runtime::Caller& caller, const domain::Request& request)
{
    return caller.isAdmin || (!caller.keyId.empty() && request.keyId == caller.keyId);
}

Result<std::optional<Outcome>> outcomeOf(const Call& call)
{
    constexpr std::array all{Outcome::Success, Outcome::UserError, Outcome::Error, Outcome::Cancelled};
    std::vector<std::string> names;
    for (const Outcome outcome : all)
        names.emplace_back(domain::outcomeName(outcome));
    TINTYPE_TRY_ASSIGN(const std::string name, choiceOf(call.request, "outcome", names));
    const auto found = std::ranges::find(all, name, &domain::outcomeName);
    return found == all.end() ? std::optional<Outcome>() : *found;
}

Result<RecordQuery> readQuery(const Call& call)
{
    RecordQuery query;
    query.filter.app = call.query("app");
    query.filter.endpoint = call.query("endpoint");
    query.filter.key = keyFilter(call);
    query.filter.replica = call.query("replica");
    query.filter.revision = call.query("revision");
    query.filter.text = call.query("text");
    TINTYPE_TRY_ASSIGN(query.filter.outcome, outcomeOf(call));
    TINTYPE_TRY_ASSIGN(const auto status, integerOf(call.request, "status", 1, 599));
    if (status)
        query.filter.status = static_cast<int>(*status);
    TINTYPE_TRY_ASSIGN(query.filter.aboveTotal, secondsOf(call.request, "min_total"));
    TINTYPE_TRY_ASSIGN(query.filter.upToTotal, secondsOf(call.request, "max_total"));
    TINTYPE_TRY_ASSIGN(const bool cold, booleanOf(call.request, "cold"));
    if (!call.query("cold").empty())
        query.filter.cold = cold;
    TINTYPE_TRY_ASSIGN(query.filter.since, timeOf(call.request, "since"));
    TINTYPE_TRY_ASSIGN(query.filter.until, timeOf(call.request, "until"));
    TINTYPE_TRY_ASSIGN(const std::string sort, choiceOf(call.request, "sort", {"newest", "slowest"}));
    query.order = sort == "slowest" ? store::RecordOrder::SlowestFirst : store::RecordOrder::LatestFirst;
    TINTYPE_TRY_ASSIGN(query.paging, pagingOf(call.request));
    return query;
}

bool fits(const domain::Request& request, const store::RecordFilter& filter)
{
    const auto fitsText = [](const std::string& wanted, const std::string& value) { return wanted.empty() || wanted == value; };
    return fitsText(filter.app, request.app) && fitsText(filter.endpoint, request.endpoint)
        && fitsText(filter.key, request.keyId);
}

Result<http::Response> listLive(const Context& context, const RecordQuery& query, std::string_view state)
{
    std::vector<const runtime::LiveRequest*> found;
    for (const runtime::AppInfo& app : context.host.apps().list()) {
        const runtime::AppRuntime* runtime = context.host.apps().runtime(app.name);
        if (!runtime)
            continue;
        for (const auto& [id, live] : runtime->requests()) {
            if (domain::requestStateName(live.state) == state && fits(live.request, query.filter))
                found.push_back(&live);
        }
    }
    std::ranges::sort(found, {}, [](const auto* live) { return std::pair(live->request.submittedAt, live->request.id); });
    Json items = Json::array();
    for (const runtime::LiveRequest* live : found) {
        if (const auto view = context.host.requests().view(live->request.id))
            items.push_back(requestJson(*view, Payload::Without));
    }
    TINTYPE_TRY_ASSIGN(const Json page, pageOf(items, query.paging.limit, query.paging.cursor));
    return jsonAnswer(page);
}

Result<Json> listRecords(store::Database& database, const RecordQuery& query)
{
    TINTYPE_TRY_ASSIGN(const auto page,
        store::findRecords(database, query.filter, query.order, query.paging.limit, query.paging.cursor));
    Json items = Json::array();
    for (const domain::Record& record : page.records)
        items.push_back(recordJson(record, Payload::Without));
    return pageJson(std::move(items), page.nextCursor);
}

void listRequests(const Context& context, const CallPointer& call)
{
    const auto query = readQuery(*call);
    if (!query)
        return call->reply(tl::unexpected(query.error()));
    const auto state = choiceOf(call->request, "state", {"queued", "running", "done"});
    if (!state)
        return call->reply(tl::unexpected(state.error()));
    if (*state == "queued" || *state == "running")
        return call->reply(listLive(context, *query, *state));
    answerFromStore(context, call, [wanted = *query](store::Database& database) { return listRecords(database, wanted); });
}

Result<runtime::RequestView> findRequest(const Context& context, const Call& call)
{
    const std::string& id = call.parameter("request");
    auto view = context.host.requests().view(id);
    if (!view || !maySee(call.caller, view->record ? view->record->request : view->live->request))
        return fail(ErrorCode::NotFound, fmt::format("request {}: not found on this host", id));
    return *std::move(view);
}

Result<http::Response> showRequest(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto view, findRequest(context, call));
    return jsonAnswer(requestJson(view, Payload::With));
}

Result<http::Response> cancelRequest(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto view, findRequest(context, call));
    const std::string& id = call.parameter("request");
    if (view.state == domain::RequestState::Done || !context.host.requests().cancel(id))
        return fail(ErrorCode::Conflict, fmt::format("request {}: it is done already", id));
    return jsonAnswer({{"status", view.state == domain::RequestState::Queued ? "cancelled" : "requested"}});
}

} // namespace

ApiRoutes requestRoutes(Context& context)
{
    return {
        {.method = "GET",
            .pattern = "/v1/requests",
            .summary = "Records of requests, or those that wait or run now",
            .scope = Scope::KeyHolders,
            .query = {{"state", "string", "queued or running: live ones; done: records, as without it"}, {"app", "string"},
                {"endpoint", "string"}, {"outcome", "string", "success, user_error, error or cancelled"},
                {"status", "integer", "422, or a class: 4"}, {"since", "time", "ended then or later"},
                {"until", "time", "ended before"}, {"text", "string", "in id, error or input"}, {"key", "string"},
                {"replica", "string"}, {"revision", "string"},
                {"min_total", "number", "above so many seconds from submitted to finished"},
                {"max_total", "number", "up to so many"}, {"cold", "boolean", "waited for a replica to start"},
                {"sort", "string", "newest or slowest first"}},
            .answer = "page of Request",
            .handle = [&context](const CallPointer& call) { listRequests(context, call); }},
        {.method = "GET",
            .pattern = "/v1/requests/{request}",
            .summary = "One request with its input, and its output when it is done",
            .scope = Scope::KeyHolders,
            .answer = "Request",
            .handle = answer([&context](const Call& call) { return showRequest(context, call); })},
        {.method = "POST",
            .pattern = "/v1/requests/{request}/cancel",
            .summary = "A waiting one ends now, a running one within a step",
            .scope = Scope::KeyHolders,
            .body = "Empty",
            .answer = "Cancellation",
            .handle = answer([&context](const Call& call) { return cancelRequest(context, call); })},
    };
}

} // namespace tintype::api
