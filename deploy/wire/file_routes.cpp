// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/file_routes.h"

#include "deploy/store/stores.h"
#include "deploy/wire/file_names.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using nlohmann::json;

constexpr std::int64_t kLongestCache = 365 * 24 * 60 * 60; ///< seconds

/// Files never change: they may be cached until they end.
std::string cacheControl(const store::ServedFile& file, TimePoint now)
{
    const auto left = file.expires ? std::chrono::floor<std::chrono::seconds>(*file.expires - now).count() : kLongestCache;
    return fmt::format("{}, max-age={}, immutable", file.acl.empty() ? "public" : "private", std::min<std::int64_t>(left, kLongestCache));
}

http::Response missing() { return http::Response::error(404, "The file does not exist."); }

std::optional<Decision> decisionOf(const json& text)
{
    if (text == "allow")
        return Decision::Allow;
    if (text == "forbid")
        return Decision::Forbid;
    return text == "hide" ? std::optional(Decision::Hide) : std::nullopt;
}

} // namespace

Decision decide(const std::string& acl, const std::vector<std::string>& users)
{
    if (acl.empty())
        return Decision::Allow;
    const json object = json::parse(acl, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object())
        return Decision::Hide; // what cannot be read protects
    for (const json& rule : object.value("rules", json::array())) {
        if (!rule.is_object() || !rule.contains("user") || !rule["user"].is_string())
            continue;
        const auto decision = decisionOf(rule.value("decision", json()));
        if (decision && std::ranges::find(users, rule["user"].get<std::string>()) != users.end())
            return *decision;
    }
    const auto found = object.find("default");
    return found == object.end() ? Decision::Allow : decisionOf(*found).value_or(Decision::Hide);
}

void FileRoutes::addTo(http::RouteTable& table)
{
    for (const char* pattern : {"/files/{id}", "/files/{id}/{name}"})
        table.add({.method = "GET", .pattern = pattern,
            .handle = [this](const http::Request& call, http::Responder responder) { responder.send(serve(call)); }});
}

http::Response FileRoutes::serve(const http::Request& call) const
{
    store::Stores& stores = m_context.host.stores();
    const auto found = store::FileStore::find(stores.reader(), call.parameters.at("id"));
    if (!found)
        return wireError(found.error());
    if (!*found)
        return missing();
    const store::ServedFile& file = **found;
    const TimePoint now = wallClockNow();
    if (file.expires && *file.expires <= now)
        return http::Response::error(410, "The file has expired.");
    if (!file.acl.empty()) {
        const auto caller = identify(m_context, call).value_or(runtime::Caller());
        const bool isOwn = caller.isAdmin || (caller.isKnown() && caller.keyId == file.keyId);
        const auto users = caller.isKnown() ? std::vector<std::string>{caller.keyId, m_context.host.options().owner} : std::vector<std::string>();
        const Decision decision = isOwn ? Decision::Allow : decide(file.acl, users);
        if (decision == Decision::Hide)
            return missing();
        if (decision == Decision::Forbid)
            return http::Response::error(403, "The file may not be read by this caller.");
    }
    http::Response response;
    response.file = stores.files().pathOf(file.id).string();
    response.headers.set("Content-Type", file.contentType);
    response.headers.set("Content-Disposition", inlineDisposition(file.name));
    response.headers.set("Cache-Control", cacheControl(file, now));
    response.headers.set("X-Content-Type-Options", "nosniff");
    if (isActiveContent(file.contentType))
        response.headers.set("Content-Security-Policy", "sandbox");
    return response;
}

} // namespace tintype::wire
