// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"

#include <string>

namespace tintype::domain {

/// The app's own OpenAPI document (FastAPI's form, with x-fal-order-paths and x-fal-order-properties).
std::string appOpenApi(const AppDefinition& definition);

/// fal's published form for one endpoint: submit, status, cancel and result on the queue host.
/// @param endpointId "owner/app[/path]"   @param queueBase e.g. "https://host:7870"
/// @source fal.ai `…/openapi.json?endpoint_id=`, read 2026-08
std::string queueOpenApi(const EndpointSpec& endpoint, const std::string& endpointId, const std::string& queueBase);

} // namespace tintype::domain
