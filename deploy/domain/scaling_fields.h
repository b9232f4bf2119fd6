// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/scaling.h"

#include <span>
#include <string_view>
#include <variant>

// The one table of the settings that say how many replicas there are, where they run and how long things may take.
// Reading, the canonical form, inheritance across deploys, live changes and an editor's help all follow from it.

namespace tintype::domain {

/// A setting in the file and the value that an app runs with. The type says what the file may have there.
template <class T>
struct ScalingSlot {
    std::optional<T> ScalingSettings::*setting;
    T Scaling::*value;
};
using Names = std::vector<std::string>;
using AnyScalingSlot = std::variant<ScalingSlot<int>, ScalingSlot<std::chrono::seconds>, ScalingSlot<Names>>;

struct ScalingField {
    std::string_view name; ///< as in app.yaml
    AnyScalingSlot slot;
    int low = 0;
    int high = 0;
    bool isInherited = false; ///< a deploy keeps what the app has
    std::string_view help;
};

std::span<const ScalingField> scalingFields();
const ScalingField* findScalingField(std::string_view name);

/// fal's names of places, for `regions`. @source fal 2026-08, App.regions
std::span<const std::string_view> regionNames();

std::string shownValue(int value);
std::string shownValue(std::chrono::seconds value); ///< "300 s"
std::string shownValue(const Names& value); ///< "GPU-H100, L", or "none"

} // namespace tintype::domain
