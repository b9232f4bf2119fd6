// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_reader.h"
#include "deploy/domain/definition_yaml.h"
#include "deploy/domain/requirement_text.h"
#include "deploy/domain/scaling_fields.h"
#include "engine/base/json_fields.h"

#include <fmt/format.h>

namespace tintype::domain {
namespace {

using Json = nlohmann::json;
using Kind = DefinitionNode::Kind;

/// JSON that a definition holds as text. What is not an object says nothing.
Json embedded(const std::string& text)
{
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_object() ? value : Json::object();
}

Json jsonOf(int value) { return value; }
Json jsonOf(std::chrono::seconds value) { return value.count(); }
Json jsonOf(const Names& value) { return value; }

void put(Json& object, std::string_view name, Json value, const Json& defaultValue)
{
    if (value != defaultValue)
        object[std::string(name)] = std::move(value);
}

Json requirementsJson(const AppDefinition& definition)
{
    Json list = Json::array();
    for (const Requirement& requirement : definition.requirements)
        list.push_back(canonicalText(requirement));
    return list;
}

Json setupJson(const AppDefinition& definition)
{
    const SetupSpec& setup = definition.setup;
    const auto model = parseRequirement(setup.model);
    Json json{{"model", model ? canonicalText(*model) : setup.model}};
    put(json, "variant", setup.variant, "");
    put(json, "dtype", setup.dtype, SetupSpec{}.dtype);
    put(json, "scheduler", embedded(setup.scheduler), Json::object());
    if (setup.warmup)
        json["warmup"] = embedded(*setup.warmup);
    return json;
}

Json endpointsJson(const AppDefinition& definition)
{
    Json map = Json::object();
    for (const EndpointSpec& endpoint : definition.endpoints) {
        Json json{{"task", endpoint.task}};
        put(json, "defaults", embedded(endpoint.defaults), Json::object());
        map[endpoint.path] = std::move(json);
    }
    return map;
}

/// JSON has no lines: every problem of its fields stands at the start.
DefinitionNode nodeOf(const Json& value)
{
    DefinitionNode node;
    if (value.is_null())
        return node;
    if (value.is_object()) {
        node.kind = Kind::Map;
        for (const auto& [name, item] : value.items()) {
            node.keys.push_back({name, {}});
            node.items.push_back(nodeOf(item));
        }
    } else if (value.is_array()) {
        node.kind = Kind::List;
        for (const Json& item : value)
            node.items.push_back(nodeOf(item));
    } else {
        node.kind = Kind::Scalar;
        node.isQuoted = value.is_string();
        node.text = node.isQuoted ? value.get<std::string>() : value.dump();
    }
    return node;
}

} // namespace

std::string canonicalJson(const AppDefinition& definition)
{
    Json json{{"name", definition.name}};
    put(json, "num_gpus", definition.numGpus, AppDefinition{}.numGpus);
    put(json, "requirements", requirementsJson(definition), Json::array());
    put(json, "secrets", definition.secrets, Json::array());
    if (definition.auth) // said nowhere, it may come from the app that is there
        json["auth"] = authModeName(*definition.auth);
    const Scaling defaults;
    for (const ScalingField& field : scalingFields()) {
        std::visit(
            [&](auto slot) {
                if (const auto& setting = definition.scaling.*slot.setting)
                    put(json, field.name, jsonOf(*setting), jsonOf(defaults.*slot.value));
            },
            field.slot);
    }
    if (definition.pythonApp) {
        json["app"] = *definition.pythonApp;
    } else {
        json["setup"] = setupJson(definition);
        json["endpoints"] = endpointsJson(definition);
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<AppDefinition> definitionFromJson(std::string_view json)
{
    TINTYPE_TRY_ASSIGN(const Json parsedJson, JsonFields::parseObject(json, "definition"));
    ParsedDefinition parsed = readDefinitionTree(nodeOf(parsedJson), {});
    if (parsed.problems.empty())
        return std::move(parsed.definition);
    std::string message = "definition";
    for (const DefinitionProblem& problem : parsed.problems)
        message += (message.size() == std::string_view("definition").size() ? ": " : "; ") + problem.message;
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

} // namespace tintype::domain
