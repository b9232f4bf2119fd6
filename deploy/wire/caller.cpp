// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/caller.h"

#include "deploy/wire/tokens.h"

#include <fmt/format.h>

namespace tintype::wire {

Result<runtime::Caller> identify(const WireContext& context, const http::Request& call)
{
    return runtime::Access(context.host.stores())
        .identify({.authorization = call.headers.value("Authorization"), .peer = call.peer, .host = call.headers.value("Host"),
            .origin = call.headers.value("Origin"), .loopbackListener = context.loopbackListeners.contains(call.listener)});
}

Result<AppPath> admitToApp(const WireContext& context, const http::Request& call, std::string_view path, runtime::Caller& caller)
{
    TINTYPE_TRY_ASSIGN(auto found, parseAppPath(path));
    const std::string& owner = context.host.options().owner;
    if (found.owner != owner)
        return fail(ErrorCode::NotFound, fmt::format("{}/{}: not found; the apps of this host belong to {}", found.owner, found.app, owner));
    TINTYPE_TRY_ASSIGN(caller, identifyForApp(context, call, found.app));
    if (!context.host.apps().runtime(found.app))
        return fail(ErrorCode::NotFound, fmt::format("{}/{}: no such app on this host", found.owner, found.app));
    TINTYPE_TRY(runtime::Access::mayCall(caller, context.host.apps().auth(found.app)));
    return found;
}

http::Response wireError(const Error& error)
{
    switch (error.code) {
    case ErrorCode::NotFound: return http::Response::error(404, error.message);
    case ErrorCode::InvalidArgument: return http::Response::error(400, error.message, "bad_request");
    case ErrorCode::Unauthorized: return http::Response::error(401, error.message);
    case ErrorCode::QuotaExceeded: return http::Response::error(429, error.message, "concurrent_requests_limit");
    case ErrorCode::Conflict: return http::Response::error(409, error.message, "bad_request");
    case ErrorCode::Unavailable: return http::Response::error(503, error.message, "runner_scheduling_failure");
    default: return http::Response::error(error);
    }
}

std::string baseOf(const WireContext& context, const http::Request& call)
{
    return publicBase(call, context.host.options().publicUrl);
}

http::Response resultResponse(const domain::Record& record)
{
    http::Response response = http::Response::json(record.status, record.output);
    response.headers.set("x-fal-request-id", record.request.id);
    if (!record.errorType.empty())
        response.headers.set("X-Fal-Error-Type", record.errorType);
    if (record.status == 504 && record.replica.empty())
        response.headers.set("X-Fal-Request-Timeout-Type", "user");
    if (record.outcome == domain::Outcome::UserError)
        response.headers.set("X-Fal-Retryable", "false");
    return response;
}

} // namespace tintype::wire
