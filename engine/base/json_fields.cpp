// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_fields.h"

#include <cmath>
#include <fmt/format.h>

namespace tintype {
namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kShownValueLength = 60;

std::string shown(const nlohmann::json& value)
{
    std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() > kShownValueLength)
        text = text.substr(0, kShownValueLength) + "…";
    return text;
}

} // namespace

Result<nlohmann::json> JsonFields::parseObject(std::string_view text, const std::string& source)
{
    bool tooDeep = false;
    const auto guardDepth = [&tooDeep](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        tooDeep = tooDeep || depth > kMaxDepth;
        return !tooDeep;
    };
    nlohmann::json parsed = nlohmann::json::parse(text, guardDepth, /*allow_exceptions=*/false);
    if (tooDeep)
        return fail(ErrorCode::Corrupt, fmt::format("{}: JSON is nested deeper than {} levels", source, kMaxDepth));
    if (parsed.is_discarded())
        return fail(ErrorCode::Corrupt, fmt::format("{}: not valid JSON", source));
    if (!parsed.is_object())
        return fail(ErrorCode::Corrupt, fmt::format("{}: the top of the JSON is not an object", source));
    return parsed;
}

const nlohmann::json* JsonFields::find(std::string_view name) const
{
    const auto found = m_object.find(name);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

bool JsonFields::has(std::string_view name) const
{
    return find(name) != nullptr;
}

Error JsonFields::refuse(std::string_view name, std::string_view why, ErrorCode code) const
{
    const nlohmann::json* value = find(name);
    return Error{code, fmt::format("{}: {} = {} {}", m_source, name, value ? shown(*value) : "null", why), {}};
}

Error JsonFields::wrongType(std::string_view name, std::string_view wanted) const
{
    return refuse(name, fmt::format("is not {}", wanted), ErrorCode::InvalidArgument);
}

Result<bool> JsonFields::boolean(std::string_view name, bool fallback) const
{
    const auto* value = find(name);
    if (!value)
        return fallback;
    if (!value->is_boolean())
        return tl::unexpected(wrongType(name, "true or false"));
    return value->get<bool>();
}

Result<std::int64_t> JsonFields::integer(
    std::string_view name, std::int64_t fallback, std::int64_t low, std::int64_t high) const
{
    const auto* value = find(name);
    if (!value)
        return fallback;
    if (!value->is_number_integer() || (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX))
        return tl::unexpected(wrongType(name, "a whole number"));
    const auto number = value->get<std::int64_t>();
    if (number < low || number > high)
        return tl::unexpected(wrongType(name, fmt::format("within {} to {}", low, high)));
    return number;
}

Result<double> JsonFields::number(std::string_view name, double fallback) const
{
    TINTYPE_TRY_ASSIGN(const auto value, optionalNumber(name));
    return value.value_or(fallback);
}

Result<std::optional<double>> JsonFields::optionalNumber(std::string_view name) const
{
    const auto* value = find(name);
    if (!value)
        return std::optional<double>();
    if (!value->is_number() || !std::isfinite(value->get<double>()))
        return tl::unexpected(wrongType(name, "a number"));
    return std::optional(value->get<double>());
}

Result<std::string> JsonFields::string(std::string_view name, std::string_view fallback) const
{
    TINTYPE_TRY_ASSIGN(auto value, optionalString(name));
    return value ? *std::move(value) : std::string(fallback);
}

Result<std::optional<std::string>> JsonFields::optionalString(std::string_view name) const
{
    const auto* value = find(name);
    if (!value)
        return std::optional<std::string>();
    if (!value->is_string())
        return tl::unexpected(wrongType(name, "a string"));
    return std::optional(value->get<std::string>());
}

Result<std::vector<std::int64_t>> JsonFields::integers(
    std::string_view name, const std::vector<std::int64_t>& fallback) const
{
    const auto* value = find(name);
    if (!value)
        return fallback;
    std::vector<std::int64_t> numbers;
    for (const auto& entry : value->is_array() ? *value : nlohmann::json::array({*value})) {
        if (!entry.is_number_integer())
            return tl::unexpected(wrongType(name, "a list of whole numbers"));
        numbers.push_back(entry.get<std::int64_t>());
    }
    return numbers;
}

Result<std::vector<double>> JsonFields::numbers(std::string_view name) const
{
    std::vector<double> numbers;
    const auto* value = find(name);
    if (!value)
        return numbers;
    if (!value->is_array())
        return tl::unexpected(wrongType(name, "a list of numbers"));
    for (const auto& entry : *value) {
        if (!entry.is_number())
            return tl::unexpected(wrongType(name, "a list of numbers"));
        numbers.push_back(entry.get<double>());
    }
    return numbers;
}

Result<std::vector<std::string>> JsonFields::strings(
    std::string_view name, const std::vector<std::string>& fallback) const
{
    const auto* value = find(name);
    if (!value)
        return fallback;
    if (!value->is_array())
        return tl::unexpected(wrongType(name, "a list of strings"));
    std::vector<std::string> strings;
    for (const auto& entry : *value) {
        if (!entry.is_string())
            return tl::unexpected(wrongType(name, "a list of strings"));
        strings.push_back(entry.get<std::string>());
    }
    return strings;
}

Result<std::vector<std::int64_t>> JsonFields::integerPerPlace(
    std::string_view name, std::int64_t fallback, std::size_t count) const
{
    const auto* value = find(name);
    if (!value || value->is_number_integer())
        return std::vector<std::int64_t>(count, value ? value->get<std::int64_t>() : fallback);
    TINTYPE_TRY_ASSIGN(auto numbers, integers(name, {}));
    if (numbers.size() != count)
        return tl::unexpected(wrongType(name, fmt::format("one number or {} numbers", count)));
    return numbers;
}

} // namespace tintype
