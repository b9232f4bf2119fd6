// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/tokens.h"

#include "deploy/store/stores.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using nlohmann::json;

constexpr std::string_view kBearer = "Bearer ";
constexpr const char* kQueryName = "fal_jwt_token";

/// The claims of a token of this kind. What the host signed has the fields that it put there.
std::optional<json> claimsOf(const store::Vault& vault, std::string_view text, const char* kind)
{
    const auto claims = vault.checkToken(text, wallClockNow());
    if (!claims)
        return std::nullopt;
    json object = json::parse(*claims, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || object.value("for", "") != kind)
        return std::nullopt;
    return object;
}

} // namespace

std::string issueToken(const store::Vault& vault, const AppToken& token, TimePoint expires)
{
    return vault.issueToken(
        json{{"for", "apps"}, {"apps", token.apps}, {"key", token.keyId}, {"local", token.isLocal}}.dump(), expires);
}

std::string issueToken(const store::Vault& vault, const StorageToken& token, TimePoint expires)
{
    return vault.issueToken(json{{"for", "storage"}, {"key", token.keyId}}.dump(), expires);
}

std::string issueToken(const store::Vault& vault, const Upload& token, TimePoint expires)
{
    json claims{{"for", "upload"}, {"id", token.id}, {"name", token.name}, {"type", token.contentType}, {"key", token.keyId},
        {"acl", token.acl}};
    if (token.lifetime)
        claims["lifetime"] = token.lifetime->count();
    return vault.issueToken(claims.dump(), expires);
}

std::optional<AppToken> readAppToken(const store::Vault& vault, std::string_view text)
{
    const auto claims = claimsOf(vault, text, "apps");
    if (!claims)
        return std::nullopt;
    return AppToken{
        claims->at("apps").get<std::vector<std::string>>(), claims->at("key").get<std::string>(), claims->at("local").get<bool>()};
}

std::optional<StorageToken> readStorageToken(const store::Vault& vault, std::string_view text)
{
    const auto claims = claimsOf(vault, text, "storage");
    return claims ? std::optional(StorageToken{claims->at("key").get<std::string>()}) : std::nullopt;
}

std::optional<Upload> readUploadToken(const store::Vault& vault, std::string_view text)
{
    const auto claims = claimsOf(vault, text, "upload");
    if (!claims)
        return std::nullopt;
    const auto field = [&claims](const char* name) { return claims->at(name).get<std::string>(); };
    Upload upload{.id = field("id"), .name = field("name"), .contentType = field("type"), .keyId = field("key"),
        .acl = field("acl"), .lifetime = {}};
    if (claims->contains("lifetime"))
        upload.lifetime = std::chrono::seconds(claims->at("lifetime").get<std::int64_t>());
    return upload;
}

std::string bearerToken(const http::Request& call)
{
    if (const auto found = call.query.find(kQueryName); found != call.query.end())
        return found->second;
    const auto authorization = call.headers.value("Authorization");
    return std::string(authorization.starts_with(kBearer) ? authorization.substr(kBearer.size()) : std::string_view());
}

Result<runtime::Caller> identifyForApp(const WireContext& context, const http::Request& call, const std::string& app)
{
    const std::string text = bearerToken(call);
    if (text.empty())
        return identify(context, call);
    const auto token = readAppToken(context.host.stores().vault(), text);
    if (!token)
        return fail(ErrorCode::Unauthorized, "the token is not one of this host's, or it has expired");
    if (std::ranges::find(token->apps, app) == token->apps.end())
        return fail(ErrorCode::Unauthorized, fmt::format("the token is for other apps than {}", app));
    return runtime::Caller{.keyId = token->keyId, .isAdmin = false, .isLocal = token->isLocal};
}

} // namespace tintype::wire
