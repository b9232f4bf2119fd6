// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/api_route.h"
#include "deploy/runtime/background.h"
#include "deploy/runtime/host.h"

namespace tintype::api {

class EventStream;
class Leases;
class Metrics;
class Urls;

/// What the handlers share; outlives them.
struct Context {
    runtime::Host& host;
    runtime::Background& background;
    EventStream& events;
    Leases& leases;
    Metrics& metrics;
    const Urls& urls;
};

/// @error NotFound
Result<runtime::AppInfo> findApp(const Context& context, const std::string& app);
Result<runtime::AppRuntime*> findRuntime(const Context& context, const std::string& app);

// One group of routes each, in the order of the README.
ApiRoutes hostRoutes(Context& context);
ApiRoutes appRoutes(Context& context);
ApiRoutes revisionRoutes(Context& context);
ApiRoutes deploymentRoutes(Context& context);
ApiRoutes blobRoutes(Context& context);
ApiRoutes modelRoutes(Context& context);
ApiRoutes replicaRoutes(Context& context);
ApiRoutes requestRoutes(Context& context);
ApiRoutes analyticsRoutes(Context& context);
ApiRoutes logRoutes(Context& context);
ApiRoutes keyRoutes(Context& context);
ApiRoutes eventRoutes(Context& context);

} // namespace tintype::api
