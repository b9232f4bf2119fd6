// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::api {
namespace {

using Answer = Result<http::Response>;
using domain::ReplicaState;

std::vector<std::string> stateNames()
{
    std::vector<std::string> names;
    for (const auto state : {ReplicaState::Pending, ReplicaState::Fetching, ReplicaState::Setup, ReplicaState::CrashBackoff,
             ReplicaState::Idle, ReplicaState::Running, ReplicaState::Draining, ReplicaState::Terminating,
             ReplicaState::Terminated})
        names.emplace_back(domain::replicaStateName(state));
    return names;
}

Answer listReplicas(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    TINTYPE_TRY_ASSIGN(const std::string state, choiceOf(call.request, "state", stateNames()));
    const std::string wanted = call.query("app");
    if (!wanted.empty())
        TINTYPE_TRY(findApp(context, wanted));

    std::vector<domain::ReplicaInfo> replicas;
    for (const runtime::AppInfo& app : context.host.apps().list()) {
        const runtime::AppRuntime* runtime = context.host.apps().runtime(app.name);
        if (!runtime || (!wanted.empty() && app.name != wanted))
            continue;
        for (domain::ReplicaInfo& replica : runtime->replicas()) {
            if (state.empty() || domain::replicaStateName(replica.state) == state)
                replicas.push_back(std::move(replica));
        }
    }
    std::ranges::stable_sort(replicas, std::ranges::greater(), &domain::ReplicaInfo::createdAt);
    Json items = Json::array();
    for (const domain::ReplicaInfo& replica : replicas)
        items.push_back(replicaJson(replica));
    TINTYPE_TRY_ASSIGN(const Json page, pageOf(items, paging.limit, paging.cursor));
    return jsonAnswer(page);
}

Result<runtime::AppRuntime*> runtimeOf(const Context& context, const std::string& replica)
{
    if (runtime::AppRuntime* runtime = context.host.apps().runtimeOfReplica(replica))
        return runtime;
    return fail(ErrorCode::NotFound, fmt::format("replica {}: not found or already gone", replica));
}

Answer showReplica(const runtime::AppRuntime& runtime, const std::string& id)
{
    const auto replicas = runtime.replicas();
    const auto found = std::ranges::find(replicas, id, &domain::ReplicaInfo::id);
    if (found == replicas.end())
        return fail(ErrorCode::NotFound, fmt::format("replica {}: not found or already gone", id));
    return jsonAnswer(replicaJson(*found));
}

Answer stopReplica(const Context& context, const Call& call)
{
    const std::string& id = call.parameter("replica");
    TINTYPE_TRY_ASSIGN(runtime::AppRuntime* const runtime, runtimeOf(context, id));
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "ReplicaStop"));
    TINTYPE_TRY_ASSIGN(const bool replace, JsonFields(body, "body").boolean("replace", false));
    TINTYPE_TRY(runtime->stopReplica(id, replace));
    return showReplica(*runtime, id);
}

Answer killReplica(const Context& context, const Call& call)
{
    const std::string& id = call.parameter("replica");
    TINTYPE_TRY_ASSIGN(runtime::AppRuntime* const runtime, runtimeOf(context, id));
    TINTYPE_TRY(readBody(call.request, "Empty"));
    TINTYPE_TRY(runtime->killReplica(id));
    return showReplica(*runtime, id);
}

} // namespace

ApiRoutes replicaRoutes(Context& context)
{
    const auto by = [&context](Answer (*handler)(const Context&, const Call&)) {
        return answer([&context, handler](const Call& call) { return handler(context, call); });
    };
    return {
        {.method = "GET",
            .pattern = "/v1/replicas",
            .summary = "Replicas, the newest first; those that ended in the last 24 h too",
            .query = {{"app", "string"}, {"state", "string", "IDLE, RUNNING, …"}},
            .answer = "page of Replica",
            .handle = by(listReplicas)},
        {.method = "POST",
            .pattern = "/v1/replicas/{replica}/stop",
            .summary = "It finishes what it has, then goes",
            .body = "ReplicaStop",
            .answer = "Replica",
            .handle = by(stopReplica)},
        {.method = "POST",
            .pattern = "/v1/replicas/{replica}/kill",
            .summary = "It goes at once; its requests fail or are tried again",
            .body = "Empty",
            .answer = "Replica",
            .handle = by(killReplica)},
    };
}

} // namespace tintype::api
