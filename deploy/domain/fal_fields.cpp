// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/fal_fields.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

struct FalField {
    std::string_view name;
    std::string_view ours; ///< empty = Tintype has no such thing
};

constexpr std::array kFields{
    FalField{"app_name", "name"},
    FalField{"app_auth", "auth"},
    FalField{"ref", "app"},
    FalField{"machine_types", "machine_type"},
    FalField{"valid_regions", "regions"},
    FalField{"app_files", ""},
    FalField{"app_files_context_dir", ""},
    FalField{"app_files_ignore", ""},
    FalField{"app_scale_settings", ""},
    FalField{"data_mounts", ""},
    FalField{"deployment_strategy", ""},
    FalField{"exposed_port", ""},
    FalField{"health_check", ""},
    FalField{"host_kwargs", ""},
    FalField{"image", ""},
    FalField{"kind", ""},
    FalField{"local_python_modules", ""},
    FalField{"metrics_port", ""},
    FalField{"no_scale", ""},
    FalField{"private_logs", ""},
    FalField{"python_entry_point", ""},
    FalField{"python_version", ""},
    FalField{"requirements_context_dir", ""},
    FalField{"resolver", ""},
    FalField{"retry_config", ""},
    FalField{"skip_retry_conditions", ""},
};

} // namespace

std::string falFieldHint(std::string_view name)
{
    const auto found = std::ranges::find(kFields, name, &FalField::name);
    if (found == kFields.end())
        return {};
    if (found->ours.empty())
        return fmt::format("{} is a field of fal.App that Tintype does not have yet", name);
    return fmt::format("unknown field '{}'; fal.App's {} is called {} here", name, name, found->ours);
}

} // namespace tintype::domain
