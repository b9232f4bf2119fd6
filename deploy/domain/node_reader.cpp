// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/node_reader.h"

#include "deploy/domain/fal_fields.h"
#include "deploy/domain/name_suggestion.h"
#include "deploy/domain/source_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace tintype::domain {
namespace {

using Json = nlohmann::json;
using Kind = DefinitionNode::Kind;

constexpr std::size_t kMostProblems = 100;
constexpr std::size_t kMostItems = 100;
constexpr std::string_view kDigits = "0123456789";

std::string_view kindName(const DefinitionNode& node)
{
    switch (node.kind) {
    case Kind::Null: return "nothing";
    case Kind::Scalar: return "a single value";
    case Kind::List: return "a list";
    case Kind::Map: return "a map";
    }
    return {};
}

/// Digits without a leading zero, which YAML 1.1 would take for an octal number.
bool isWhole(std::string_view text)
{
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos
        && (text.size() == 1 || text.front() != '0');
}

template <class Number>
std::optional<Number> parsed(std::string_view text)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// A plain scalar in YAML 1.2's core schema, without its hexadecimal and octal numbers.
Json plainValue(std::string_view text)
{
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    const std::string_view unsignedText = text.starts_with('+') ? text.substr(1) : text;
    const std::string_view start = unsignedText.substr(unsignedText.starts_with('-') ? 1 : 0);
    if (start.empty() || (start.front() != '.' && kDigits.find(start.front()) == std::string_view::npos))
        return text;
    if (const auto value = parsed<std::int64_t>(unsignedText))
        return *value;
    if (const auto value = parsed<std::uint64_t>(unsignedText))
        return *value;
    if (const auto value = parsed<double>(unsignedText); value && std::isfinite(*value))
        return *value;
    return text;
}

} // namespace

std::string joinPath(const std::string& path, std::string_view name)
{
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

bool NodeReader::isFull() const { return m_parsed.problems.size() >= kMostProblems; }

void NodeReader::problem(Mark mark, std::string message)
{
    if (!isFull())
        m_parsed.problems.push_back({mark.line, mark.column, std::move(message)});
}

void NodeReader::problemAt(const std::string& path, std::string message)
{
    const auto found = m_parsed.marks.find(path);
    problem(found == m_parsed.marks.end() ? Mark{} : found->second, std::move(message));
}

void NodeReader::fields(const DefinitionNode& node, const std::string& path, std::span<const std::string_view> known,
    const FieldVisitor& visit)
{
    if (node.kind == Kind::Null || !expect(node, path, Kind::Map, "a map of fields"))
        return;
    for (std::size_t index = 0; index < node.keys.size() && !isFull(); ++index) {
        const DefinitionNode::Key& key = node.keys[index];
        if (!known.empty() && std::ranges::find(known, std::string_view(key.name)) == known.end()) {
            unknownField(key, path, known);
            continue;
        }
        m_parsed.marks[joinPath(path, shortened(key.name))] = key.mark;
        visit(key.name, node.items[index]);
    }
}

void NodeReader::unknownField(
    const DefinitionNode::Key& key, const std::string& path, std::span<const std::string_view> known)
{
    const std::string hint = path.empty() ? falFieldHint(key.name) : std::string();
    if (!hint.empty())
        return problem(key.mark, hint);
    problem(key.mark,
        fmt::format("unknown field '{}'{}{}{}", shortened(key.name), path.empty() ? "" : " in ", path,
            suggestion(key.name, known)));
}

bool NodeReader::expect(const DefinitionNode& node, const std::string& path, Kind kind, std::string_view wanted)
{
    if (node.kind == kind)
        return true;
    problem(node.mark, fmt::format("{} must be {}, not {}", path.empty() ? "the file" : path, wanted, kindName(node)));
    return false;
}

std::optional<int> NodeReader::whole(const DefinitionNode& node, const std::string& path, int low, int high)
{
    return number(node, path, low, high, /*isSeconds=*/false);
}

std::optional<int> NodeReader::seconds(const DefinitionNode& node, const std::string& path, int low, int high)
{
    return number(node, path, low, high, /*isSeconds=*/true);
}

std::optional<int> NodeReader::number(
    const DefinitionNode& node, const std::string& path, int low, int high, bool isSeconds)
{
    const std::string wanted = isSeconds ? "a whole number of seconds" : "a whole number";
    if (!expect(node, path, Kind::Scalar, wanted))
        return std::nullopt;
    const std::string value = shortened(node.text);
    if (node.isQuoted || !isWhole(node.text)) {
        const bool hasUnit = isSeconds && !node.isQuoted && !node.text.empty()
            && kDigits.find(node.text.front()) != kDigits.npos && node.text.find('.') == std::string::npos;
        if (hasUnit)
            problem(node.mark, fmt::format("{}: write seconds as a number, such as 300, not '{}'", path, value));
        else
            problem(node.mark,
                fmt::format("{} must be {}, not {}'{}'", path, wanted, node.isQuoted ? "the text " : "", value));
        return std::nullopt;
    }
    const auto result = parsed<int>(node.text);
    if (result && *result >= low && *result <= high)
        return result;
    problem(node.mark, fmt::format("{} = {} is not within {} to {}", path, value, low, high));
    return std::nullopt;
}

std::optional<std::string> NodeReader::text(const DefinitionNode& node, const std::string& path)
{
    if (!expect(node, path, Kind::Scalar, "a text"))
        return std::nullopt;
    if (!node.text.empty())
        return node.text;
    problem(node.mark, path + " is empty");
    return std::nullopt;
}

std::optional<std::size_t> NodeReader::choice(
    const DefinitionNode& node, const std::string& path, std::span<const std::string_view> names)
{
    const auto given = text(node, path);
    if (!given)
        return std::nullopt;
    const auto found = std::ranges::find(names, std::string_view(*given));
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    problem(node.mark,
        fmt::format(
            "{} = {} is not one of {}{}", path, shortened(*given), fmt::join(names, ", "), suggestion(*given, names)));
    return std::nullopt;
}

void NodeReader::texts(const DefinitionNode& node, const std::string& path, bool acceptsOne, const ItemVisitor& visit)
{
    if (acceptsOne && node.kind == Kind::Scalar) {
        if (const auto one = text(node, path))
            visit(path, *one, node.mark);
        return;
    }
    if (node.kind == Kind::Null || !expect(node, path, Kind::List, acceptsOne ? "a name or a list of names" : "a list"))
        return;
    if (node.items.size() > kMostItems)
        return problem(
            node.mark, fmt::format("{} has {} entries; {} are the limit", path, node.items.size(), kMostItems));
    std::vector<std::string> seen;
    for (std::size_t index = 0; index < node.items.size(); ++index) {
        const std::string itemPath = fmt::format("{}[{}]", path, index);
        const DefinitionNode& item = node.items[index];
        m_parsed.marks[itemPath] = item.mark;
        const auto one = text(item, itemPath);
        if (!one)
            continue;
        if (std::ranges::find(seen, *one) != seen.end()) {
            problem(item.mark, fmt::format("{} says the same as an entry before it", itemPath));
            continue;
        }
        seen.push_back(*one);
        visit(itemPath, *one, item.mark);
    }
}

std::optional<Json> NodeReader::object(const DefinitionNode& node, const std::string& path)
{
    if (node.kind == Kind::Null)
        return Json::object();
    if (!expect(node, path, Kind::Map, "a map"))
        return std::nullopt;
    return json(node, path);
}

Json NodeReader::json(const DefinitionNode& node, const std::string& path)
{
    Json value;
    switch (node.kind) {
    case Kind::Null: break;
    case Kind::Scalar: value = node.isQuoted ? Json(node.text) : plainValue(node.text); break;
    case Kind::List:
        value = Json::array();
        for (std::size_t index = 0; index < node.items.size(); ++index)
            value.push_back(json(node.items[index], fmt::format("{}[{}]", path, index)));
        break;
    case Kind::Map:
        value = Json::object();
        for (std::size_t index = 0; index < node.keys.size(); ++index) {
            const std::string fieldPath = joinPath(path, shortened(node.keys[index].name));
            m_parsed.marks[fieldPath] = node.keys[index].mark;
            value[node.keys[index].name] = json(node.items[index], fieldPath);
        }
        break;
    }
    return value;
}

} // namespace tintype::domain
