// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/open_api.h"

#include "deploy/domain/open_api_schemas.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

using Json = OrderedJson;

constexpr std::string_view kVersion = "1.0.0";

std::string written(const Json& document) { return document.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// "/" → "Input", "/fast/hd" → "fast.hd.Input": a segment has no dot, so no two paths share a name.
std::string inputName(std::string_view path)
{
    std::string name(path.substr(1));
    std::ranges::replace(name, '/', '.');
    return name.empty() ? "Input" : name + ".Input";
}

std::string below(const std::string& path, std::string_view segment)
{
    return fmt::format("{}/{}", path == "/" ? "" : path, segment);
}

/// "/fast" and "stream" → "post_fast_stream".
std::string operationId(std::string_view path)
{
    std::string id = fmt::format("post{}", path);
    std::ranges::replace(id, '/', '_');
    return id == "post_" ? "post_root" : id;
}

Json operation(const EndpointSpec& endpoint, const std::string& path, std::string_view summary, Json answer)
{
    return {{"summary", summary}, {"operationId", operationId(path)},
        {"requestBody", {{"required", true}, {"content", content(reference(inputName(endpoint.path)))}}},
        {"responses",
            {{"200", {{"description", "Successful Response"}, {"content", std::move(answer)}}},
                {"422",
                    {{"description", "Validation Error"}, {"content", content(reference("HTTPValidationError"))}}}}}};
}

/// The endpoint, its event stream and its socket; the socket stands there as the POST that it repeats.
void addPaths(Json& paths, const EndpointSpec& endpoint)
{
    const auto add = [&](const std::string& path, std::string_view summary, Json answer) {
        paths[path] = {{"post", operation(endpoint, path, summary, std::move(answer))}};
    };
    const std::string stream = below(endpoint.path, "stream");
    const std::string realtime = below(endpoint.path, "realtime");
    const Json event{{"anyOf", Json::array({reference("ProgressEvent"), reference("Output")})}};
    add(endpoint.path, "Draw pictures", content(reference("Output")));
    add(stream, "Draw pictures, told step by step: an event for each step, the output as the last one",
        content(event, "text/event-stream"));
    add(realtime, "Draw a picture for each message of a socket", content(reference("Output")));
    paths[realtime]["x-fal-protocol"] = {{"type", "realtime"}, {"operationId", operationId(realtime)},
        {"config", Json::object()}, {"contentType", "application/msgpack"}, {"realtimeMode", "unary"}};
}

Json queueStatusSchema()
{
    const auto text = [](std::string_view description) {
        return Json{{"type", "string"}, {"description", description}};
    };
    Json status = objectSchema("QueueStatus",
        {{"status", {{"type", "string"}, {"enum", Json::array({"IN_QUEUE", "IN_PROGRESS", "COMPLETED"})}}},
            {"request_id", text("The request id.")}, {"response_url", text("Where the result is.")},
            {"status_url", text("Where the status is.")}, {"cancel_url", text("Where to cancel.")},
            {"logs", {{"type", "object"}, {"description", "Log lines."}, {"additionalProperties", true}}},
            {"metrics", {{"type", "object"}, {"description", "Times in seconds."}, {"additionalProperties", true}}},
            {"queue_position", {{"type", "integer"}, {"description", "Requests that are ahead."}}}},
        {"status", "request_id"});
    status.erase("x-fal-order-properties");
    return status;
}

Json answerOf(std::string_view description, Json schema)
{
    return {{"200", {{"description", description}, {"content", content(std::move(schema))}}}};
}

Json requestParameter()
{
    return {{"name", "request_id"}, {"in", "path"}, {"required", true},
        {"schema", {{"type", "string"}, {"description", "Request ID"}}}};
}

Json queuePaths(const std::string& endpointId)
{
    const std::string submit = "/" + endpointId;
    const std::string request = submit + "/requests/{request_id}";
    const Json logs{{"name", "logs"}, {"in", "query"}, {"required", false},
        {"schema", {{"type", "number"}, {"description", "1 to get log lines, 0 not to."}}}};
    const Json cancelled{{"type", "object"},
        {"properties", {{"success", {{"type", "boolean"}, {"description", "Whether the request was cancelled."}}}}}};
    Json paths;
    paths[submit]["post"] = {{"requestBody", {{"required", true}, {"content", content(reference("Input"))}}},
        {"responses", answerOf("The request status.", reference("QueueStatus"))}};
    paths[request + "/status"]["get"] = {{"parameters", Json::array({requestParameter(), logs})},
        {"responses", answerOf("The request status.", reference("QueueStatus"))}};
    paths[request + "/cancel"]["put"] = {{"parameters", Json::array({requestParameter()})},
        {"responses", answerOf("The request was cancelled.", cancelled)}};
    paths[request]["get"] = {{"parameters", Json::array({requestParameter()})},
        {"responses", answerOf("Result of the request.", reference("Output"))}};
    return paths;
}

} // namespace

std::string appOpenApi(const AppDefinition& definition)
{
    Json paths = Json::object();
    Json schemas;
    for (const EndpointSpec& endpoint : definition.endpoints) {
        addPaths(paths, endpoint);
        schemas[inputName(endpoint.path)] = inputSchema(endpoint, inputName(endpoint.path));
    }
    addSharedSchemas(schemas);
    addAppSchemas(schemas);
    Json order = Json::array();
    for (const auto& [path, item] : paths.items())
        order.push_back(path);
    Json document{{"openapi", "3.1.0"}, {"info", {{"title", definition.name}, {"version", kVersion}}}};
    document["paths"] = std::move(paths);
    document["components"] = {{"schemas", std::move(schemas)}};
    document["x-fal-order-paths"] = std::move(order);
    return written(document);
}

std::string queueOpenApi(const EndpointSpec& endpoint, const std::string& endpointId, const std::string& queueBase)
{
    Json schemas{{"QueueStatus", queueStatusSchema()}, {"Input", inputSchema(endpoint, "Input")}};
    addSharedSchemas(schemas);
    Json document{{"openapi", "3.0.4"},
        {"info",
            {{"title", "Queue OpenAPI for " + endpointId}, {"version", kVersion},
                {"description", "The OpenAPI schema for the " + endpointId + " queue."},
                {"x-fal-metadata", {{"endpointId", endpointId}, {"category", endpoint.task}}}}}};
    document["components"] = {
        {"securitySchemes",
            {{"apiKeyAuth",
                {{"type", "apiKey"}, {"in", "header"}, {"name", "Authorization"}, {"description", "Key ID:SECRET"}}}}},
        {"schemas", std::move(schemas)}};
    document["paths"] = queuePaths(endpointId);
    document["servers"] = Json::array({Json{{"url", queueBase}}});
    document["security"] = Json::array({Json{{"apiKeyAuth", Json::array()}}});
    return written(document);
}

} // namespace tintype::domain
