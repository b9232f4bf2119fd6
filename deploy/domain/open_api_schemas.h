// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// The JSON schemas of what an endpoint takes and gives. Included by .cpp files only.

namespace tintype::domain {

using OrderedJson = nlohmann::ordered_json;

/// The input of the endpoint, its defaults filled in. Refers to ImageSize.
OrderedJson inputSchema(const EndpointSpec& endpoint, std::string_view title);

/// Adds what every endpoint shares: Output, Image, ImageSize, Timings.
void addSharedSchemas(OrderedJson& schemas);

/// Adds ProgressEvent, one step of `/stream`, and the two that describe a 422.
void addAppSchemas(OrderedJson& schemas);

/// {"$ref": "#/components/schemas/NAME"}
OrderedJson reference(std::string_view name);

/// {"application/json": {"schema": …}} or of another type.
OrderedJson content(OrderedJson schema, std::string_view type = "application/json");

/// An object with the properties in the given order.
OrderedJson objectSchema(std::string_view title, OrderedJson properties, std::vector<std::string> required);

} // namespace tintype::domain
