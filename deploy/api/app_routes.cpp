// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/urls.h"
#include "deploy/domain/open_api.h"
#include "deploy/runtime/revision.h"

namespace tintype::api {
namespace {

using Answer = Result<http::Response>;

Json viewOf(const Context& context, const Call& call, const runtime::AppInfo& app)
{
    const runtime::AppRuntime* runtime = context.host.apps().runtime(app.name);
    return appJson(app, runtime ? runtime->replicas() : std::vector<domain::ReplicaInfo>(),
        context.urls.ofApp(context.urls.base(call.request), app.name));
}

Answer listApps(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    Json items = Json::array();
    for (const runtime::AppInfo& app : context.host.apps().list())
        items.push_back(viewOf(context, call, app));
    TINTYPE_TRY_ASSIGN(const Json page, pageOf(items, paging.limit, paging.cursor));
    return jsonAnswer(page);
}

Answer showApp(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto app, findApp(context, call.parameter("app")));
    return jsonAnswer(viewOf(context, call, app));
}

Answer changeApp(const Context& context, const Call& call)
{
    const std::string& name = call.parameter("app");
    const std::string& actor = call.caller.keyId;
    TINTYPE_TRY(findApp(context, name));
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "AppChange"));
    const JsonFields fields(body, "body");
    TINTYPE_TRY_ASSIGN(const auto auth, authField(fields));
    TINTYPE_TRY_ASSIGN(const bool paused, fields.boolean("paused", false));
    domain::ScalingSettings changes;
    if (fields.has("scaling")) {
        TINTYPE_TRY_ASSIGN(changes, scalingChanges(body.at("scaling")));
    }

    runtime::Apps& apps = context.host.apps();
    if (fields.has("scaling"))
        TINTYPE_TRY(apps.scale(name, changes, actor));
    if (auth)
        TINTYPE_TRY(apps.setAuth(name, *auth, actor));
    if (fields.has("paused"))
        TINTYPE_TRY(apps.setPaused(name, paused, actor));
    return showApp(context, call);
}

Answer deleteApp(const Context& context, const Call& call)
{
    TINTYPE_TRY(context.host.apps().remove(call.parameter("app"), call.caller.keyId));
    return noContent();
}

Answer rollOut(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto app, findApp(context, call.parameter("app")));
    TINTYPE_TRY_ASSIGN(runtime::AppRuntime* const runtime, findRuntime(context, app.name));
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "Rollout"));
    const JsonFields fields(body, "body");
    TINTYPE_TRY_ASSIGN(auto strategy, strategyField(fields));
    TINTYPE_TRY_ASSIGN(const bool force, fields.boolean("force", false));
    if (force)
        strategy = runtime::Strategy::Recreate;
    const auto before = runtime->replicas();
    TINTYPE_TRY(context.host.apps().setRevision(app.name, app.revision, strategy, call.caller.keyId));
    for (const domain::ReplicaInfo& replica : before) {
        if (force && replica.state != domain::ReplicaState::Terminated)
            (void)runtime->killReplica(replica.id); // one that is gone by now is what is wanted
    }
    return showApp(context, call);
}

Answer showQueue(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto app, findApp(context, call.parameter("app")));
    return jsonAnswer({{"size", app.queued}, {"running", app.running}});
}

Answer flushQueue(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(runtime::AppRuntime* const runtime, findRuntime(context, call.parameter("app")));
    return jsonAnswer({{"cancelled", runtime->flush()}});
}

Answer appDocument(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const runtime::AppRuntime* const runtime, findRuntime(context, call.parameter("app")));
    if (!runtime->revision())
        return fail(ErrorCode::NotFound, "the app has no revision yet");
    return http::Response::json(200, domain::appOpenApi(runtime->revision()->definition));
}

} // namespace

ApiRoutes appRoutes(Context& context)
{
    const auto by = [&context](Answer (*handler)(const Context&, const Call&)) {
        return answer([&context, handler](const Call& call) { return handler(context, call); });
    };
    return {
        {.method = "GET", .pattern = "/v1/apps", .summary = "All apps", .answer = "page of App", .handle = by(listApps)},
        {.method = "GET", .pattern = "/v1/apps/{app}", .summary = "One app", .answer = "App", .handle = by(showApp)},
        {.method = "PATCH",
            .pattern = "/v1/apps/{app}",
            .summary = "Change who may call it, how it scales, whether it is paused",
            .body = "AppChange",
            .answer = "App",
            .handle = by(changeApp)},
        {.method = "DELETE",
            .pattern = "/v1/apps/{app}",
            .summary = "Remove it; waiting requests end, cancelled",
            .answer = "nothing",
            .handle = by(deleteApp)},
        {.method = "POST",
            .pattern = "/v1/apps/{app}/rollout",
            .summary = "Replace all replicas by new ones of the same revision",
            .body = "Rollout",
            .answer = "App",
            .handle = by(rollOut)},
        {.method = "GET",
            .pattern = "/v1/apps/{app}/queue",
            .summary = "How many requests wait and run",
            .answer = "Queue",
            .handle = by(showQueue)},
        {.method = "DELETE",
            .pattern = "/v1/apps/{app}/queue",
            .summary = "Cancel all that wait",
            .answer = "Flushed",
            .handle = by(flushQueue)},
        {.method = "GET",
            .pattern = "/v1/apps/{app}/openapi.json",
            .summary = "The app's own OpenAPI document",
            .scope = Scope::AppCallers,
            .answer = "json",
            .handle = by(appDocument)},
    };
}

} // namespace tintype::api
