// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/token_routes.h"

#include "deploy/store/stores.h"
#include "deploy/wire/tokens.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using nlohmann::json;

constexpr std::int64_t kDefaultSeconds = 120; ///< fal's
constexpr std::int64_t kMostSeconds = 24 * 60 * 60;
constexpr std::size_t kMostApps = 100;

/// The app in "app" or "owner/app[/path]".
std::string appOf(const std::string& text)
{
    const auto first = text.find('/');
    if (first == std::string::npos)
        return text;
    return text.substr(first + 1, text.find('/', first + 1) - first - 1);
}

Result<std::vector<std::string>> allowedApps(const json& body)
{
    const auto list = body.find("allowed_apps");
    const bool isList = list != body.end() && list->is_array() && !list->empty() && list->size() <= kMostApps;
    if (!isList || !std::ranges::all_of(*list, [](const json& app) { return app.is_string(); }))
        return fail(ErrorCode::InvalidArgument, fmt::format("allowed_apps is not a list of 1 to {} names of apps", kMostApps));
    std::vector<std::string> apps;
    for (const json& app : *list)
        apps.push_back(appOf(app.get<std::string>()));
    return apps;
}

Result<std::chrono::seconds> lifetimeOf(const json& body)
{
    for (const char* name : {"token_expiration", "duration"}) {
        const auto found = body.find(name);
        if (found == body.end() || found->is_null())
            continue;
        const auto seconds = found->is_number() ? found->get<double>() : 0.0;
        if (!(seconds >= 1 && seconds <= static_cast<double>(kMostSeconds)))
            return fail(ErrorCode::InvalidArgument, fmt::format("{} is not a number of seconds from 1 to {}", name, kMostSeconds));
        return std::chrono::seconds(static_cast<std::int64_t>(seconds));
    }
    return std::chrono::seconds(kDefaultSeconds);
}

} // namespace

void TokenRoutes::addTo(http::RouteTable& table)
{
    for (const char* pattern : {"/tokens", "/tokens/realtime"})
        table.add({.method = "POST", .pattern = pattern, .handle = [this](const http::Request& call, http::Responder responder) {
                       const auto token = issue(call);
                       responder.send(token ? http::Response::json(200, http::jsonString(*token)) : wireError(token.error()));
                   }});
}

Result<std::string> TokenRoutes::issue(const http::Request& call) const
{
    const json body = json::parse(call.body, nullptr, /*allow_exceptions=*/false);
    if (!body.is_object())
        return fail(ErrorCode::InvalidArgument, "the body is not a JSON object");
    TINTYPE_TRY_ASSIGN(auto apps, allowedApps(body));
    TINTYPE_TRY_ASSIGN(const auto lifetime, lifetimeOf(body));
    TINTYPE_TRY_ASSIGN(const auto caller, identify(m_context, call));
    for (const std::string& app : apps)
        TINTYPE_TRY(runtime::Access::mayCall(caller, m_context.host.apps().auth(app)));
    return issueToken(m_context.host.stores().vault(),
        AppToken{.apps = std::move(apps), .keyId = caller.keyId, .isLocal = caller.isLocal}, wallClockNow() + lifetime);
}

} // namespace tintype::wire
