// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_object.h"

#include "engine/base/json_scanner.h"

#include <charconv>
#include <fmt/format.h>

namespace tintype {
namespace {

constexpr std::size_t kShownLength = 60;

bool isString(std::string_view value) { return value.starts_with('"'); }
bool isNumber(std::string_view value) { return value.front() == '-' || (value.front() >= '0' && value.front() <= '9'); }
std::string_view unquoted(std::string_view string) { return string.substr(1, string.size() - 2); }

template <class Number>
std::optional<Number> readWhole(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// The entries of a checked list.
std::vector<std::string_view> entriesOf(std::string_view list)
{
    std::vector<std::string_view> entries;
    JsonScanner scanner(list);
    scanner.skip('[');
    while (!scanner.skip(']')) {
        entries.push_back(*scanner.value());
        scanner.skip(',');
    }
    return entries;
}

} // namespace

Result<JsonObject> JsonObject::parse(std::string_view text, std::string source)
{
    JsonScanner scanner(text);
    JsonObject object(std::move(source));
    const bool isObject = scanner.skip('{');
    const bool isGood = (isObject ? object.readFields(scanner) : scanner.value().has_value()) && scanner.isAtEnd();
    if (scanner.isTooDeep())
        return fail(ErrorCode::Corrupt, fmt::format("{}: JSON is nested deeper than {} levels", object.source(), JsonScanner::kMaxDepth));
    if (!isGood)
        return fail(ErrorCode::Corrupt, fmt::format("{}: not valid JSON", object.source()));
    if (!isObject)
        return fail(ErrorCode::Corrupt, fmt::format("{}: the top of the JSON is not an object", object.source()));
    return object;
}

JsonObject JsonObject::ofChecked(std::string_view text, std::string source)
{
    JsonScanner scanner(text);
    JsonObject object(std::move(source));
    scanner.skip('{');
    object.readFields(scanner);
    return object;
}

/// What follows the opening bracket.
bool JsonObject::readFields(JsonScanner& scanner)
{
    m_fields.reserve(16);
    for (bool isFirst = true; !scanner.skip('}'); isFirst = false) {
        if (!isFirst && !scanner.skip(','))
            return false;
        const auto name = scanner.string();
        if (!name || !scanner.skip(':'))
            return false;
        const auto value = scanner.value();
        if (!value)
            return false;
        m_fields.push_back({*name, *value});
        m_hasEscapedNames = m_hasEscapedNames || name->find('\\') != std::string_view::npos;
    }
    return true;
}

std::optional<std::string_view> JsonObject::find(std::string_view name) const
{
    for (auto field = m_fields.rbegin(); field != m_fields.rend(); ++field) { // of two with one name the last one counts
        if (field->name == name || (m_hasEscapedNames && jsonUnescaped(field->name) == name))
            return field->value;
    }
    return std::nullopt;
}

bool JsonObject::has(std::string_view name) const
{
    const auto value = find(name);
    return value && *value != "null";
}

tl::unexpected<Error> JsonObject::wrongType(std::string_view name, std::string_view wanted) const
{
    const std::string_view value = find(name).value_or("null");
    return fail(ErrorCode::InvalidArgument,
        fmt::format("{}: {} = {}{} is not {}", m_source, name, value.substr(0, kShownLength),
            value.size() > kShownLength ? "…" : "", wanted));
}

Result<bool> JsonObject::boolean(std::string_view name) const
{
    const auto value = find(name);
    if (value != "true" && value != "false")
        return wrongType(name, "true or false");
    return value == "true";
}

Result<std::int64_t> JsonObject::integer(std::string_view name, std::int64_t low, std::int64_t high) const
{
    const auto value = find(name);
    const auto number = value ? readWhole<std::int64_t>(*value) : std::nullopt;
    if (!number)
        return wrongType(name, "a whole number");
    if (*number < low || *number > high)
        return wrongType(name, fmt::format("within {} to {}", low, high));
    return *number;
}

Result<std::uint64_t> JsonObject::unsignedInteger(std::string_view name) const
{
    const auto value = find(name);
    const auto number = value ? readWhole<std::uint64_t>(*value) : std::nullopt;
    if (!number)
        return wrongType(name, "a whole number from 0 to 2^64 - 1");
    return *number;
}

Result<double> JsonObject::number(std::string_view name) const
{
    const auto value = find(name);
    const auto number = value && isNumber(*value) ? readWhole<double>(*value) : std::nullopt;
    if (!number)
        return wrongType(name, "a number");
    return *number;
}

Result<std::string> JsonObject::string(std::string_view name) const
{
    const auto value = find(name);
    if (!value || !isString(*value))
        return wrongType(name, "a string");
    return jsonUnescaped(unquoted(*value));
}

Result<std::vector<double>> JsonObject::numbers(std::string_view name) const
{
    const auto value = find(name);
    if (!value || !value->starts_with('['))
        return wrongType(name, "a list of numbers");
    std::vector<double> numbers;
    for (const std::string_view entry : entriesOf(*value)) {
        const auto number = isNumber(entry) ? readWhole<double>(entry) : std::nullopt;
        if (!number)
            return wrongType(name, "a list of numbers");
        numbers.push_back(*number);
    }
    return numbers;
}

Result<std::vector<std::string>> JsonObject::strings(std::string_view name) const
{
    const auto value = find(name);
    if (!value || !value->starts_with('['))
        return wrongType(name, "a list of strings");
    std::vector<std::string> strings;
    for (const std::string_view entry : entriesOf(*value)) {
        if (!isString(entry))
            return wrongType(name, "a list of strings");
        strings.push_back(jsonUnescaped(unquoted(entry)));
    }
    return strings;
}

std::optional<JsonObject> JsonObject::object(std::string_view name) const
{
    const auto value = find(name);
    if (!value || !value->starts_with('{'))
        return std::nullopt;
    return ofChecked(*value, fmt::format("{}.{}", m_source, name));
}

std::optional<std::vector<std::optional<JsonObject>>> JsonObject::objects(std::string_view name) const
{
    const auto value = find(name);
    if (!value || !value->starts_with('['))
        return std::nullopt;
    std::vector<std::optional<JsonObject>> objects;
    for (const std::string_view entry : entriesOf(*value)) {
        objects.emplace_back();
        if (entry.starts_with('{'))
            objects.back() = ofChecked(entry, fmt::format("{}.{}", m_source, name));
    }
    return objects;
}

} // namespace tintype
