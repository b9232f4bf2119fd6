// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/scaling.h"
#include "engine/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace tintype::domain {

/// Where an effective value comes from.
enum class ValueSource { File, Inherited, Default };

/// One line of what a deploy will change.
struct EffectiveValue {
    std::string name; ///< as in app.yaml
    std::string value; ///< as a user reads it: "300 s", "GPU-H100, L"
    std::string current; ///< of the app as it is now; empty for a new app
    ValueSource source = ValueSource::Default;

    bool operator==(const EffectiveValue&) const = default;
};

struct EffectiveSettings {
    Scaling scaling;
    AuthMode auth = AuthMode::Private;
    std::vector<EffectiveValue> values; ///< in the order of the definition's fields
};

/// What a running app has now.
struct CurrentSettings {
    Scaling scaling;
    AuthMode auth = AuthMode::Private;
};

/// The values that an app will run with. keep_alive, both concurrency limits, both buffers, scaling_delay,
/// request_timeout and regions stay as the app has them unless `resetScale`, whatever the file says; the rest follows
/// the file, else the default. auth follows the file, else the app, else it is private.
/// @source fal 2026-08, cli/deploy_check.py: inherited fields
EffectiveSettings effectiveSettings(
    const AppDefinition& definition, const std::optional<CurrentSettings>& current, bool resetScale);

/// The scaling with the given settings replaced: `tintype apps scale`.
Scaling withChanges(Scaling scaling, const ScalingSettings& changes);

/// Whether an app may run with these values: each within its range, and the limits in order.
Result<> checkScaling(const Scaling& scaling);

} // namespace tintype::domain
