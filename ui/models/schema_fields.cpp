// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/schema_fields.h"

#include "ui/models/format.h"
#include "ui/models/schema_resolver.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

namespace tintype::ui {
namespace {

using Kind = SchemaField::Kind;

constexpr int kMostFields = 300;
constexpr std::size_t kMostChoices = 1000;

/// Names that most image apps share, as we call them.
struct KnownName {
    const char* name;
    const char* title;
};
constexpr std::array kKnownNames{
    KnownName{"prompt", QT_TRANSLATE_NOOP("SchemaField", "Prompt")},
    KnownName{"negative_prompt", QT_TRANSLATE_NOOP("SchemaField", "Negative prompt")},
    KnownName{"image_size", QT_TRANSLATE_NOOP("SchemaField", "Size")},
    KnownName{"num_inference_steps", QT_TRANSLATE_NOOP("SchemaField", "Steps")},
    KnownName{"guidance_scale", QT_TRANSLATE_NOOP("SchemaField", "Guidance")},
    KnownName{"num_images", QT_TRANSLATE_NOOP("SchemaField", "Pictures")},
    KnownName{"true_cfg_scale", QT_TRANSLATE_NOOP("SchemaField", "True CFG")},
    KnownName{"guidance_rescale", QT_TRANSLATE_NOOP("SchemaField", "Guidance rescale")},
    KnownName{"max_sequence_length", QT_TRANSLATE_NOOP("SchemaField", "Prompt tokens")},
    KnownName{"output_format", QT_TRANSLATE_NOOP("SchemaField", "Format")},
    KnownName{"sync_mode", QT_TRANSLATE_NOOP("SchemaField", "Pictures inside the answer")},
};
constexpr std::array kMainNames{"num_inference_steps", "guidance_scale", "num_images", "strength", "image_url", "width", "height"};

/// "num_inference_steps" and "Num Inference Steps" → "Num inference steps".
QString titleOf(const QString& name, const Json& schema)
{
    for (const KnownName& known : kKnownNames) {
        if (name == QLatin1String(known.name))
            return QCoreApplication::translate("SchemaField", known.title);
    }
    QString title = qs(textAt(schema, "title"));
    const QString words = QString(name).replace(u'_', u' ');
    if (title.isEmpty() || title.compare(words, Qt::CaseInsensitive) == 0)
        title = words.left(1).toUpper() + words.mid(1);
    return title;
}

bool isFlagSet(const Json& object, const char* name)
{
    return object.is_object() && object.contains(name) && object[name].is_boolean() && object[name].get<bool>();
}

std::optional<double> numberAt(const Json& schema, const char* name)
{
    const auto found = schema.find(name);
    return found != schema.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

QStringList enumOf(const Json& schema)
{
    QStringList values;
    if (const auto found = schema.find("const"); found != schema.end())
        return {qs(found->dump())};
    const auto found = schema.find("enum");
    if (found == schema.end() || !found->is_array() || found->size() > kMostChoices)
        return values;
    for (const Json& value : *found) {
        if (!value.is_null() && !value.is_structured())
            values += qs(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    return values;
}

bool isSizeObject(const Json& schema)
{
    const auto properties = schema.find("properties");
    return properties != schema.end() && properties->is_object() && properties->contains("width") && properties->contains("height");
}

void readBounds(const Json& schema, SchemaField& field)
{
    const bool isWhole = field.kind != Kind::Number;
    field.low = numberAt(schema, "minimum");
    field.high = numberAt(schema, "maximum");
    if (const auto above = numberAt(schema, "exclusiveMinimum"); above && !field.low)
        field.low = isWhole ? *above + 1 : *above;
    if (const auto below = numberAt(schema, "exclusiveMaximum"); below && !field.high)
        field.high = isWhole ? *below - 1 : *below;
    if (field.low && field.high && *field.low > *field.high)
        field.low = field.high = std::nullopt;
    field.step = std::max(0.0, numberAt(schema, "multipleOf").value_or(0));
}

void readSize(const SchemaResolver& resolver, const Json& object, SchemaField& field)
{
    field.kind = Kind::Size;
    readBounds(resolver.resolved(object["properties"]["width"]), field);
}

bool endsAs(const QString& name, const char* word)
{
    const QLatin1String ending(word);
    return name == ending || name.endsWith(QLatin1Char('_') + ending);
}

void readType(const Json& schema, SchemaField& field)
{
    const std::string type = typeOf(schema);
    if (type == "boolean") {
        field.kind = Kind::Flag;
    } else if (type == "integer") {
        field.kind = endsAs(field.name, "seed") ? Kind::Seed : Kind::Integer;
        readBounds(schema, field);
    } else if (type == "number") {
        field.kind = Kind::Number;
        readBounds(schema, field);
    } else if (type == "string") {
        const Json ui = schema.value("ui", Json::object());
        const bool isPicture = textAt(ui, "field") == "image" || endsAs(field.name, "image_url");
        field.kind = isPicture ? Kind::Picture : endsAs(field.name, "prompt") ? Kind::Prompt : Kind::Text;
        field.longest = static_cast<int>(std::clamp(numberAt(schema, "maxLength").value_or(0), 0.0, 1e6));
    }
}

/// Several alternatives: a size and its presets, or choices that stand apart. Everything else stays JSON.
void readAlternatives(const SchemaResolver& resolver, const std::vector<Json>& alternatives, SchemaField& field)
{
    const auto size = std::ranges::find_if(alternatives, isSizeObject);
    QStringList choices;
    bool allChoices = true;
    for (const Json& alternative : alternatives) {
        const QStringList values = enumOf(alternative);
        choices += values;
        allChoices = allChoices && !values.isEmpty();
    }
    if (size != alternatives.end()) {
        readSize(resolver, *size, field);
        field.choices = choices;
    } else if (allChoices) {
        field.kind = Kind::Choice;
        field.choices = choices;
    } else if (std::ranges::all_of(alternatives, [](const Json& each) { return typeOf(each) == "integer" || typeOf(each) == "number"; })) {
        field.kind = Kind::Number;
    }
}

void readInitial(const Json& schema, SchemaField& field)
{
    const auto take = [&](const Json& value) {
        field.initial = qs(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    };
    if (const auto value = schema.find("default"); value != schema.end() && !value->is_null()) {
        take(*value);
        field.isDefault = true;
    } else if (const auto examples = schema.find("examples"); examples != schema.end() && examples->is_array() && !examples->empty()) {
        take(examples->front());
    } else if (const auto example = schema.find("example"); example != schema.end() && !example->is_null()) {
        take(*example);
    }
}

SchemaField readField(const SchemaResolver& resolver, const QString& name, const Json& schema)
{
    SchemaField field;
    field.name = name;
    field.title = titleOf(name, schema);
    field.help = qs(textAt(schema, "description"));
    field.choices = enumOf(schema);
    if (const std::vector<Json> alternatives = resolver.alternatives(schema); !alternatives.empty())
        readAlternatives(resolver, alternatives, field);
    else if (!field.choices.isEmpty())
        field.kind = Kind::Choice;
    else if (isSizeObject(schema))
        readSize(resolver, schema, field);
    else
        readType(schema, field);
    readInitial(schema, field);
    return field;
}

bool isMain(const SchemaField& field, const Json& schema)
{
    return field.isRequired || field.kind == Kind::Seed || field.kind == Kind::Size || isFlagSet(schema.value("ui", Json()), "important")
        || std::ranges::any_of(kMainNames, [&](const char* name) { return field.name == QLatin1String(name); });
}

QVector<SchemaField> readFields(const SchemaResolver& resolver, const Json& input)
{
    QVector<SchemaField> fields;
    const Json properties = input.value("properties", Json::object());
    if (!properties.is_object())
        return fields;
    const QStringList required = textsAt(input, "required");
    const QStringList names = namesInOrder(properties, textsAt(input, "x-fal-order-properties"));
    for (const QString& name : names) {
        const Json schema = resolver.resolved(properties[name.toStdString()]);
        if (isFlagSet(schema.value("ui", Json()), "hidden") || isFlagSet(schema, "readOnly") || fields.size() >= kMostFields)
            continue;
        SchemaField field = readField(resolver, name, schema);
        field.isRequired = required.contains(name);
        field.isMain = isMain(field, schema);
        fields += field;
    }
    return fields;
}

/// The schema of what a POST to this path takes; null if that is no JSON, or it is a socket.
Json inputOf(const SchemaResolver& resolver, const Json& path)
{
    if (!path.is_object() || path.contains("x-fal-protocol"))
        return {};
    const auto schema = nlohmann::json_pointer<std::string>("/post/requestBody/content/application~1json/schema");
    return path.contains(schema) ? resolver.resolved(path[schema]) : Json();
}

/// "/fast/stream" beside "/fast".
bool isStreamOf(const QString& path, const QStringList& paths)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    const QString before = slash <= 0 ? QStringLiteral("/") : path.left(slash);
    return (path.endsWith(QLatin1String("/stream")) || path.endsWith(QLatin1String("/realtime"))) && paths.contains(before);
}

} // namespace

Result<QVector<EndpointForm>> readEndpointForms(const QByteArray& openApi)
{
    const Json document = Json::parse(openApi.begin(), openApi.end(), nullptr, false);
    if (!document.is_object() || !document.contains("paths") || !document["paths"].is_object())
        return fail(ErrorCode::Corrupt, "the app's schema cannot be read: it is no OpenAPI document");
    const SchemaResolver resolver(document);
    QVector<EndpointForm> forms;
    const QStringList paths = namesInOrder(document["paths"], textsAt(document, "x-fal-order-paths"));
    for (const QString& path : paths) {
        const Json input = inputOf(resolver, document["paths"][path.toStdString()]);
        if (!input.is_null() && !isStreamOf(path, paths) && !path.contains(u'{'))
            forms.append({path, readFields(resolver, input)});
    }
    return forms;
}

} // namespace tintype::ui
