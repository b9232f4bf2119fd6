// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/resnet_block.h"
#include "engine/vae/vae_config.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace tintype::engine {

/// The single-head attention in the middle of both halves. Reads the names of old files (query, key, value, proj_attn,
/// as 1×1 convolutions too).
class VaeAttention {
public:
    VaeAttention(WeightStore& store, const std::string& prefix, std::int64_t channels, std::int64_t groups);
    at::Tensor operator()(const at::Tensor& x) const; ///< [B, C, H, W] -> the same, with a residual

private:
    GroupNorm m_norm;
    Linear m_qkv;
    Linear m_out;
};

/// resnet, attention, resnet.
class VaeMidBlock {
public:
    VaeMidBlock(WeightStore& store, const std::string& prefix, const VaeConfig& config);
    at::Tensor operator()(const at::Tensor& x) const;

private:
    std::vector<ResnetBlock> m_resnets;
    std::optional<VaeAttention> m_attention;
};

/// One resolution: resnets, then a convolution that changes it (none at the last).
struct VaeLevel {
    std::vector<ResnetBlock> resnets;
    Conv2d resample;
};

/// The decoding half of AutoencoderKL.
/// @source diffusers 0.42.1, models/autoencoders/autoencoder_kl.py, vae.py Decoder
class VaeDecoder {
public:
    VaeDecoder(const VaeConfig& config, WeightStore& store);

    /// z [B, latentChannels, h, w], already unscaled -> picture [B, 3, h·scale, w·scale], about -1..1.
    at::Tensor operator()(const at::Tensor& z) const;

    /// The same in overlapping tiles of sampleSize pixels, blended: less memory, slightly other pixels.
    /// @error (EngineError) Cancelled: stop was asked for (seen between tiles)
    at::Tensor decodeTiled(const at::Tensor& z, const std::stop_token& stop = {}) const;

    /// Whether tiling changes anything at this latent size.
    bool isLargerThanTile(const at::Tensor& z) const;

    const VaeConfig& config() const { return m_config; }

private:
    VaeConfig m_config;
    Activation m_activation;
    Conv2d m_postQuantConv;
    Conv2d m_convIn;
    VaeMidBlock m_mid;
    std::vector<VaeLevel> m_up;
    GroupNorm m_normOut;
    Conv2d m_convOut;
};

/// The encoding half of AutoencoderKL.
class VaeEncoder {
public:
    VaeEncoder(const VaeConfig& config, WeightStore& store);

    /// The latent distribution of pictures [B, 3, H, W] in -1..1.
    struct Distribution {
        at::Tensor mean;         ///< [B, latentChannels, H/scale, W/scale]
        at::Tensor logVariance;  ///< clamped to [-30, 20]
    };
    Distribution operator()(const at::Tensor& x) const;
    Distribution encodeTiled(const at::Tensor& x) const;

private:
    at::Tensor moments(const at::Tensor& x) const;

    VaeConfig m_config;
    Activation m_activation;
    Conv2d m_convIn;
    std::vector<VaeLevel> m_down;
    VaeMidBlock m_mid;
    GroupNorm m_normOut;
    Conv2d m_convOut;
    Conv2d m_quantConv;
};

} // namespace tintype::engine
