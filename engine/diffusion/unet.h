// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/unet_blocks.h"
#include "engine/diffusion/unet_config.h"

#include <optional>

namespace tintype::engine {

/// UNet2DConditionModel as SDXL uses it.
/// @source diffusers 0.42.1, models/unets/unet_2d_condition.py, unet_2d_blocks.py
class UNet {
public:
    UNet(const UNetConfig& config, WeightStore& store);

    /// What stays the same over the steps, computed once: keys and values of the text for every cross-attention, and what
    /// every resnet adds for the time of every step.
    struct Conditioning {
        std::vector<KeyValue> keyValues;       ///< in the order the blocks run
        std::vector<at::Tensor> resnetTimes;   ///< per resnet in that order: [steps, B, channels]
    };

    struct ConditioningInput {
        at::Tensor promptEmbeds;  ///< [B, S, crossAttentionWidth], model dtype; B is the batch of the calls
        at::Tensor pooledEmbeds;  ///< [B, pooled width]
        at::Tensor timeIds;       ///< [B, 6], model dtype
        std::vector<double> timesteps;
        at::Tensor timestepCondition; ///< [1, timeConditionWidth] for LCM-distilled UNets, else undefined
    };
    Conditioning condition(const ConditioningInput& input) const;

    /// sample [B, inChannels, H, W] -> prediction [B, outChannels, H, W] for step `step` of the conditioning.
    at::Tensor operator()(const at::Tensor& sample, const Conditioning& conditioning, std::int64_t step) const;

    const UNetConfig& config() const { return m_config; }

private:
    struct Level {
        std::vector<ResnetBlock> resnets;
        std::vector<SpatialTransformer> attentions; ///< one per resnet, or none
        Conv2d resample;                            ///< the downsampler's or upsampler's convolution, or none
    };
    struct Cursor; ///< walks the conditioning as the blocks run

    Level makeLevel(WeightStore& store, const std::string& prefix, const UNetBlockConfig& config,
        const std::vector<std::int64_t>& inChannels, double outputScale = 1.0) const;
    void makeDown(WeightStore& store);
    void makeMid(WeightStore& store);
    void makeUp(WeightStore& store);
    std::vector<const Level*> levelsInOrder() const;
    at::Tensor timeEmbedding(const ConditioningInput& input) const;
    at::Tensor downsample(const Level& level, const at::Tensor& x) const;
    at::Tensor upsample(const Level& level, const at::Tensor& x, at::IntArrayRef skipSize) const;

    UNetConfig m_config;
    Activation m_activation;
    Conv2d m_convIn;
    TwoLayerEmbedding m_timeEmbedding;
    Linear m_timeCondition;
    TwoLayerEmbedding m_addEmbedding;
    std::vector<Level> m_down;
    std::optional<Level> m_mid;
    std::vector<Level> m_up;
    GroupNorm m_normOut;
    Conv2d m_convOut;
};

} // namespace tintype::engine
