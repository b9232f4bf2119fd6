// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/resolver.h"

#include <QUuid>
#include <fmt/format.h>

namespace tintype::wire {
namespace {

constexpr const char* kTargetHeader = "x-fal-target-url";

/// Our own API is no web page's business: it answers without CORS headers.
bool isOwnApi(const http::Request& request)
{
    return request.path == "/v1" || request.path.starts_with("/v1/") || request.path == "/metrics";
}

http::Response preflight(const http::Request& request)
{
    http::Response response;
    response.status = 204;
    const auto wanted = request.headers.value("Access-Control-Request-Headers");
    response.headers.set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS");
    response.headers.set("Access-Control-Allow-Headers", wanted.empty() ? "*" : std::string(wanted));
    response.headers.set("Access-Control-Max-Age", "86400");
    return response;
}

/// Puts what the header means in place of what the call was sent to.
std::optional<http::Response> retarget(http::Request& head, HostClass& hostClass)
{
    const auto url = head.headers.value(kTargetHeader);
    if (url.empty())
        return std::nullopt;
    const auto target = parseTarget(url);
    const auto path = target ? http::normalizedPath(target->path) : std::nullopt;
    const auto query = target ? http::parseQuery(target->query) : std::nullopt;
    if (!path || !query)
        return http::Response::error(400, "x-fal-target-url is not a URL of fal.run, queue.fal.run, rest.fal.ai or v3.fal.media", "bad_request");
    hostClass = target->hostClass;
    head.path = *path;
    head.rawQuery = target->query;
    head.query = *query;
    return std::nullopt;
}

} // namespace

std::variant<const http::Route*, http::Response> Resolver::resolve(http::Request& head)
{
    HostClass hostClass = classify(head.listener, head.headers.value("Host"));
    if (auto refused = retarget(head, hostClass))
        return *std::move(refused);
    if (head.method == "OPTIONS" && !isOwnApi(head))
        return preflight(head);
    const auto match = table(hostClass).match(head);
    if (match.route)
        return match.route;
    return http::noRoute(match, head);
}

void Resolver::finish(const http::Request& request, http::Response& response)
{
    if (!response.headers.has("x-fal-request-id"))
        response.headers.set("x-fal-request-id", QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
    if (isOwnApi(request))
        return;
    response.headers.set("Access-Control-Allow-Origin", "*");
    response.headers.set("Access-Control-Expose-Headers",
        "x-fal-request-id, x-fal-billable-units, x-fal-error-type, x-fal-request-timeout-type, x-fal-served-from, etag, location");
}

} // namespace tintype::wire
