// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/api.h"

#include "deploy/api/api_document.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/event_stream.h"
#include "deploy/api/leases.h"
#include "deploy/api/metrics.h"
#include "deploy/api/urls.h"
#include "deploy/runtime/access.h"

#include <utility>

namespace tintype::api {

class Api::Private {
public:
    Private(runtime::Host& host, ApiOptions apiOptions)
        : m_host(host)
        , m_options(std::move(apiOptions))
        , m_access(host.stores())
        , m_urls(host.options().owner, host.options().publicUrl, m_options.listenerPorts)
        , m_events(host, m_urls)
        , m_leases(host)
        , m_metrics(host, m_options.connectionCount)
        , m_context{host, m_background, m_events, m_leases, m_metrics, m_urls}
    {
        for (const auto group : {hostRoutes, appRoutes, revisionRoutes, deploymentRoutes, blobRoutes, modelRoutes, replicaRoutes,
                 requestRoutes, analyticsRoutes, logRoutes, keyRoutes, eventRoutes}) {
            for (ApiRoute& route : group(m_context))
                m_routes.push_back(std::move(route));
        }
        m_routes.push_back({.method = "GET",
            .pattern = "/v1/openapi.json",
            .summary = "This interface as OpenAPI",
            .handle = answer([this](const Call&) { return http::Response::json(200, apiDocument(m_routes)); })});
    }

    const ApiRoutes& routes() const { return m_routes; }

    http::Route served(const ApiRoute& route)
    {
        http::Route served{.method = route.method, .pattern = route.pattern, .handle = {}, .maxBody = route.maxBody,
            .bodyToFile = route.bodyToFile};
        if (route.method == "WS") {
            served.admit = [this, &route](const http::Request& request) { return admit(route, request); };
            served.handleSocket = route.handleSocket;
        } else {
            served.handle = [this, &route](http::Request request, http::Responder responder) {
                handle(route, std::move(request), std::move(responder));
            };
        }
        return served;
    }

private:
    using Checked = tl::expected<runtime::Caller, http::Response>;

    void handle(const ApiRoute& route, http::Request request, http::Responder responder) const
    {
        Checked caller = check(route, request);
        if (!caller)
            return responder.send(std::move(caller).error());
        route.handle(std::make_shared<Call>(Call{std::move(request), std::move(responder), *std::move(caller)}));
    }

    std::optional<http::Response> admit(const ApiRoute& route, const http::Request& request) const
    {
        if (Checked caller = check(route, request); !caller)
            return std::move(caller).error();
        if (const auto admitted = route.admit ? route.admit(request) : Result<>(); !admitted)
            return http::Response::error(admitted.error());
        return std::nullopt;
    }

    /// 401: not known · 403: known, and not allowed · 422: a path or query parameter
    Checked check(const ApiRoute& route, const http::Request& request) const
    {
        auto caller = route.scope == Scope::Anyone ? Result<runtime::Caller>() : identify(request);
        if (!caller)
            return tl::unexpected(http::Response::error(caller.error()));
        constexpr int forbidden = 403;
        if (const auto permitted = permit(route, request, *caller); !permitted)
            return tl::unexpected(caller->isKnown() ? http::Response::error(forbidden, permitted.error().message)
                                                    : http::Response::error(permitted.error()));
        if (const auto checked = checkCall(route, request); !checked)
            return tl::unexpected(http::Response::error(checked.error()));
        return *std::move(caller);
    }

    Result<runtime::Caller> identify(const http::Request& request) const
    {
        return m_access.identify({.authorization = request.headers.value("Authorization"),
            .peer = request.peer,
            .host = request.headers.value("Host"),
            .origin = request.headers.value("Origin"),
            .loopbackListener = m_options.loopbackListeners.contains(request.listener)});
    }

    Result<> permit(const ApiRoute& route, const http::Request& request, const runtime::Caller& caller) const
    {
        switch (route.scope) {
        case Scope::Anyone:
            return {};
        case Scope::AppCallers: {
            const auto app = m_host.apps().info(request.parameters.at("app"));
            return runtime::Access::mayCall(caller, app ? app->auth : domain::AuthMode::Private);
        }
        case Scope::KeyHolders:
            return runtime::Access::mayCall(caller, domain::AuthMode::Shared);
        case Scope::Admin:
            return runtime::Access::mayAdministrate(caller);
        }
        return {};
    }

    runtime::Host& m_host;
    const ApiOptions m_options;
    const runtime::Access m_access;
    const Urls m_urls;
    EventStream m_events;
    Leases m_leases;
    Metrics m_metrics;
    runtime::Background m_background;
    Context m_context;
    ApiRoutes m_routes;
};

Api::Api(runtime::Host& host, ApiOptions options)
    : d(std::make_unique<Private>(host, std::move(options)))
{
}

Api::~Api() = default;

void Api::addTo(http::RouteTable& table) const
{
    for (const ApiRoute& route : d->routes())
        table.add(d->served(route));
}

std::string Api::openApi() const
{
    return apiDocument(d->routes());
}

} // namespace tintype::api
