// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/pipelines/component_source.h"

#include <string>

namespace tintype::engine {

/// A model made of configs alone, for random weights.
struct BenchPreset {
    std::string pipelineClass;
    std::map<std::string, ConfigSource::Component> components;
    nlohmann::json scheduler;
    int defaultSteps = 0;
    double guidance = 0;
    int maxSequenceLength = 512;
};

/// @param model  flux-schnell, flux-dev or sdxl
/// @param scale  full (the public checkpoint's sizes), mid (FLUX 1024 wide, 6 + 12 blocks; SDXL a quarter), tiny
/// @error InvalidArgument: another name
Result<BenchPreset> benchPreset(const std::string& model, const std::string& scale);

} // namespace tintype::engine
