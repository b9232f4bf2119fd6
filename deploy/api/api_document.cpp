// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/api_document.h"

#include "deploy/api/schemas.h"

#include <QString>
#include <algorithm>
#include <fmt/format.h>

namespace tintype::api {
namespace {

std::string lowerMethod(const ApiRoute& route)
{
    return route.method == "WS" ? "get" : QString::fromStdString(route.method).toLower().toStdString();
}

/// "GET /v1/apps/{app}/diff" → "get_apps_app_diff"
std::string operationId(const ApiRoute& route)
{
    std::string id = lowerMethod(route);
    for (const char byte : route.pattern) {
        if (byte == '/')
            id += '_';
        else if (byte != '{' && byte != '}')
            id += byte == '.' ? '_' : byte;
    }
    const auto version = id.find("_v1");
    return version == std::string::npos ? id : id.erase(version, 3);
}

Json parametersOf(const ApiRoute& route)
{
    Json parameters = Json::array();
    for (const std::string& name : pathParameters(route.pattern))
        parameters.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    for (const Field& field : queryParameters(route)) {
        // A time may also be a number or an age, so it is a plain string here.
        Json schema = field.type == "time" ? Json{{"type", "string"}} : typeSchema(field.type);
        parameters.push_back({{"name", field.name}, {"in", "query"}, {"required", false}, {"schema", std::move(schema)}});
        if (!field.help.empty())
            parameters.back()["description"] = field.help;
    }
    return parameters;
}

Json bodyOf(const ApiRoute& route)
{
    const bool isBinary = route.bodyToFile;
    const Json schema = isBinary ? Json{{"type", "string"}, {"format", "binary"}} : typeSchema(route.body);
    return {{"required", true},
        {"content", {{isBinary ? "application/octet-stream" : "application/json", {{"schema", schema}}}}}};
}

Json errorAnswer()
{
    return {{"description", "what is wrong, in one sentence"},
        {"content", {{"application/json", {{"schema", typeSchema("Error")}}}}}};
}

Json answersOf(const ApiRoute& route)
{
    Json answers = Json::object();
    if (route.method == "WS")
        answers["101"] = {{"description", "a WebSocket; its messages are JSON objects"}};
    else if (route.answer.empty())
        answers["200"] = {{"description", route.summary}};
    else if (route.answer == "nothing")
        answers["204"] = {{"description", "done"}};
    else
        answers["200"] = {{"description", route.summary},
            {"content", {{"application/json", {{"schema", typeSchema(route.answer)}}}}}};
    answers["default"] = errorAnswer();
    return answers;
}

Json operationOf(const ApiRoute& route)
{
    Json operation{{"operationId", operationId(route)}, {"summary", route.summary}};
    if (Json parameters = parametersOf(route); !parameters.empty())
        operation["parameters"] = std::move(parameters);
    if (!route.body.empty() || route.bodyToFile)
        operation["requestBody"] = bodyOf(route);
    operation["responses"] = answersOf(route);
    if (route.scope == Scope::Anyone)
        operation["security"] = Json::array();
    operation["x-tintype-scope"] = scopeName(route.scope);
    if (route.method == "WS")
        operation["x-websocket"] = true;
    return operation;
}

Json componentsOf()
{
    Json all = Json::object();
    for (const Schema& schema : schemas())
        all[schema.name] = objectSchema(schema);
    return {{"schemas", all},
        {"securitySchemes",
            {{"key",
                {{"type", "apiKey"}, {"in", "header"}, {"name", "Authorization"}, {"description", "Key id:secret"}}}}}};
}

} // namespace

std::string apiDocument(const ApiRoutes& routes)
{
    Json paths = Json::object();
    for (const ApiRoute& route : routes)
        paths[route.pattern][lowerMethod(route)] = operationOf(route);
    const Json document{{"openapi", "3.1.0"}, {"info", {{"title", "Tintype host"}, {"version", "1"}}}, {"paths", paths},
        {"components", componentsOf()}, {"security", Json::array({Json{{"key", Json::array()}}})}};
    return document.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

} // namespace tintype::api
