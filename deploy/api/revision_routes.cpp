// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/store_answer.h"
#include "deploy/store/app_store.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::api {
namespace {

constexpr std::size_t kShortestStart = 4; ///< of an id; a shorter text of digits is a number
constexpr const char* kDefinitionFile = "app.yaml";

Json revisionJson(const store::StoredRevision& revision, const std::string& current)
{
    return {{"number", revision.number}, {"id", revision.id}, {"message", revision.message},
        {"annotations", revision.annotations}, {"author", revision.author}, {"created_at", isoTime(revision.created)},
        {"current", revision.id == current}};
}

/// By id, unambiguous start of one, or number within the app.
Result<store::StoredRevision> wantedRevision(store::Database& database, const std::string& app, const std::string& wanted)
{
    TINTYPE_TRY_ASSIGN(const auto revisions, store::revisionsOf(database, app));
    std::vector<store::StoredRevision> found;
    for (const store::StoredRevision& revision : revisions) {
        if (std::to_string(revision.number) == wanted)
            return revision;
        if (wanted.size() >= kShortestStart && revision.id.starts_with(wanted))
            found.push_back(revision);
    }
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return fail(ErrorCode::NotFound, fmt::format("revision {} of app {}: not found", wanted, app));
    return fail(ErrorCode::InvalidArgument,
        fmt::format("revision {} of app {}: {} revisions begin like this; give more of the id", wanted, app, found.size()));
}

Result<http::Response> listRevisions(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto app, findApp(context, call.parameter("app")));
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    TINTYPE_TRY_ASSIGN(const auto revisions, store::revisionsOf(context.host.stores().reader(), app.name));
    Json items = Json::array();
    for (const store::StoredRevision& revision : revisions)
        items.push_back(revisionJson(revision, app.revision));
    TINTYPE_TRY_ASSIGN(const Json page, pageOf(items, paging.limit, paging.cursor));
    return jsonAnswer(page);
}

void showRevision(const Context& context, const CallPointer& call)
{
    const auto app = findApp(context, call->parameter("app"));
    if (!app)
        return call->reply(tl::unexpected(app.error()));
    const store::RevisionRepository& repository = context.host.stores().revisions();
    const auto query = [&repository, name = app->name, current = app->revision, wanted = call->parameter("revision")](
                           store::Database& database) -> Result<Json> {
        TINTYPE_TRY_ASSIGN(const auto revision, wantedRevision(database, name, wanted));
        TINTYPE_TRY_ASSIGN(auto content, repository.read(name, revision.id));
        Json json = revisionJson(revision, current);
        json["definition"] = content[kDefinitionFile];
        json["files"] = Json::array();
        for (const store::StoredFile& file : revision.files)
            json["files"].push_back(fileJson(file));
        return json;
    };
    answerFromStore(context, call, query);
}

std::vector<std::string> changedFiles(const store::StoredRevision& from, const store::StoredRevision& to)
{
    std::map<std::string, std::pair<std::string, std::string>> hashes; // path → before, after
    for (const store::StoredFile& file : from.files)
        hashes[file.path].first = file.sha256;
    for (const store::StoredFile& file : to.files)
        hashes[file.path].second = file.sha256;
    std::vector<std::string> changes;
    for (const auto& [path, pair] : hashes) {
        if (pair.first != pair.second)
            changes.push_back((pair.first.empty() ? "added " : pair.second.empty() ? "removed " : "changed ") + path);
    }
    return changes;
}

void showDiff(const Context& context, const CallPointer& call)
{
    const auto app = findApp(context, call->parameter("app"));
    if (!app)
        return call->reply(tl::unexpected(app.error()));
    const std::string to = call->query("to").empty() ? app->revision : call->query("to");
    if (call->query("from").empty())
        return call->reply(fail(ErrorCode::InvalidArgument, "from is missing: a revision to compare with"));
    const store::RevisionRepository& repository = context.host.stores().revisions();
    const auto query = [&repository, name = app->name, from = call->query("from"), to](
                           store::Database& database) -> Result<Json> {
        TINTYPE_TRY_ASSIGN(const auto before, wantedRevision(database, name, from));
        TINTYPE_TRY_ASSIGN(const auto after, wantedRevision(database, name, to));
        TINTYPE_TRY_ASSIGN(const std::string text, repository.diff(name, before.id, after.id));
        return Json{{"from", before.id}, {"to", after.id}, {"text", text}, {"files", changedFiles(before, after)}};
    };
    answerFromStore(context, call, query);
}

Result<http::Response> setRevision(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto app, findApp(context, call.parameter("app")));
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "RevisionTarget"));
    const JsonFields fields(body, "body");
    TINTYPE_TRY_ASSIGN(const std::string wanted, requiredString(fields, "revision"));
    TINTYPE_TRY_ASSIGN(const auto strategy, strategyField(fields));
    TINTYPE_TRY_ASSIGN(const auto auth, authField(fields));
    TINTYPE_TRY_ASSIGN(const auto revision, wantedRevision(context.host.stores().reader(), app.name, wanted));

    runtime::Apps& apps = context.host.apps();
    TINTYPE_TRY(apps.setRevision(app.name, revision.id, strategy, call.caller.keyId, auth));
    const auto info = apps.info(app.name);
    const UrlMap urls = context.urls.ofApp(context.urls.base(call.request), app.name);
    const runtime::DeployReceipt receipt{app.name, revision.id, revision.number, /*isNewRevision=*/false};
    return jsonAnswer(receiptJson(receipt, urls, info && info->rolling));
}

Json valuesOf(const std::string& json)
{
    return json.empty() ? Json() : Json(json);
}

Result<http::Response> listEvents(const Context& context, const Call& call)
{
    const std::string& app = call.parameter("app");
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    TINTYPE_TRY_ASSIGN(const auto before, integerOf(call.request, "cursor", 1, INT64_MAX));
    TINTYPE_TRY_ASSIGN(auto events,
        store::eventsOf(context.host.stores().reader(), app, before.value_or(0), paging.limit + 1));
    if (events.empty()) {
        TINTYPE_TRY(findApp(context, app)); // an app that was removed still has its history
    }
    const bool hasMore = std::ssize(events) > paging.limit;
    if (hasMore)
        events.pop_back();
    Json items = Json::array();
    for (const store::StoredEvent& event : events)
        items.push_back({{"time", isoTime(event.time)}, {"category", event.category}, {"actor", event.actor},
            {"text", event.text}, {"before", valuesOf(event.before)}, {"after", valuesOf(event.after)}});
    return jsonAnswer(pageJson(std::move(items), hasMore ? std::to_string(events.back().id) : ""));
}

} // namespace

ApiRoutes revisionRoutes(Context& context)
{
    const auto by = [&context](Result<http::Response> (*handler)(const Context&, const Call&)) {
        return answer([&context, handler](const Call& call) { return handler(context, call); });
    };
    return {
        {.method = "GET",
            .pattern = "/v1/apps/{app}/revisions",
            .summary = "Its revisions, the latest first",
            .answer = "page of Revision",
            .handle = by(listRevisions)},
        {.method = "GET",
            .pattern = "/v1/apps/{app}/revisions/{revision}",
            .summary = "One revision, by id, unambiguous start of one, or number",
            .answer = "RevisionDetail",
            .handle = [&context](const CallPointer& call) { showRevision(context, call); }},
        {.method = "GET",
            .pattern = "/v1/apps/{app}/diff",
            .summary = "What differs between two revisions",
            .query = {{"from", "string", "a revision"}, {"to", "string", "a revision; the current one if absent"}},
            .answer = "Diff",
            .handle = [&context](const CallPointer& call) { showDiff(context, call); }},
        {.method = "PUT",
            .pattern = "/v1/apps/{app}/revision",
            .summary = "Point the app at a revision that it has",
            .body = "RevisionTarget",
            .answer = "Receipt",
            .handle = by(setRevision)},
        {.method = "GET",
            .pattern = "/v1/apps/{app}/events",
            .summary = "What happened to it, the latest first",
            .answer = "page of AppEvent",
            .handle = by(listEvents)},
    };
}

} // namespace tintype::api
