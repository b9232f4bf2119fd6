// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/store_answer.h"
#include "deploy/store/secret_store.h"

#include <fmt/format.h>
#include <memory>

namespace tintype::api {
namespace {

constexpr std::size_t kLongestDescription = 1000;
constexpr std::size_t kLongestSecret = std::size_t{64} << 10;

const char* scopeText(store::Scope scope) { return scope == store::Scope::Admin ? "admin" : "api"; }

Json keyJson(const store::Key& key)
{
    return {{"id", key.id}, {"scope", scopeText(key.scope)}, {"description", key.description},
        {"created_at", isoTime(key.created)}};
}

Result<http::Response> listKeys(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    Json items = Json::array();
    for (const store::Key& key : context.host.stores().keys().list())
        items.push_back(keyJson(key));
    TINTYPE_TRY_ASSIGN(const Json page, pageOf(items, paging.limit, paging.cursor));
    return jsonAnswer(page);
}

struct KeyWish {
    store::Scope scope = store::Scope::Api;
    std::string description;
};

Result<KeyWish> readKeyWish(const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "NewKey"));
    const JsonFields fields(body, "body");
    TINTYPE_TRY_ASSIGN(const std::string scope, requiredString(fields, "scope"));
    TINTYPE_TRY_ASSIGN(std::string description, fields.string("description", ""));
    if (scope != "admin" && scope != "api")
        return tl::unexpected(fields.refuse("scope", "is not one of admin, api", ErrorCode::InvalidArgument));
    if (description.size() > kLongestDescription)
        return fail(ErrorCode::InvalidArgument, fmt::format("body: description is longer than {} bytes", kLongestDescription));
    return KeyWish{scope == "admin" ? store::Scope::Admin : store::Scope::Api, std::move(description)};
}

void createKey(const Context& context, const CallPointer& call)
{
    auto wish = readKeyWish(*call);
    if (!wish)
        return call->reply(tl::unexpected(wish.error()));
    store::Stores& stores = context.host.stores();
    const auto made = std::make_shared<store::NewKey>();
    const auto job = [made, wanted = *std::move(wish)](store::Database& database) -> Result<> {
        TINTYPE_TRY_ASSIGN(*made, store::KeyStore::create(database, wanted.scope, wanted.description));
        return {};
    };
    answerWhenWritten(context, call, job, [&stores, made] {
        stores.keys().reload(stores.reader());
        Json json{{"key", made->text}};
        json.update(keyJson(made->key));
        return jsonAnswer(json);
    });
}

void revokeKey(const Context& context, const CallPointer& call)
{
    store::Stores& stores = context.host.stores();
    const auto job = [id = call->parameter("key")](store::Database& database) { return store::KeyStore::revoke(database, id); };
    answerWhenWritten(context, call, job, [&stores] {
        stores.keys().reload(stores.reader());
        return noContent();
    });
}

Result<http::Response> listSecrets(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const Paging paging, pagingOf(call.request));
    TINTYPE_TRY_ASSIGN(const auto names, store::secretNames(context.host.stores().reader()));
    Json items = Json::array();
    for (const store::SecretName& secret : names)
        items.push_back({{"name", secret.name}, {"created_at", isoTime(secret.created)}});
    TINTYPE_TRY_ASSIGN(const Json page, pageOf(items, paging.limit, paging.cursor));
    return jsonAnswer(page);
}

/// No error here may repeat what was given.
Result<std::string> readSecretValue(const Call& call)
{
    const auto body = nlohmann::json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
    if (!body.is_object() || body.size() != 1 || !body.contains("value") || !body.at("value").is_string())
        return fail(ErrorCode::InvalidArgument, "body: not an object with the one field value, a string");
    auto value = body.at("value").get<std::string>();
    if (value.empty() || value.size() > kLongestSecret || value.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("body: value has {} bytes; 1 to {} without a NUL are allowed", value.size(), kLongestSecret));
    return value;
}

void setSecret(const Context& context, const CallPointer& call)
{
    auto value = readSecretValue(*call);
    if (!value)
        return call->reply(tl::unexpected(value.error()));
    const store::Vault& vault = context.host.stores().vault();
    const auto job = [&vault, name = call->parameter("name"), secret = *std::move(value)](store::Database& database) {
        return store::saveSecret(database, vault, name, secret);
    };
    answerWhenWritten(context, call, job, noContent);
}

void deleteSecret(const Context& context, const CallPointer& call)
{
    const auto job = [name = call->parameter("name")](store::Database& database) { return store::deleteSecret(database, name); };
    answerWhenWritten(context, call, job, noContent);
}

} // namespace

ApiRoutes keyRoutes(Context& context)
{
    const auto later = [&context](void (*handler)(const Context&, const CallPointer&)) {
        return [&context, handler](const CallPointer& call) { handler(context, call); };
    };
    return {
        {.method = "GET",
            .pattern = "/v1/keys",
            .summary = "All keys, without their secrets",
            .answer = "page of Key",
            .handle = answer([&context](const Call& call) { return listKeys(context, call); })},
        {.method = "POST",
            .pattern = "/v1/keys",
            .summary = "Make a key; this answer alone holds its secret",
            .body = "NewKey",
            .answer = "CreatedKey",
            .handle = later(createKey)},
        {.method = "DELETE",
            .pattern = "/v1/keys/{key}",
            .summary = "Revoke it at once",
            .answer = "nothing",
            .handle = later(revokeKey)},
        {.method = "GET",
            .pattern = "/v1/secrets",
            .summary = "Names of secrets, never their values",
            .answer = "page of Secret",
            .handle = answer([&context](const Call& call) { return listSecrets(context, call); })},
        {.method = "PUT",
            .pattern = "/v1/secrets/{name}",
            .summary = "Keep a value under this name, in place of an older one; replicas that start later get it",
            .body = "SecretValue",
            .answer = "nothing",
            .handle = later(setSecret)},
        {.method = "DELETE",
            .pattern = "/v1/secrets/{name}",
            .summary = "Forget it",
            .answer = "nothing",
            .handle = later(deleteSecret)},
    };
}

} // namespace tintype::api
