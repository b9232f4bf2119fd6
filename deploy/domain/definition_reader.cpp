// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_reader.h"

#include "deploy/domain/name_suggestion.h"
#include "deploy/domain/requirement_text.h"
#include "deploy/domain/scaling_fields.h"
#include "deploy/domain/source_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr int kMostGpus = 8;
constexpr std::array<std::string_view, 3> kAuthModes{"private", "public", "shared"}; // in the order of AuthMode

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// [a-z0-9]+(-[a-z0-9]+)*
bool isKebabCase(std::string_view name)
{
    char before = '-';
    for (const char c : name) {
        if (!isLower(c) && !isDigit(c) && (c != '-' || before == '-'))
            return false;
        before = c;
    }
    return before != '-';
}

/// [A-Z_][A-Z0-9_]*
bool isEnvironmentName(std::string_view name)
{
    return name.size() <= kLongestName && !isDigit(name.front())
        && std::ranges::all_of(name, [](char c) { return isUpper(c) || isDigit(c) || c == '_'; });
}

bool isMachineName(std::string_view name)
{
    return name.size() <= kLongestName && (isLower(name.front()) || isUpper(name.front()) || isDigit(name.front()))
        && std::ranges::all_of(
            name, [](char c) { return isLower(c) || isUpper(c) || isDigit(c) || c == '-' || c == '_' || c == '.'; });
}

/// FILE.py::CLASS, the file in the definition's folder.
bool isPythonApp(std::string_view text)
{
    constexpr std::string_view kSeparator = ".py::";
    const std::size_t at = text.find(kSeparator);
    return at != std::string_view::npos && at > 0 && text.front() != '/' && text.find("..") == std::string_view::npos
        && at + kSeparator.size() < text.size();
}

void readName(NodeReader& reader, const DefinitionNode& node)
{
    const auto name = reader.text(node, "name");
    if (!name)
        return;
    if (name->size() > kLongestName)
        reader.problem(node.mark, fmt::format("name has {} characters; {} are the limit", name->size(), kLongestName));
    else if (!isKebabCase(*name))
        reader.problem(node.mark,
            fmt::format(
                "name = {} is not kebab-case: small letters and digits, parts joined by one -", shortened(*name)));
    else
        reader.definition().name = *name;
}

void readAuth(NodeReader& reader, const DefinitionNode& node)
{
    if (const auto index = reader.choice(node, "auth", kAuthModes))
        reader.definition().auth = static_cast<AuthMode>(*index);
}

void readNumGpus(NodeReader& reader, const DefinitionNode& node)
{
    if (const auto number = reader.whole(node, "num_gpus", 1, kMostGpus))
        reader.definition().numGpus = *number;
}

/// A secret that was put here by mistake is not repeated.
void readSecrets(NodeReader& reader, const DefinitionNode& node)
{
    reader.texts(node, "secrets", false, [&reader](const std::string& path, const std::string& name, Mark mark) {
        if (isEnvironmentName(name))
            reader.definition().secrets.push_back(name);
        else
            reader.problem(mark,
                path
                    + " is not the name of an environment variable: capital letters, digits and _; its value is set on "
                      "the host");
    });
}

void readApp(NodeReader& reader, const DefinitionNode& node)
{
    const auto app = reader.text(node, "app");
    if (!app)
        return;
    if (isPythonApp(*app))
        reader.definition().pythonApp = *app;
    else
        reader.problem(
            node.mark, fmt::format("app = {} is not FILE.py::CLASS in the definition's folder", shortened(*app)));
}

void readMachineTypes(NodeReader& reader, const DefinitionNode& node, Names& names)
{
    reader.texts(node, "machine_type", true, [&](const std::string& path, const std::string& name, Mark mark) {
        if (isMachineName(name))
            names.push_back(name);
        else
            reader.problem(mark, fmt::format("{} = {} is not the name of a machine type", path, shortened(name)));
    });
    if (node.kind == DefinitionNode::Kind::Null || (node.kind == DefinitionNode::Kind::List && node.items.empty()))
        reader.problem(node.mark, "machine_type names no machine");
}

void readRegions(NodeReader& reader, const DefinitionNode& node, Names& names)
{
    reader.texts(node, "regions", false, [&](const std::string& path, const std::string& name, Mark mark) {
        if (std::ranges::find(regionNames(), std::string_view(name)) != regionNames().end())
            names.push_back(name);
        else
            reader.problem(
                mark, fmt::format("{} = {} is not a region{}", path, shortened(name), suggestion(name, regionNames())));
    });
}

void readScaling(NodeReader& reader, const ScalingField& field, const DefinitionNode& node)
{
    const std::string path(field.name);
    ScalingSettings& settings = reader.definition().scaling;
    if (const auto* number = std::get_if<ScalingSlot<int>>(&field.slot)) {
        settings.*number->setting = reader.whole(node, path, field.low, field.high);
    } else if (const auto* time = std::get_if<ScalingSlot<std::chrono::seconds>>(&field.slot)) {
        if (const auto seconds = reader.seconds(node, path, field.low, field.high))
            settings.*time->setting = std::chrono::seconds(*seconds);
    } else if (field.name == "machine_type") {
        readMachineTypes(reader, node, settings.machineTypes.emplace());
    } else {
        readRegions(reader, node, settings.regions.emplace());
    }
}

struct Part {
    std::string_view name;
    void (*read)(NodeReader&, const DefinitionNode&);
};

constexpr std::array kParts{Part{"name", readName}, Part{"app", readApp}, Part{"num_gpus", readNumGpus},
    Part{"requirements", readRequirements}, Part{"auth", readAuth}, Part{"secrets", readSecrets},
    Part{"setup", readSetup}, Part{"endpoints", readEndpoints}};

void readField(NodeReader& reader, const std::string& name, const DefinitionNode& node)
{
    if (const ScalingField* field = findScalingField(name))
        return readScaling(reader, *field, node);
    std::ranges::find(kParts, std::string_view(name), &Part::name)->read(reader, node);
}

void checkLimitsInOrder(NodeReader& reader)
{
    const ScalingSettings& settings = reader.definition().scaling;
    const int least = settings.minConcurrency.value_or(Scaling{}.minConcurrency);
    const int most = settings.maxConcurrency.value_or(Scaling{}.maxConcurrency);
    if (least > most)
        reader.problemAt("min_concurrency",
            fmt::format("min_concurrency = {} is above max_concurrency = {}{}", least, most,
                settings.maxConcurrency ? "" : ", the default"));
}

/// Setup and endpoints describe an app, or a Python file does.
void checkKind(NodeReader& reader)
{
    const bool isPython = reader.has("app");
    for (const char* part : {"setup", "endpoints"}) {
        if (isPython && reader.has(part))
            reader.problemAt(part, fmt::format("{} cannot stand beside app: the Python class says it", part));
    }
    if (!isPython && !reader.has("setup"))
        reader.problem({}, "setup is missing: it names the model");
    else if (!isPython && !reader.has("setup.model"))
        reader.problemAt("setup", "setup.model is missing");
    if (!isPython && !reader.has("endpoints"))
        reader.definition().endpoints.emplace_back();
}

/// The model is one of the requirements; what it leaves open, the requirement says.
void checkModel(NodeReader& reader)
{
    std::string& model = reader.definition().setup.model;
    if (model.empty())
        return;
    const auto wanted = parseRequirement(model);
    std::string known;
    for (const Requirement& requirement : reader.definition().requirements) {
        const bool saysRevision = model.find('@') != std::string::npos;
        if (requirement.kind == wanted->kind && requirement.name == wanted->name
            && (!saysRevision || requirement.revision == wanted->revision)) {
            model = requirement.text;
            return;
        }
        if (requirement.kind != Requirement::Kind::Pip)
            known += (known.empty() ? "" : ", ") + requirement.text;
    }
    reader.problemAt("setup.model",
        fmt::format("setup.model = {} is not one of the requirements ({})", shortened(model),
            known.empty() ? "there are none" : known));
}

} // namespace

ParsedDefinition readDefinitionTree(const DefinitionNode& root, std::vector<DefinitionProblem> problems)
{
    ParsedDefinition parsed;
    parsed.problems = std::move(problems);
    NodeReader reader(parsed);
    if (root.kind == DefinitionNode::Kind::Null)
        reader.problem({}, "the file is empty");
    reader.fields(root, "", knownFields(""),
        [&reader](const std::string& name, const DefinitionNode& node) { readField(reader, name, node); });
    if (root.kind == DefinitionNode::Kind::Map) {
        if (!reader.has("name"))
            reader.problem({}, "name is missing");
        checkKind(reader);
        checkLimitsInOrder(reader);
        checkModel(reader);
    }
    std::ranges::stable_sort(
        parsed.problems, {}, [](const DefinitionProblem& p) { return std::pair(p.line, p.column); });
    return parsed;
}

} // namespace tintype::domain
