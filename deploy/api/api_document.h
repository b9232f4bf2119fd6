// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/api_route.h"

#include <string>

namespace tintype::api {

/// The OpenAPI 3.1 document of a route table. WebSockets appear as GET with the answer 101.
std::string apiDocument(const ApiRoutes& routes);

} // namespace tintype::api
