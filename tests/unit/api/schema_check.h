// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/schemas.h"

#include <algorithm>
#include <string>

#define COMPARE_JSON(actual, ...) QCOMPARE((actual).dump(), tintype::api::Json(__VA_ARGS__).dump())

/// Holds a value against a type in the short form of schemas.h.
/// @return what does not fit, with its path; empty if all does
inline std::string misfit(const tintype::api::Json& value, std::string type, const std::string& path = "$")
{
    using tintype::api::Schema;
    if (type.ends_with('?')) {
        type.pop_back();
        if (value.is_null())
            return {};
    }
    if (type == "json")
        return {};
    if (type == "string" || type == "time")
        return value.is_string() ? "" : path + " is no string";
    if (type == "integer")
        return value.is_number_integer() ? "" : path + " is no whole number";
    if (type == "number")
        return value.is_number() ? "" : path + " is no number";
    if (type == "boolean")
        return value.is_boolean() ? "" : path + " is no boolean";
    const bool isMap = type.starts_with("map of ");
    if (isMap || type.starts_with("list of ")) {
        if (isMap ? !value.is_object() : !value.is_array())
            return path + " is no " + type;
        const std::string inner = type.substr(type.find(" of ") + 4);
        for (const auto& [key, entry] : value.items()) {
            if (const std::string problem = misfit(entry, inner, path + "." + key); !problem.empty())
                return problem;
        }
        return {};
    }
    if (type.starts_with("page of ")) {
        if (!value.is_object() || !value.contains("items") || !value.contains("next_cursor") || !value.contains("has_more"))
            return path + " is no page";
        return misfit(value["items"], "list of " + type.substr(8), path + ".items");
    }
    const auto& all = tintype::api::schemas();
    const auto schema = std::ranges::find(all, type, &Schema::name);
    if (schema == all.end())
        return path + ": there is no schema " + type;
    if (!value.is_object())
        return path + " is no " + type;
    for (const auto& field : schema->fields) {
        if (!value.contains(field.name) && !field.type.ends_with('?'))
            return path + "." + field.name + " is missing";
        if (!value.contains(field.name))
            continue;
        if (const std::string problem = misfit(value[field.name], field.type, path + "." + field.name); !problem.empty())
            return problem;
    }
    for (const auto& [key, entry] : value.items()) {
        if (std::ranges::find(schema->fields, key, &tintype::api::Field::name) == schema->fields.end())
            return path + "." + key + " is not in the schema " + type;
    }
    return {};
}
