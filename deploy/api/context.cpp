// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/context.h"

#include <fmt/format.h>

namespace tintype::api {

Result<runtime::AppInfo> findApp(const Context& context, const std::string& app)
{
    auto info = context.host.apps().info(app);
    if (!info)
        return fail(ErrorCode::NotFound, fmt::format("app {}: not found on this host", app));
    return *std::move(info);
}

Result<runtime::AppRuntime*> findRuntime(const Context& context, const std::string& app)
{
    if (runtime::AppRuntime* runtime = context.host.apps().runtime(app))
        return runtime;
    return fail(ErrorCode::NotFound, fmt::format("app {}: not found on this host", app));
}

} // namespace tintype::api
