// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_cache.h"
#include "deploy/requirements/hub_settings.h"

#include <optional>
#include <string>

namespace tintype::requirements {

/// A model of the hub that an app needs.
struct HubModel {
    std::string repository; ///< org/name
    std::string revision; ///< branch, tag or commit
    std::string variant; ///< see wantedFiles()

    std::string name() const { return repository + "@" + revision; }
    auto operator<=>(const HubModel&) const = default;
};

/// The host's own cache, then the user's if there is one.
std::vector<HubCache> cachesOf(const HubSettings& settings);

/// The commit that a revision pointed to when last seen by a cache.
std::optional<std::string> knownCommit(const HubSettings& settings, const HubModel& model);

/// The snapshot folder of the first cache that holds all of the model's wanted files, by the hub's own list where it
/// was kept, else by what a complete model looks like. Asks nobody.
std::optional<std::string> findLocally(const HubSettings& settings, const HubModel& model);

} // namespace tintype::requirements
