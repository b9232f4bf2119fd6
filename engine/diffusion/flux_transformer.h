// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers.h"

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace tintype::engine {

/// Fields of FluxTransformer2DModel's config.json; the defaults are the class's own (FLUX.1).
struct FluxConfig {
    std::int64_t patchSize = 1;
    std::int64_t inChannels = 64;
    std::int64_t outChannels = 64;
    std::int64_t doubleBlocks = 19;
    std::int64_t singleBlocks = 38;
    std::int64_t headWidth = 128;
    std::int64_t heads = 24;
    std::int64_t jointAttentionWidth = 4096; ///< of the T5 embeddings
    std::int64_t pooledWidth = 768;          ///< of CLIP's pooled vector
    bool guidanceEmbeds = false;
    std::vector<std::int64_t> ropeAxes{16, 56, 56};

    std::int64_t width() const { return headWidth * heads; }

    /// @error Unsupported, InvalidArgument
    static Result<FluxConfig> parse(const nlohmann::json& config, const std::string& source);
};

/// FluxTransformer2DModel: the velocity of packed latents.
/// @source diffusers 0.42.1, models/transformers/transformer_flux.py
class FluxTransformer {
public:
    FluxTransformer(const FluxConfig& config, WeightStore& store);

    /// What stays the same over the steps of a generation, computed once: the text stream's start, every block's
    /// modulation for every step, the rotary tables.
    struct Conditioning {
        at::Tensor text;                      ///< [1, St, d]
        at::Tensor cos;                       ///< [St + Si, headWidth] fp32
        at::Tensor sin;
        std::vector<at::Tensor> imageModulations; ///< per double block [steps, 6d]
        std::vector<at::Tensor> textModulations;  ///< per double block [steps, 6d]
        std::vector<at::Tensor> singleModulations; ///< per single block [steps, 3d]
        at::Tensor outModulation;             ///< [steps, 2d]
    };

    struct ConditioningInput {
        at::Tensor promptEmbeds;              ///< [1, St, jointAttentionWidth], model dtype
        at::Tensor pooledEmbeds;              ///< [1, pooledWidth], model dtype
        std::vector<double> timesteps;        ///< as the scheduler gives them, 0..1000
        std::optional<double> guidance;       ///< needed when the config has guidanceEmbeds
        std::int64_t tokenRows = 0;           ///< latent height / 2
        std::int64_t tokenColumns = 0;        ///< latent width / 2
    };
    Conditioning condition(const ConditioningInput& input) const;

    /// latents [B, Si, inChannels] -> velocity [B, Si, patchSize² · outChannels], for step `step` of the conditioning.
    at::Tensor operator()(const at::Tensor& latents, const Conditioning& conditioning, std::int64_t step) const;

    const FluxConfig& config() const { return m_config; }

private:
    /// One of the two streams of a double block; they have the same parts under other names.
    struct Stream {
        Linear modulation; ///< d -> 6d
        Linear qkv;
        at::Tensor queryNorm; ///< [headWidth]
        at::Tensor keyNorm;
        Linear out;
        Linear feedForwardIn;
        Linear feedForwardOut;
    };
    struct DoubleBlock {
        Stream image;
        Stream text;
    };
    struct SingleBlock {
        Linear modulation; ///< d -> 3d
        Linear qkv;
        at::Tensor queryNorm;
        at::Tensor keyNorm;
        Linear feedForwardIn;
        Linear out; ///< 5d -> d
    };
    struct JointBuffer;

    DoubleBlock makeDoubleBlock(WeightStore& store, std::int64_t index) const;
    SingleBlock makeSingleBlock(WeightStore& store, std::int64_t index) const;
    void projectInto(JointBuffer& joint, const at::Tensor& x, const Linear& qkv, const at::Tensor& queryNorm,
        const at::Tensor& keyNorm, const Conditioning& conditioning, std::int64_t offset) const;
    at::Tensor feedForward(const Stream& stream, const at::Tensor& x, const std::vector<at::Tensor>& modulation,
        const at::Tensor& attended) const;
    void runDoubleBlock(const DoubleBlock& block, std::size_t index, const Conditioning& conditioning,
        std::int64_t step, at::Tensor& image, at::Tensor& text) const;
    at::Tensor runSingleBlock(const SingleBlock& block, std::size_t index, const Conditioning& conditioning,
        std::int64_t step, const at::Tensor& x) const;
    at::Tensor timeTextEmbedding(const ConditioningInput& input) const;

    FluxConfig m_config;
    Linear m_latentEmbedder;
    Linear m_contextEmbedder;
    TwoLayerEmbedding m_timestepEmbedder;
    TwoLayerEmbedding m_guidanceEmbedder;
    TwoLayerEmbedding m_textEmbedder;
    std::vector<DoubleBlock> m_doubleBlocks;
    std::vector<SingleBlock> m_singleBlocks;
    Linear m_outModulation;
    Linear m_out;
};

} // namespace tintype::engine
