// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"

#include "deploy/api/json_views.h"
#include "deploy/api/schemas.h"
#include "deploy/domain/name_suggestion.h"
#include "deploy/domain/scaling_fields.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tintype::api {
namespace {

using domain::Names;

std::vector<std::string_view> fieldNames(const std::string& schema)
{
    std::vector<std::string_view> names;
    for (const Field& field : schemaOf(schema).fields)
        names.emplace_back(field.name);
    return names;
}

Result<> readSetting(const JsonFields& fields, std::string_view name, const domain::ScalingField& field, std::optional<int>& value)
{
    TINTYPE_TRY_ASSIGN(const auto number, fields.integer(name, 0, field.low, field.high));
    value = static_cast<int>(number);
    return {};
}

Result<> readSetting(const JsonFields& fields, std::string_view name, const domain::ScalingField& field,
    std::optional<std::chrono::seconds>& value)
{
    TINTYPE_TRY_ASSIGN(const auto number, fields.integer(name, 0, field.low, field.high));
    value = std::chrono::seconds(number);
    return {};
}

Result<> readSetting(
    const JsonFields& fields, std::string_view name, const domain::ScalingField&, std::optional<Names>& value)
{
    if (fields.object().at(std::string(name)).is_string()) {
        value = Names{fields.object().at(std::string(name)).get<std::string>()};
        return {};
    }
    TINTYPE_TRY_ASSIGN(value, fields.strings(name, {}));
    return {};
}

} // namespace

Result<> checkFields(const nlohmann::json& object, const std::string& schema, const std::string& source)
{
    if (!object.is_object())
        return fail(ErrorCode::InvalidArgument, fmt::format("{} is not an object", source));
    const auto known = fieldNames(schema);
    for (const auto& [name, value] : object.items()) {
        if (std::ranges::find(known, name) == known.end())
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: {} is not one of {}{}", source, http::jsonString(name.substr(0, 60)),
                    fmt::join(known, ", "), domain::suggestion(name, known)));
    }
    return {};
}

Result<nlohmann::json> readBody(const http::Request& request, const std::string& schema)
{
    if (request.body.empty())
        return nlohmann::json::object();
    auto object = JsonFields::parseObject(request.body, "body");
    if (!object)
        return fail(ErrorCode::InvalidArgument, object.error().message);
    TINTYPE_TRY(checkFields(*object, schema, "body"));
    return object;
}

Result<std::string> requiredString(const JsonFields& fields, std::string_view name)
{
    TINTYPE_TRY_ASSIGN(auto text, fields.optionalString(name));
    if (!text || text->empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: {} is missing", fields.source(), name));
    return *std::move(text);
}

Result<std::optional<domain::AuthMode>> authField(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(const auto name, fields.optionalString("auth"));
    if (!name)
        return std::optional<domain::AuthMode>();
    if (const auto mode = domain::authModeFromName(*name))
        return mode;
    return tl::unexpected(fields.refuse("auth", "is not one of private, public, shared", ErrorCode::InvalidArgument));
}

Result<runtime::Strategy> strategyField(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(const std::string name, fields.string("strategy", "rolling"));
    if (name == "rolling")
        return runtime::Strategy::Rolling;
    if (name == "recreate")
        return runtime::Strategy::Recreate;
    return tl::unexpected(fields.refuse("strategy", "is not one of rolling, recreate", ErrorCode::InvalidArgument));
}

Result<std::string> sha256Field(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(std::string text, requiredString(fields, "sha256"));
    constexpr std::size_t length = 64;
    if (text.size() != length || text.find_first_not_of("0123456789abcdef") != std::string::npos)
        return tl::unexpected(fields.refuse("sha256", "is not 64 hex digits in lower case", ErrorCode::InvalidArgument));
    return text;
}

Result<domain::ScalingSettings> scalingChanges(const nlohmann::json& object)
{
    TINTYPE_TRY(checkFields(object, "ScalingChange", "scaling"));
    const JsonFields fields(object, "scaling");
    domain::ScalingSettings settings;
    for (const domain::ScalingField& field : domain::scalingFields()) {
        const std::string_view name = scalingName(field);
        if (!fields.has(name))
            continue;
        TINTYPE_TRY(std::visit(
            [&](auto slot) { return readSetting(fields, name, field, settings.*slot.setting); }, field.slot));
    }
    return settings;
}

} // namespace tintype::api
