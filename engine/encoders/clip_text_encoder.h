// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers.h"

#include <nlohmann/json_fwd.hpp>

namespace tintype::engine {

/// The text tower of CLIP: CLIP-L of FLUX and SDXL, OpenCLIP bigG of SDXL.
struct ClipTextConfig {
    std::int64_t vocabularySize = 49408;
    std::int64_t width = 512;
    std::int64_t intermediateWidth = 2048;
    std::int64_t layers = 12;
    std::int64_t heads = 8;
    std::int64_t maxPositions = 77;
    std::int64_t projectionWidth = 512; ///< used by CLIPTextModelWithProjection only
    std::int64_t eosTokenId = 49407;
    double layerNormEps = 1e-5;
    std::string activation = "quick_gelu";
    bool hasProjection = false;

    /// Missing fields take transformers' own defaults. @error Unsupported, InvalidArgument
    static Result<ClipTextConfig> parse(
        const nlohmann::json& config, const std::string& className, const std::string& source);
};

class ClipTextEncoder {
public:
    struct Output {
        std::vector<at::Tensor> hiddenStates; ///< layers + 1 times [B, S, width]: embeddings, then each layer's output
        at::Tensor pooled;                    ///< [B, width] at the end token after the final norm, or [B, projection]
    };

    ClipTextEncoder(const ClipTextConfig& config, WeightStore& store);

    /// ids: [B, S] int64 on the weights' device, S ≤ maxPositions.
    /// @source transformers 5.23, CLIPTextModel.forward, CLIPTextModelWithProjection.forward
    Output operator()(const at::Tensor& ids) const;

    const ClipTextConfig& config() const { return m_config; }

private:
    struct Layer {
        LayerNorm norm1;
        Linear qkv;
        Linear out;
        LayerNorm norm2;
        Linear fc1;
        Linear fc2;
    };

    at::Tensor runLayer(const Layer& layer, const at::Tensor& x) const;
    at::Tensor pooledPositions(const at::Tensor& ids) const;

    ClipTextConfig m_config;
    Activation m_activation;
    at::Tensor m_tokenEmbedding;
    at::Tensor m_positionEmbedding;
    std::vector<Layer> m_layers;
    LayerNorm m_finalNorm;
    Linear m_projection;
};

} // namespace tintype::engine
