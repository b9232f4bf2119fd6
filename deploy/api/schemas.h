// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/api_route.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// Included by .cpp files only.

namespace tintype::api {

using Json = nlohmann::ordered_json;

/// A JSON object of the API. A field's type in short form: string, integer, number, boolean, time, json (anything) or
/// the name of a schema; "list of T", "map of T"; a last "?" = may be absent or null.
struct Schema {
    std::string name;
    std::vector<Field> fields;
};

/// Every object that routes take or give.
const std::vector<Schema>& schemas();
const Schema& schemaOf(const std::string& name); ///< of one that exists

/// The JSON Schema of a type in short form.
Json typeSchema(const std::string& type);

/// The JSON Schema of an object.
Json objectSchema(const Schema& schema);

} // namespace tintype::api
