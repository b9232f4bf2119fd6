// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/api_route.h"
#include "deploy/runtime/apps.h"
#include "engine/base/json_fields.h"

#include <optional>
#include <string>

// What a call says in its body. Every error is an InvalidArgument that names the field, its value and what is allowed.
// Included by .cpp files only.

namespace tintype::api {

/// The body as an object with no other fields than those of the schema. No body at all is an empty object.
Result<nlohmann::json> readBody(const http::Request& request, const std::string& schema);

/// An object inside a body, checked in the same way.
Result<> checkFields(const nlohmann::json& object, const std::string& schema, const std::string& source);

Result<std::string> requiredString(const JsonFields& fields, std::string_view name);
Result<std::optional<domain::AuthMode>> authField(const JsonFields& fields);
Result<runtime::Strategy> strategyField(const JsonFields& fields);
Result<std::string> sha256Field(const JsonFields& fields);

/// `{"keep_alive": 300, …}` with the names of app.yaml, but `machine_types`.
Result<domain::ScalingSettings> scalingChanges(const nlohmann::json& object);

} // namespace tintype::api
