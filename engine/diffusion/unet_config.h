// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tintype::engine {

/// One resolution of the UNet, down or up.
struct UNetBlockConfig {
    bool crossAttention = false;
    bool onlyCrossAttention = false;
    std::int64_t resnets = 0;            ///< `layers_per_block`; one more on the way up
    std::int64_t channels = 0;
    std::int64_t heads = 1;              ///< `attention_head_dim` in the file: a misnomer of the class
    std::int64_t crossAttentionWidth = 0;
    std::vector<std::int64_t> transformerDepths; ///< per resnet
};

enum class UNetMidBlock { None, Plain, CrossAttention };

/// Fields of UNet2DConditionModel's config.json with the class's own defaults, as SDXL needs them.
struct UNetConfig {
    std::int64_t sampleSize = 0; ///< 0 = not told
    std::int64_t inChannels = 4;
    std::int64_t outChannels = 4;
    bool centerInputSample = false;
    bool flipSinToCos = true;
    double freqShift = 0;
    std::vector<UNetBlockConfig> down;
    std::vector<UNetBlockConfig> up; ///< from the coarsest to the finest
    UNetMidBlock mid = UNetMidBlock::CrossAttention;
    UNetBlockConfig midBlock;
    double midBlockScale = 1.0;
    std::int64_t downsamplePadding = 1;
    std::string activation = "silu";
    std::int64_t normGroups = 32;
    double normEps = 1e-5;
    bool linearProjection = false;
    bool timeScaleShift = false;
    std::int64_t timeEmbeddingWidth = 0;
    std::string timeEmbeddingActivation; ///< after time and added embedding are summed; empty = none
    std::string timestepPostActivation;  ///< after linear_2 of the time embedding; empty = none
    std::int64_t timeConditionWidth = 0; ///< time_cond_proj_dim of LCM-distilled UNets; 0 = none
    std::int64_t convInKernel = 3;
    std::int64_t convOutKernel = 3;
    std::int64_t additionTimeWidth = 0;
    std::int64_t additionInputWidth = 0; ///< projection_class_embeddings_input_dim

    /// @error Unsupported: a field's value that would change the picture and is not supported, by name · InvalidArgument
    static Result<UNetConfig> parse(const nlohmann::json& config, const std::string& source);
};

} // namespace tintype::engine
