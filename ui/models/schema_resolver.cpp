// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/schema_resolver.h"

#include "ui/models/format.h"

#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kDeepest = 16;
constexpr std::size_t kMostAlternatives = 100;

/// Members of `over` in place of those of `base`.
Json merged(Json base, const Json& over)
{
    if (over.is_object())
        base.update(over);
    return base;
}

bool isNull(const Json& schema)
{
    return schema.is_object() && schema.contains("type") && schema["type"] == "null";
}

} // namespace

const Json* SchemaResolver::target(const std::string& reference) const
{
    if (!reference.starts_with("#/"))
        return nullptr;
    try {
        const nlohmann::json_pointer<std::string> pointer(reference.substr(1));
        return m_document.contains(pointer) ? &m_document[pointer] : nullptr;
    } catch (const nlohmann::json::exception&) {
        return nullptr; // no pointer
    }
}

Json SchemaResolver::resolved(const Json& schema, int depth) const
{
    Json result = schema.is_object() ? schema : Json::object();
    if (depth > kDeepest || --m_stepsLeft < 0)
        return Json::object();
    if (const std::string reference = textAt(result, "$ref"); !reference.empty()) {
        result.erase("$ref");
        if (const Json* found = target(reference))
            result = merged(resolved(*found, depth + 1), result);
    }
    if (const auto parts = result.find("allOf"); parts != result.end() && parts->is_array()) {
        Json whole = Json::object();
        for (std::size_t i = 0; i < std::min(parts->size(), kMostAlternatives); ++i)
            whole = merged(std::move(whole), resolved((*parts)[i], depth + 1));
        result.erase("allOf");
        result = merged(std::move(whole), result);
    }
    for (const char* key : {"anyOf", "oneOf"}) {
        if (!result.contains(key))
            continue;
        const std::vector<Json> kinds = alternatives(result, depth + 1);
        if (kinds.size() == 1) {
            result.erase(key);
            result = merged(kinds.front(), result);
        }
    }
    return result;
}

std::vector<Json> SchemaResolver::alternatives(const Json& schema, int depth) const
{
    std::vector<Json> kinds;
    for (const char* key : {"anyOf", "oneOf"}) {
        const auto found = schema.find(key);
        if (found == schema.end() || !found->is_array())
            continue;
        for (std::size_t i = 0; i < std::min(found->size(), kMostAlternatives); ++i) {
            if (Json kind = resolved((*found)[i], depth + 1); !isNull(kind))
                kinds.push_back(std::move(kind));
        }
    }
    return kinds;
}

std::string textAt(const Json& object, const char* name)
{
    if (!object.is_object())
        return {};
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

QStringList textsAt(const Json& object, const char* name)
{
    QStringList texts;
    const auto found = object.find(name);
    if (found == object.end() || !found->is_array())
        return texts;
    for (const Json& value : *found) {
        if (value.is_string())
            texts += qs(value.get_ref<const std::string&>());
    }
    return texts;
}

std::string typeOf(const Json& schema)
{
    const auto type = schema.find("type");
    if (type == schema.end() || !type->is_array())
        return textAt(schema, "type");
    std::string only;
    for (const Json& each : *type) {
        if (!each.is_string() || each == "null")
            continue;
        if (!only.empty())
            return {};
        only = each.get<std::string>();
    }
    return only;
}

QStringList namesInOrder(const Json& object, const QStringList& order)
{
    QStringList names = order;
    for (const auto& [name, value] : object.items())
        names += qs(name);
    names.removeDuplicates();
    names.removeIf([&](const QString& name) { return !object.contains(name.toStdString()); });
    return names;
}

} // namespace tintype::ui
