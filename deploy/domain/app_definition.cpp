// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/app_definition.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

constexpr std::array<std::string_view, 3> kAuthModeNames{"private", "public", "shared"}; // in the order of AuthMode

} // namespace

std::optional<Error> unsupportedParts(const AppDefinition& definition)
{
    if (definition.pythonApp)
        return Error{ErrorCode::Unsupported,
            fmt::format("app: {} is a Python app, which this version of Tintype does not run yet; describe the app by "
                        "setup and endpoints",
                *definition.pythonApp),
            {}};
    const auto package = std::ranges::find(definition.requirements, Requirement::Kind::Pip, &Requirement::kind);
    if (package == definition.requirements.end())
        return std::nullopt;
    return Error{ErrorCode::Unsupported,
        fmt::format("requirements: {} is a Python package, which this version of Tintype does not install yet; "
                    "file: and hf: are supported",
            package->text),
        {}};
}

std::string_view authModeName(AuthMode mode) { return kAuthModeNames[static_cast<std::size_t>(mode)]; }

std::optional<AuthMode> authModeFromName(std::string_view name)
{
    const auto found = std::ranges::find(kAuthModeNames, name);
    if (found == kAuthModeNames.end())
        return std::nullopt;
    return static_cast<AuthMode>(found - kAuthModeNames.begin());
}

} // namespace tintype::domain
