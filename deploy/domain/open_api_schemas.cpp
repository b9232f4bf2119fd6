// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/open_api_schemas.h"

#include "deploy/domain/endpoint_fields.h"

#include <fmt/format.h>

namespace tintype::domain {
namespace {

using Json = OrderedJson;

/// "num_inference_steps" → "Num Inference Steps", as pydantic titles a field.
std::string titleOf(std::string_view name)
{
    std::string title;
    bool startsWord = true;
    for (const char c : name) {
        const bool isLower = c >= 'a' && c <= 'z';
        title += c == '_' ? ' ' : startsWord && isLower ? static_cast<char>(c - 'a' + 'A') : c;
        startsWord = c == '_';
    }
    return title;
}

/// The part of a property that its type says.
struct TypeSchema {
    const InputField& field;

    Json operator()(std::string GenerateRequest::*) const { return textSchema(); }
    Json operator()(std::optional<std::string> GenerateRequest::*) const { return textSchema(); }
    Json operator()(std::optional<double> GenerateRequest::*) const { return ranged("number"); }
    Json operator()(bool EndpointInput::*) const { return {{"type", "boolean"}}; }
    Json operator()(ImageFormat GenerateRequest::*) const { return {{"type", "string"}, {"enum", kFormatNames}}; }
    Json operator()(PictureSize) const
    {
        Json names = Json::array();
        for (const SizePreset& preset : sizePresets())
            names.push_back(preset.name);
        const Json preset{{"type", "string"}, {"enum", names}};
        return {{"anyOf", Json::array({reference("ImageSize"), preset})}};
    }
    template <class Whole>
    Json operator()(Whole GenerateRequest::*) const
    {
        return ranged("integer");
    }

private:
    Json textSchema() const { return {{"type", "string"}, {"maxLength", field.high}}; }
    Json ranged(const char* type) const { return {{"type", type}, {"minimum", field.low}, {"maximum", field.high}}; }
};

Json property(const InputField& field, const EndpointSchema& schema)
{
    Json json{{"title", titleOf(field.name)}};
    json.update(std::visit(TypeSchema{field}, field.target));
    json["description"] = field.help;
    const bool isMissing = field.name == "prompt" && schema.needsPrompt();
    if (const auto value = fieldValue(field, schema.defaults()); !value.is_null() && !isMissing)
        json["default"] = value;
    if (field.isPrompt)
        json["ui"] = {{"important", true}};
    return json;
}

Json plain(std::string_view name, std::string_view type, std::string_view description)
{
    return {{"title", titleOf(name)}, {"type", type}, {"description", description}};
}

Json listOf(std::string_view name, Json items, std::string_view description)
{
    return {{"title", titleOf(name)}, {"type", "array"}, {"items", std::move(items)}, {"description", description}};
}

Json imageSchema()
{
    return objectSchema("Image",
        {{"url", plain("url", "string", "Where to get the picture, or the picture itself as a data URI.")},
            {"width", plain("width", "integer", "Pixels.")}, {"height", plain("height", "integer", "Pixels.")},
            {"content_type", plain("content_type", "string", "MIME type of the file.")},
            {"file_name", plain("file_name", "string", "Name of the file.")},
            {"file_size", plain("file_size", "integer", "Bytes of the file.")}},
        {"url"});
}

Json imageSizeSchema()
{
    const auto side = [](std::string_view name) {
        Json json = plain(name, "integer", "Pixels.");
        json.update({{"minimum", kSmallestSide}, {"maximum", kLargestSide}, {"multipleOf", kSideStep},
            {"default", kSideIfAbsent}});
        return json;
    };
    return objectSchema("ImageSize", {{"width", side("width")}, {"height", side("height")}}, {});
}

Json timingsSchema()
{
    Json properties;
    const auto add = [&properties](std::string_view name, std::string_view description) {
        properties[std::string(name)] = plain(name, "number", description);
    };
    add("queue", "Waiting for a replica.");
    add("setup", "Waiting for a replica that was starting.");
    add("text", "Encoding the prompt.");
    add("denoise", "All steps together.");
    properties["steps"] = listOf("steps", {{"type", "number"}}, "Each step.");
    add("decode", "From latents to pixels.");
    add("encode", "From pixels to a file.");
    add("total", "From the call to its result.");
    Json schema = objectSchema("Timings", std::move(properties), {});
    schema["description"] = "Where the time went, in seconds.";
    return schema;
}

Json outputSchema()
{
    Json image = reference("Image");
    image["description"] = "The first of the pictures.";
    image["ui"] = {{"field", "image"}};
    return objectSchema("Output",
        {{"images", listOf("images", reference("Image"), "The pictures.")}, {"image", std::move(image)},
            {"seed", plain("seed", "integer", "Seed of the noise; the same one draws the same picture.")},
            {"prompt", plain("prompt", "string", "What was drawn.")}, {"timings", reference("Timings")},
            {"warnings", listOf("warnings", {{"type", "string"}}, "What the model took otherwise than asked.")}},
        {"images", "image", "seed", "prompt", "timings"});
}

Json validationErrorSchema()
{
    const Json step{{"anyOf", Json::array({Json{{"type", "string"}}, Json{{"type", "integer"}}})}};
    return objectSchema("ValidationError",
        {{"loc", listOf("loc", step, "Where: body, then names of fields.")},
            {"msg", plain("msg", "string", "What is wrong.")},
            {"type", plain("type", "string", "What programs tell errors apart by.")},
            {"url", plain("url", "string", "Documentation of the type.")},
            {"ctx", plain("ctx", "object", "The limit that was missed.")}, {"input", {{"title", "Input"}}}},
        {"loc", "msg", "type"});
}

} // namespace

Json reference(std::string_view name) { return {{"$ref", fmt::format("#/components/schemas/{}", name)}}; }

Json content(Json schema, std::string_view type)
{
    Json json;
    json[std::string(type)] = {{"schema", std::move(schema)}};
    return json;
}

Json objectSchema(std::string_view title, Json properties, std::vector<std::string> required)
{
    Json order = Json::array();
    for (const auto& [name, schema] : properties.items())
        order.push_back(name);
    Json json{{"title", title}, {"type", "object"}, {"properties", std::move(properties)}};
    json["x-fal-order-properties"] = std::move(order);
    if (!required.empty())
        json["required"] = std::move(required);
    return json;
}

Json inputSchema(const EndpointSpec& endpoint, std::string_view title)
{
    const EndpointSchema schema(endpoint);
    Json properties;
    for (const InputField& field : textToImageFields())
        properties[std::string(field.name)] = property(field, schema);
    return objectSchema(title, std::move(properties),
        schema.needsPrompt() ? std::vector<std::string>{"prompt"} : std::vector<std::string>{});
}

void addSharedSchemas(Json& schemas)
{
    schemas["Output"] = outputSchema();
    schemas["Image"] = imageSchema();
    schemas["ImageSize"] = imageSizeSchema();
    schemas["Timings"] = timingsSchema();
}

void addAppSchemas(Json& schemas)
{
    schemas["ProgressEvent"] = objectSchema("ProgressEvent",
        {{"type", {{"title", "Type"}, {"type", "string"}, {"enum", Json::array({"progress"})}}},
            {"step", plain("step", "integer", "Finished steps.")}, {"steps", plain("steps", "integer", "All steps.")},
            {"eta", plain("eta", "number", "Seconds until the last step ends.")},
            {"preview", plain("preview", "string", "Data URI of a small picture of what is coming.")}},
        {"type", "step", "steps"});
    schemas["HTTPValidationError"] = objectSchema("HTTPValidationError",
        {{"detail", listOf("detail", reference("ValidationError"), "Everything that is wrong.")}}, {});
    schemas["ValidationError"] = validationErrorSchema();
}

} // namespace tintype::domain
