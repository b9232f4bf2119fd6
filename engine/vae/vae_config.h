// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tintype::engine {

/// Fields of AutoencoderKL's config.json with the class's own defaults.
struct VaeConfig {
    std::int64_t inChannels = 3;
    std::int64_t outChannels = 3;
    std::vector<std::int64_t> blockChannels{64};
    std::int64_t layersPerBlock = 1;
    std::string activation = "silu";
    std::int64_t latentChannels = 4;
    std::int64_t normGroups = 32;
    std::int64_t sampleSize = 32; ///< side of a tile in pixels
    double scalingFactor = 0.18215;
    std::optional<double> shiftFactor;
    std::vector<double> latentsMean; ///< per latent channel, or empty
    std::vector<double> latentsStd;
    bool forceUpcast = true;
    bool useQuantConv = true;
    bool usePostQuantConv = true;
    bool midAttention = true;

    /// Pixels per latent, 2^(blocks - 1).
    std::int64_t scale() const { return std::int64_t{1} << (blockChannels.size() - 1); }

    /// @error Unsupported, InvalidArgument
    static Result<VaeConfig> parse(const nlohmann::json& config, const std::string& source);
};

} // namespace tintype::engine
