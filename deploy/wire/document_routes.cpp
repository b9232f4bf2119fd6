// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/document_routes.h"

#include "deploy/domain/open_api.h"
#include "deploy/runtime/app_runtime.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::wire {
namespace {

constexpr std::string_view kRestPrefix = "rest.";

/// The app, if the caller may use it and it has a revision.
Result<runtime::AppRuntime*> appOf(const WireContext& context, const http::Request& call, AppPath& path, std::string_view text,
    runtime::Caller& caller)
{
    TINTYPE_TRY_ASSIGN(path, admitToApp(context, call, text, caller));
    runtime::AppRuntime* app = context.host.apps().runtime(path.app);
    if (!app || !app->revision())
        return fail(ErrorCode::NotFound, fmt::format("{}/{}: it has no revision yet", path.owner, path.app));
    return app;
}

std::string pathOf(const http::Request& call)
{
    return fmt::format("/{}/{}", call.parameters.at("owner"), call.parameters.at("app"));
}

/// The queue host that belongs to where the call came to.
std::string queueBase(const std::string& base)
{
    const auto name = base.find("://") + 3;
    if (std::string_view(base).substr(name) == "rest.fal.ai")
        return "https://queue.fal.run";
    if (std::string_view(base).substr(name).starts_with(kRestPrefix))
        return base.substr(0, name) + "queue." + base.substr(name + kRestPrefix.size());
    return base;
}

} // namespace

void DocumentRoutes::addTo(http::RouteTable& table)
{
    table.add({.method = "GET", .pattern = "/{owner}/{app}/openapi.json",
        .handle = [this](const http::Request& call, http::Responder responder) { responder.send(document(call)); }});
}

void DocumentRoutes::addRestTo(http::RouteTable& table)
{
    table.add({.method = "GET", .pattern = "/applications/{owner}/{app}/metadata",
        .handle = [this](const http::Request& call, http::Responder responder) { responder.send(metadata(call)); }});
    table.add({.method = "GET", .pattern = "/openapi.json",
        .handle = [this](const http::Request& call, http::Responder responder) { responder.send(published(call)); }});
    for (const char* method : {"GET", "DELETE"})
        table.add({.method = method, .pattern = "/applications/{owner}/{app}/queue",
            .handle = [this](const http::Request& call, http::Responder responder) { responder.send(queue(call)); }});
}

http::Response DocumentRoutes::document(const http::Request& call) const
{
    AppPath path;
    runtime::Caller caller;
    const auto app = appOf(m_context, call, path, pathOf(call), caller);
    return app ? http::Response::json(200, domain::appOpenApi((*app)->revision()->definition)) : wireError(app.error());
}

http::Response DocumentRoutes::metadata(const http::Request& call) const
{
    http::Response response = document(call);
    if (response.status == 200)
        response.body = fmt::format(R"({{"openapi":{}}})", response.body);
    return response;
}

http::Response DocumentRoutes::published(const http::Request& call) const
{
    const auto id = call.query.find("endpoint_id");
    if (id == call.query.end())
        return http::Response::error(400, "the query names no endpoint_id: owner/app[/path]", "bad_request");
    AppPath path;
    runtime::Caller caller;
    const auto app = appOf(m_context, call, path, "/" + id->second, caller);
    if (!app)
        return wireError(app.error());
    const auto& endpoints = (*app)->revision()->definition.endpoints;
    const auto endpoint = std::ranges::find(endpoints, path.endpoint, &domain::EndpointSpec::path);
    if (endpoint == endpoints.end())
        return http::Response::error(404, fmt::format("Path {} not found", path.endpoint));
    const std::string fullId = path.owner + "/" + path.app + (path.endpoint == "/" ? "" : path.endpoint);
    return http::Response::json(200, domain::queueOpenApi(*endpoint, fullId, queueBase(baseOf(m_context, call))));
}

http::Response DocumentRoutes::queue(const http::Request& call) const
{
    AppPath path;
    runtime::Caller caller;
    const auto app = appOf(m_context, call, path, pathOf(call), caller);
    if (!app)
        return wireError(app.error());
    if (const auto admin = runtime::Access::mayAdministrate(caller); !admin)
        return caller.isKnown() ? http::Response::error(403, admin.error().message) : wireError(admin.error());
    if (call.method == "DELETE")
        return http::Response::json(200, fmt::format(R"({{"cancelled":{}}})", (*app)->flush()));
    return http::Response::json(200, fmt::format(R"({{"size":{}}})", (*app)->queueSize()));
}

} // namespace tintype::wire
