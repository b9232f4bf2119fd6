// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/layers.h"

#include "engine/nn/engine_error.h"
#include "engine/nn/onednn.h"

#include <ATen/ATen.h>

namespace tintype::engine {

Linear::Linear(WeightStore& store, const std::string& prefix, std::int64_t in, std::int64_t out, bool bias)
    : Linear(store.take(prefix + ".weight", {out, in}), bias ? store.take(prefix + ".bias", {out}) : at::Tensor())
{
}

Linear::Linear(WeightStore& store, const std::vector<std::string>& prefixes, std::int64_t in,
    const std::vector<std::int64_t>& outs, bool bias)
{
    std::vector<at::Tensor> weights;
    std::vector<at::Tensor> biases;
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
        weights.push_back(store.take(prefixes[i] + ".weight", {outs[i], in}));
        if (bias)
            biases.push_back(store.take(prefixes[i] + ".bias", {outs[i]}));
    }
    *this = Linear(at::cat(weights), bias ? at::cat(biases) : at::Tensor());
}

Linear::Linear(at::Tensor weight, at::Tensor bias)
    : m_weight(std::move(weight))
    , m_bias(std::move(bias))
    , m_out(m_weight.size(0))
{
    pack();
}

void Linear::pack()
{
    if (onednn::packingPays(m_weight))
        m_packed = onednn::packLinear(m_weight);
}

at::Tensor Linear::operator()(const at::Tensor& x, Activation activation) const
{
    if (m_packed.defined() && onednn::packedPays(x, m_weight)) {
        if (activation == Activation::None || activation == Activation::GeluTanh)
            return onednn::linear(x, m_packed, m_bias, activation == Activation::GeluTanh);
        return activate(activation, onednn::linear(x, m_packed, m_bias, /*geluTanh=*/false));
    }
    return activate(activation, at::linear(x, m_weight, m_bias));
}

Conv2d::Conv2d(WeightStore& store, const std::string& prefix, std::int64_t in, std::int64_t out, int kernel, int stride,
    int padding)
    : m_weight(store.take(prefix + ".weight", {out, in, kernel, kernel}))
    , m_bias(store.take(prefix + ".bias", {out}))
    , m_stride(stride)
    , m_padding(padding)
{
    if (m_weight.is_cuda())
        m_weight = m_weight.contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor Conv2d::operator()(const at::Tensor& x) const
{
    return at::conv2d(x, m_weight, m_bias, m_stride, m_padding);
}

LayerNorm::LayerNorm(WeightStore& store, const std::string& prefix, std::int64_t width, double epsilon)
    : weight(store.take(prefix + ".weight", {width}))
    , bias(store.take(prefix + ".bias", {width}))
    , eps(epsilon)
{
}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const
{
    return at::layer_norm(x, weight.sizes(), weight, bias, eps);
}

GroupNorm::GroupNorm(
    WeightStore& store, const std::string& prefix, std::int64_t groups, std::int64_t channels, double epsilon)
    : weight(store.take(prefix + ".weight", {channels}))
    , bias(store.take(prefix + ".bias", {channels}))
    , groupCount(groups)
    , eps(epsilon)
{
    if (groups < 1 || channels % groups != 0)
        raise(ErrorCode::InvalidArgument, "{}: {} channels cannot be split into {} norm groups", prefix, channels, groups);
}

at::Tensor GroupNorm::operator()(const at::Tensor& x) const
{
    return at::group_norm(x, groupCount, weight, bias, eps);
}

at::Tensor GroupNorm::operator()(const at::Tensor& x, Activation activation) const
{
    at::Tensor y = (*this)(x);
    return activation == Activation::Silu ? at::silu_(y) : activate(activation, y);
}

RmsNorm::RmsNorm(WeightStore& store, const std::string& name, std::int64_t width, double epsilon)
    : weight(store.take(name, {width}))
    , eps(epsilon)
{
}

at::Tensor RmsNorm::operator()(const at::Tensor& x) const
{
    const at::Tensor wide = x.to(at::kFloat);
    const at::Tensor variance = wide.square().mean(-1, /*keepdim=*/true);
    return (wide * at::rsqrt(variance + eps)).to(weight.scalar_type()) * weight;
}

TwoLayerEmbedding::TwoLayerEmbedding(WeightStore& store, const std::string& prefix, std::int64_t in,
    std::int64_t hidden, std::int64_t out, Activation middle)
    : first(store, prefix + ".linear_1", in, hidden)
    , second(store, prefix + ".linear_2", hidden, out)
    , activation(middle)
{
}

at::Tensor TwoLayerEmbedding::operator()(const at::Tensor& x) const
{
    return second(activate(activation, first(x)));
}

at::Tensor timestepEmbedding(const at::Tensor& t, std::int64_t width, bool flipSinToCos, double downscaleFreqShift)
{
    constexpr double kMaxPeriod = 10000;
    const std::int64_t half = width / 2;
    const auto options = t.options().dtype(at::kFloat);
    at::Tensor exponent = -std::log(kMaxPeriod) * at::arange(0, half, options);
    exponent = exponent / (static_cast<double>(half) - downscaleFreqShift);
    const at::Tensor angle = t.to(at::kFloat).unsqueeze(1) * at::exp(exponent).unsqueeze(0);
    at::Tensor embedding = flipSinToCos ? at::cat({angle.cos(), angle.sin()}, -1) : at::cat({angle.sin(), angle.cos()}, -1);
    if (width % 2 == 1)
        embedding = at::constant_pad_nd(embedding, {0, 1});
    return embedding;
}

} // namespace tintype::engine
