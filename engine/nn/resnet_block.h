// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers.h"

namespace tintype::engine {

/// diffusers' ResnetBlock2D: norm, activation, conv, twice, around a residual; a projection of the time embedding in
/// between where the block belongs to a UNet.
/// @source diffusers 0.42.1, models/resnet.py ResnetBlock2D
class ResnetBlock {
public:
    struct Options {
        std::int64_t in = 0;
        std::int64_t out = 0;
        std::int64_t groups = 32;
        double eps = 1e-6;
        Activation activation = Activation::Silu;
        std::int64_t timeWidth = 0;     ///< 0 = no time embedding
        bool timeScaleShift = false;    ///< time_embedding_norm "scale_shift" instead of "default"
        double outputScale = 1.0;
    };

    ResnetBlock(WeightStore& store, const std::string& prefix, const Options& options);

    /// What the block adds for an activated time embedding: [n, timeWidth] -> [n, out] (scale_shift: [n, 2·out]).
    at::Tensor projectTime(const at::Tensor& activated) const { return m_timeProjection(activated); }

    /// x [B, in, H, W]; time: as projectTime gives it with n = B, or undefined. -> [B, out, H, W]
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& time = {}) const;

private:
    Options m_options;
    GroupNorm m_norm1;
    Conv2d m_conv1;
    Linear m_timeProjection;
    GroupNorm m_norm2;
    Conv2d m_conv2;
    Conv2d m_shortcut;
};

} // namespace tintype::engine
