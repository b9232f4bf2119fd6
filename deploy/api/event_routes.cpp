// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/context.h"
#include "deploy/api/event_stream.h"
#include "deploy/api/leases.h"

namespace tintype::api {

ApiRoutes eventRoutes(Context& context)
{
    EventStream& events = context.events;
    Leases& leases = context.leases;
    return {
        {.method = "WS",
            .pattern = "/v1/events",
            .summary = "What happens on this host, one object a message",
            .query = {{"app", "string"}, {"types", "string", "of app, replica, request, progress, log, rollout; all"},
                {"previews", "boolean", "1 = progress brings previews"}},
            .answer = "Event",
            .admit = [](const http::Request& request) -> Result<> {
                TINTYPE_TRY(EventStream::filterOf(request));
                return {};
            },
            .handleSocket = [&events](const http::Request& request,
                                std::unique_ptr<QWebSocket> socket) { events.subscribe(request, std::move(socket)); }},
        {.method = "WS",
            .pattern = "/v1/apps/{app}/lease",
            .summary = "An ephemeral app lives as long as this socket",
            .admit = [&leases](const http::Request& request) { return leases.check(request.parameters.at("app")); },
            .handleSocket =
                [&leases](const http::Request& request, std::unique_ptr<QWebSocket> socket) {
                    leases.hold(request.parameters.at("app"), std::move(socket));
                }},
    };
}

} // namespace tintype::api
