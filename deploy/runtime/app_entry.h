// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/apps.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

// Private to Apps: what it keeps of each app.

namespace tintype::runtime {

/// Where the rollout under way leads.
struct AppTarget {
    int number = 0;
    domain::EffectiveSettings settings;
};

struct Apps::App {
    App(store::StoredApp what, std::unique_ptr<AppRuntime> how)
        : stored(std::move(what))
        , runtime(std::move(how))
    {
    }

    store::StoredApp stored;
    std::unique_ptr<AppRuntime> runtime;
    std::optional<AppTarget> target;
    std::string actor; ///< of the rollout
};

} // namespace tintype::runtime
