// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/layers.h"

#include <nlohmann/json_fwd.hpp>

namespace tintype::engine {

struct T5Config {
    std::int64_t vocabularySize = 32128;
    std::int64_t width = 512;          ///< d_model
    std::int64_t headWidth = 64;       ///< d_kv
    std::int64_t feedForwardWidth = 2048;
    std::int64_t layers = 6;
    std::int64_t heads = 8;
    std::int64_t buckets = 32;
    std::int64_t maxDistance = 128;
    double layerNormEps = 1e-6;
    std::string activation = "relu";
    bool gated = false;

    /// Missing fields take transformers' own defaults. @error Unsupported, InvalidArgument
    static Result<T5Config> parse(const nlohmann::json& config, const std::string& source);
};

/// The encoder half of T5 v1.1 (and of T5 v1). No mask: FLUX attends to the padding too.
class T5Encoder {
public:
    T5Encoder(const T5Config& config, WeightStore& store);

    /// ids [B, S] int64 -> [B, S, width]
    /// @source transformers 5.23, T5EncoderModel.forward
    at::Tensor operator()(const at::Tensor& ids) const;

    const T5Config& config() const { return m_config; }

private:
    struct Layer {
        RmsNorm attentionNorm;
        Linear qkv;
        Linear out;
        RmsNorm feedForwardNorm;
        Linear in;     ///< wi, or wi_0 and wi_1 stacked
        Linear feedForwardOut;
    };

    at::Tensor positionBias(std::int64_t length) const;

    T5Config m_config;
    Activation m_activation;
    at::Tensor m_embedding;
    at::Tensor m_relativeBias; ///< [buckets, heads]
    std::vector<Layer> m_layers;
    RmsNorm m_finalNorm;
    bool m_feedForwardInFloat = false; ///< fp16 overflows in wo, which transformers keeps in fp32
};

} // namespace tintype::engine
