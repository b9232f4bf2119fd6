// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_reader.h"
#include "deploy/domain/endpoint_fields.h"
#include "deploy/domain/name_suggestion.h"
#include "deploy/domain/requirement_text.h"
#include "deploy/domain/source_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> kDtypes{"auto", "float32", "bfloat16", "float16"};
constexpr std::array kTasks{kTextToImage};
constexpr std::array<std::string_view, 2> kSides{"width", "height"};
constexpr std::size_t kLongestPath = 128;
constexpr std::size_t kLongestVariant = 64;

/// Last segments that a host serves itself below each endpoint.
constexpr std::array<std::string_view, 7> kReserved{
    "stream", "realtime", "requests", "status", "cancel", "health", "openapi.json"};

bool isPathCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// What is wrong with an endpoint's path as the end of a sentence, or empty.
std::string pathFault(std::string_view path)
{
    if (!path.starts_with('/'))
        return "must begin with /";
    if (path.size() > kLongestPath)
        return fmt::format("is longer than {} characters", kLongestPath);
    std::string_view segment;
    for (std::string_view rest = path.substr(1); path != "/";) {
        segment = rest.substr(0, rest.find('/'));
        if (std::ranges::find(kReserved, segment) != kReserved.end())
            return fmt::format("is reserved: hosts serve {} themselves", segment);
        if (segment.empty() || !std::ranges::all_of(segment, isPathCharacter))
            return "may have only letters, digits, _ and - between its slashes";
        if (segment.size() == rest.size())
            break;
        rest.remove_prefix(segment.size() + 1);
    }
    return {};
}

void refuseUnknownInputs(NodeReader& reader, const Json& object, const std::string& path)
{
    std::vector<std::string_view> known;
    std::ranges::transform(textToImageFields(), std::back_inserter(known), &InputField::name);
    const auto check = [&reader](const Json& given, const std::string& place, std::span<const std::string_view> names) {
        for (const auto& [name, value] : given.items()) {
            if (std::ranges::find(names, std::string_view(name)) == names.end())
                reader.problemAt(joinPath(place, shortened(name)),
                    fmt::format("unknown field '{}' in {}{}", shortened(name), place, suggestion(name, names)));
        }
    };
    check(object, path, known);
    if (const auto size = object.find("image_size"); size != object.end() && size->is_object())
        check(*size, joinPath(path, "image_size"), kSides);
}

void readModel(NodeReader& reader, const DefinitionNode& node)
{
    const auto model = reader.text(node, "setup.model");
    if (!model)
        return;
    const auto requirement = parseRequirement(*model);
    if (!requirement)
        reader.problem(node.mark, fmt::format("setup.model = {} {}", shortened(*model), requirement.error()));
    else if (requirement->kind == Requirement::Kind::Pip)
        reader.problem(node.mark, fmt::format("setup.model = {} is neither file: nor hf:", shortened(*model)));
    else
        reader.definition().setup.model = *model;
}

void readVariant(NodeReader& reader, const DefinitionNode& node)
{
    const auto variant = reader.text(node, "setup.variant");
    if (!variant)
        return;
    if (variant->size() <= kLongestVariant && std::ranges::all_of(*variant, isPathCharacter))
        reader.definition().setup.variant = *variant;
    else
        reader.problem(
            node.mark, fmt::format("setup.variant = {} may have only letters, digits, _ and -", shortened(*variant)));
}

void readDtype(NodeReader& reader, const DefinitionNode& node)
{
    if (const auto index = reader.choice(node, "setup.dtype", kDtypes))
        reader.definition().setup.dtype = kDtypes[*index];
}

void readScheduler(NodeReader& reader, const DefinitionNode& node)
{
    const auto scheduler = reader.object(node, "setup.scheduler");
    if (!scheduler || scheduler->empty())
        return;
    if (const auto name = scheduler->find("class"); name != scheduler->end() && !name->is_string())
        reader.problemAt("setup.scheduler.class", "setup.scheduler.class must be the name of a class");
    reader.definition().setup.scheduler = scheduler->dump();
}

void readLoras(NodeReader& reader, const DefinitionNode& node)
{
    const bool isEmpty
        = node.kind == DefinitionNode::Kind::Null || (node.kind == DefinitionNode::Kind::List && node.items.empty());
    if (!isEmpty)
        reader.problem(node.mark, "setup.loras must be an empty list: LoRAs are not supported yet");
}

void readEndpoint(NodeReader& reader, const std::string& path, const DefinitionNode& node)
{
    const std::string place = "endpoints." + path;
    if (const std::string fault = pathFault(path); !fault.empty())
        return reader.problemAt(
            "endpoints." + shortened(path), fmt::format("endpoint '{}' {}", shortened(path), fault));
    EndpointSpec endpoint{.path = path, .task = std::string(kTextToImage), .defaults = {}};
    reader.fields(
        node, place, knownFields("endpoints.PATH."), [&](const std::string& name, const DefinitionNode& value) {
            if (name == "task")
                reader.choice(value, place + ".task", kTasks);
            else
                endpoint.defaults = readInput(reader, value, place + ".defaults", /*needsPrompt=*/false);
        });
    reader.definition().endpoints.push_back(std::move(endpoint));
}

} // namespace

std::string readInput(NodeReader& reader, const DefinitionNode& node, const std::string& path, bool needsPrompt)
{
    const auto object = reader.object(node, path);
    if (!object)
        return {};
    refuseUnknownInputs(reader, *object, path);
    if (needsPrompt && !object->contains("prompt"))
        reader.problemAt(path, path + ".prompt is missing");
    std::vector<FieldError> errors;
    EndpointInput ignored;
    Json copy = *object;
    readFields(copy, ignored, errors);
    for (const FieldError& error : errors) {
        std::string place = path;
        for (std::size_t step = 1; step < error.loc.size(); ++step)
            place = joinPath(place, error.loc[step]);
        reader.problemAt(place, fmt::format("{}: {}", place, error.msg));
    }
    const Json canonical = errors.empty() ? canonicalInput(*object) : Json();
    return canonical.empty() ? std::string() : canonical.dump();
}

void readRequirements(NodeReader& reader, const DefinitionNode& node)
{
    reader.texts(node, "requirements", false, [&reader](const std::string& path, const std::string& text, Mark mark) {
        auto requirement = parseRequirement(text);
        if (!requirement)
            return reader.problem(mark, fmt::format("{} = {} {}", path, shortened(text), requirement.error()));
        auto& all = reader.definition().requirements;
        const bool isThere = std::ranges::any_of(all, [&](const Requirement& other) {
            return other.kind == requirement->kind && other.name == requirement->name;
        });
        if (isThere)
            return reader.problem(mark, fmt::format("{} = {} is required twice", path, shortened(text)));
        all.push_back(*std::move(requirement));
    });
}

void readSetup(NodeReader& reader, const DefinitionNode& node)
{
    reader.fields(
        node, "setup", knownFields("setup."), [&reader](const std::string& name, const DefinitionNode& value) {
            if (name == "model")
                readModel(reader, value);
            else if (name == "variant")
                readVariant(reader, value);
            else if (name == "dtype")
                readDtype(reader, value);
            else if (name == "scheduler")
                readScheduler(reader, value);
            else if (name == "loras")
                readLoras(reader, value);
            else if (value.kind != DefinitionNode::Kind::Null)
                reader.definition().setup.warmup = readInput(reader, value, "setup.warmup", /*needsPrompt=*/true);
        });
}

void readEndpoints(NodeReader& reader, const DefinitionNode& node)
{
    constexpr std::size_t kMostEndpoints = 32;
    reader.fields(node, "endpoints", {},
        [&reader](const std::string& path, const DefinitionNode& value) { readEndpoint(reader, path, value); });
    if (node.keys.size() > kMostEndpoints)
        reader.problem(
            node.mark, fmt::format("endpoints has {} paths; {} are the limit", node.keys.size(), kMostEndpoints));
    const bool isMap = node.kind == DefinitionNode::Kind::Map || node.kind == DefinitionNode::Kind::Null;
    if (isMap && node.keys.empty())
        reader.problem(node.mark, "endpoints names no path");
    std::ranges::sort(reader.definition().endpoints, {}, &EndpointSpec::path);
}

} // namespace tintype::domain
