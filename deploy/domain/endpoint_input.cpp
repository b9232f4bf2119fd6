// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/endpoint_input.h"

#include "deploy/domain/endpoint_fields.h"

#include <algorithm>

namespace tintype::domain {
namespace {

using Json = nlohmann::json;
using Errors = std::vector<FieldError>;

/// The place is that of the first byte that does not belong.
FieldError invalidJson(std::size_t offset)
{
    return {{"body", std::to_string(offset)}, "JSON decode error", "json_invalid", R"({"error":"not valid JSON"})", {}};
}

/// nlohmann tells the place of a mistake only by exception, and one text of its own that repeats the input.
tl::expected<Json, Errors> parseJson(std::string_view body)
{
    try {
        return Json::parse(body);
    } catch (const Json::parse_error& error) {
        return tl::unexpected(Errors{invalidJson(error.byte > 0 ? error.byte - 1 : 0)});
    } catch (const Json::exception&) { // a number that no double can hold
        return tl::unexpected(Errors{invalidJson(0)});
    }
}

bool isIndex(const std::string& step)
{
    constexpr std::size_t kMaxDigits = 18;
    return !step.empty() && step.size() <= kMaxDigits
        && std::ranges::all_of(step, [](char c) { return c >= '0' && c <= '9'; });
}

nlohmann::ordered_json detailOf(const FieldError& error)
{
    nlohmann::ordered_json detail{{"type", error.type}, {"loc", nlohmann::ordered_json::array()}, {"msg", error.msg}};
    for (const std::string& step : error.loc) {
        if (isIndex(step))
            detail["loc"].push_back(std::stoull(step));
        else
            detail["loc"].push_back(step);
    }
    const auto embed = [&detail](const char* name, const std::string& json) {
        auto value = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
        if (!value.is_discarded())
            detail[name] = std::move(value);
    };
    embed("input", error.input);
    embed("ctx", error.ctx);
    detail["url"] = "https://docs.fal.ai/errors/#" + error.type;
    return detail;
}

} // namespace

EndpointSchema::EndpointSchema(const EndpointSpec& endpoint)
{
    Json given = Json::parse(endpoint.defaults, nullptr, /*allow_exceptions=*/false);
    if (!given.is_object())
        return;
    Errors ignored;
    m_needsPrompt = !given.contains("prompt");
    readFields(given, m_defaults, ignored);
}

tl::expected<EndpointInput, Errors> EndpointSchema::parse(std::string_view body) const
{
    auto object = parseJson(body.empty() ? "{}" : body);
    if (!object)
        return tl::unexpected(std::move(object).error());
    if (!object->is_object())
        return tl::unexpected(Errors{{{"body"}, "Input should be a valid dictionary or object to extract fields from",
            "model_attributes_type", {}, {}}});
    EndpointInput input = m_defaults;
    Errors errors;
    if (m_needsPrompt && !object->contains("prompt"))
        errors.push_back({{"body", "prompt"}, "Field required", "missing", {}, {}});
    readFields(*object, input, errors);
    if (!errors.empty())
        return tl::unexpected(std::move(errors));
    return input;
}

tl::expected<EndpointInput, Errors> parseEndpointInput(const EndpointSpec& endpoint, std::string_view body)
{
    return EndpointSchema(endpoint).parse(body);
}

std::string validationErrorBody(const Errors& errors)
{
    nlohmann::ordered_json details = nlohmann::ordered_json::array();
    for (const FieldError& error : errors)
        details.push_back(detailOf(error));
    return nlohmann::ordered_json{{"detail", std::move(details)}}.dump(
        -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace tintype::domain
