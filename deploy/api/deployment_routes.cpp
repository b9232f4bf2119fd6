// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"

#include <fmt/format.h>

namespace tintype::api {
namespace {

constexpr std::size_t kMaxDeployment = std::size_t{16} << 20;
constexpr std::size_t kMostFiles = 100'000;
constexpr std::int64_t kLargestFile = std::int64_t{1} << 44;
constexpr std::size_t kLongestMessage = 10'000;
constexpr std::size_t kMostAnnotations = 100;

Result<std::vector<store::StoredFile>> filesField(const nlohmann::json& body)
{
    std::vector<store::StoredFile> files;
    const auto list = body.find("files");
    if (list == body.end() || list->is_null())
        return files;
    if (!list->is_array() || list->size() > kMostFiles)
        return fail(ErrorCode::InvalidArgument, fmt::format("body: files is not a list of at most {} files", kMostFiles));
    for (const nlohmann::json& entry : *list) {
        const std::string source = fmt::format("body: files[{}]", files.size());
        TINTYPE_TRY(checkFields(entry, "File", source));
        const JsonFields fields(entry, source);
        store::StoredFile file;
        TINTYPE_TRY_ASSIGN(file.path, requiredString(fields, "path"));
        TINTYPE_TRY_ASSIGN(file.sha256, sha256Field(fields));
        TINTYPE_TRY_ASSIGN(const auto size, fields.integer("size", -1, 0, kLargestFile));
        if (size < 0)
            return fail(ErrorCode::InvalidArgument, source + ": size is missing");
        file.size = static_cast<std::uint64_t>(size);
        files.push_back(std::move(file));
    }
    return files;
}

Result<std::map<std::string, std::string>> annotationsField(const nlohmann::json& body)
{
    std::map<std::string, std::string> annotations;
    const auto object = body.find("annotations");
    if (object == body.end() || object->is_null())
        return annotations;
    if (!object->is_object() || object->size() > kMostAnnotations)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("body: annotations is not an object of at most {} texts", kMostAnnotations));
    const JsonFields fields(*object, "body: annotations");
    for (const auto& [name, value] : object->items()) {
        TINTYPE_TRY_ASSIGN(annotations[name], fields.string(name, ""));
    }
    return annotations;
}

Result<runtime::DeployRequest> readDeployment(const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "Deployment"));
    const JsonFields fields(body, "body");
    runtime::DeployRequest request;
    TINTYPE_TRY_ASSIGN(request.definition, requiredString(fields, "definition"));
    TINTYPE_TRY_ASSIGN(request.files, filesField(body));
    TINTYPE_TRY_ASSIGN(request.name, fields.string("name", ""));
    TINTYPE_TRY_ASSIGN(request.message, fields.string("message", ""));
    TINTYPE_TRY_ASSIGN(request.annotations, annotationsField(body));
    TINTYPE_TRY_ASSIGN(request.auth, authField(fields));
    TINTYPE_TRY_ASSIGN(request.strategy, strategyField(fields));
    TINTYPE_TRY_ASSIGN(request.resetScale, fields.boolean("reset_scale", false));
    TINTYPE_TRY_ASSIGN(request.ephemeral, fields.boolean("ephemeral", false));
    if (request.message.size() > kLongestMessage)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("body: message has {} bytes, at most {} are kept", request.message.size(), kLongestMessage));
    request.actor = call.caller.keyId;
    return request;
}

Result<http::Response> check(const Context& context, const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto request, readDeployment(call));
    TINTYPE_TRY_ASSIGN(const auto plan, context.host.apps().plan(request));
    return jsonAnswer(planJson(plan));
}

void deploy(const Context& context, const CallPointer& call)
{
    const auto request = readDeployment(*call);
    if (!request)
        return call->reply(tl::unexpected(request.error()));
    const auto done = [&context, call](const Result<runtime::DeployReceipt>& receipt) {
        if (!receipt)
            return call->reply(tl::unexpected(receipt.error()));
        const auto info = context.host.apps().info(receipt->app);
        const UrlMap urls = context.urls.ofApp(context.urls.base(call->request), receipt->app);
        call->reply(jsonAnswer(receiptJson(*receipt, urls, info && info->rolling)));
    };
    context.host.apps().deploy(*request, done);
}

} // namespace

ApiRoutes deploymentRoutes(Context& context)
{
    return {
        {.method = "POST",
            .pattern = "/v1/deployments/check",
            .summary = "What a deployment would do",
            .body = "Deployment",
            .answer = "Plan",
            .handle = answer([&context](const Call& call) { return check(context, call); }),
            .maxBody = kMaxDeployment},
        {.method = "POST",
            .pattern = "/v1/deployments",
            .summary = "Make a revision and roll it out; answers when it is kept, before its replicas are ready",
            .body = "Deployment",
            .answer = "Receipt",
            .handle = [&context](const CallPointer& call) { deploy(context, call); },
            .maxBody = kMaxDeployment},
    };
}

} // namespace tintype::api
