// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/nn/activation.h"
#include "engine/nn/weight_store.h"

#include <ATen/core/Tensor.h>
#include <string>

// Layers are plain structs made from a WeightStore and a checkpoint prefix, and called like functions.

namespace tintype::engine {

/// y = act(x Wᵀ + b). On a CPU the weight is packed for oneDNN at load where that is the faster way for this size.
class Linear {
public:
    Linear() = default;
    Linear(WeightStore& store, const std::string& prefix, std::int64_t in, std::int64_t out, bool bias = true);
    /// Several linears of one input as one: rows are stacked in the order given.
    Linear(WeightStore& store, const std::vector<std::string>& prefixes, std::int64_t in,
        const std::vector<std::int64_t>& outs, bool bias = true);
    Linear(at::Tensor weight, at::Tensor bias);

    /// x: [..., in] -> [..., out]
    at::Tensor operator()(const at::Tensor& x, Activation activation = Activation::None) const;

    std::int64_t outFeatures() const { return m_out; }
    explicit operator bool() const { return m_weight.defined(); }

private:
    void pack();

    at::Tensor m_weight; ///< [out, in]; kept beside m_packed for calls with few rows
    at::Tensor m_packed; ///< oneDNN's own layout; undefined where the plain GEMM is used
    at::Tensor m_bias;   ///< [out] or undefined
    std::int64_t m_out = 0;
};

/// 2-D convolution, square kernel, NCHW.
class Conv2d {
public:
    Conv2d() = default;
    Conv2d(WeightStore& store, const std::string& prefix, std::int64_t in, std::int64_t out, int kernel, int stride = 1,
        int padding = 0);

    at::Tensor operator()(const at::Tensor& x) const;
    explicit operator bool() const { return m_weight.defined(); }

private:
    at::Tensor m_weight; ///< [out, in, k, k]
    at::Tensor m_bias;
    int m_stride = 1;
    int m_padding = 0;
};

struct LayerNorm {
    LayerNorm() = default;
    LayerNorm(WeightStore& store, const std::string& prefix, std::int64_t width, double epsilon);
    at::Tensor operator()(const at::Tensor& x) const;

    at::Tensor weight;
    at::Tensor bias;
    double eps = 0;
};

struct GroupNorm {
    GroupNorm() = default;
    GroupNorm(WeightStore& store, const std::string& prefix, std::int64_t groups, std::int64_t channels, double epsilon);
    at::Tensor operator()(const at::Tensor& x) const;
    /// The same followed by an activation.
    at::Tensor operator()(const at::Tensor& x, Activation activation) const;

    at::Tensor weight;
    at::Tensor bias;
    std::int64_t groupCount = 0;
    double eps = 0;
};

/// RMS norm over the last dimension with a weight and no bias; statistics in fp32.
struct RmsNorm {
    RmsNorm() = default;
    RmsNorm(WeightStore& store, const std::string& name, std::int64_t width, double epsilon);
    at::Tensor operator()(const at::Tensor& x) const;

    at::Tensor weight;
    double eps = 0;
};

/// linear_1, activation, linear_2: the embedders of time, guidance and pooled text.
struct TwoLayerEmbedding {
    TwoLayerEmbedding() = default;
    TwoLayerEmbedding(WeightStore& store, const std::string& prefix, std::int64_t in, std::int64_t hidden,
        std::int64_t out, Activation middle = Activation::Silu);
    at::Tensor operator()(const at::Tensor& x) const;

    Linear first;
    Linear second;
    Activation activation = Activation::Silu;
};

/// Sinusoidal embedding of timesteps: t [n] in fp32 -> [n, width] in fp32.
/// @source diffusers 0.42.1, models/embeddings.py, get_timestep_embedding
at::Tensor timestepEmbedding(const at::Tensor& t, std::int64_t width, bool flipSinToCos, double downscaleFreqShift);

} // namespace tintype::engine
