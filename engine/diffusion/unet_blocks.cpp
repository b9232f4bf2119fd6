// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/unet_blocks.h"

#include "engine/nn/attention.h"
#include "engine/nn/fused.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr double kLayerNormEps = 1e-5;       // diffusers 0.42.1, BasicTransformerBlock norm_eps
constexpr double kTransformerNormEps = 1e-6; // diffusers 0.42.1, Transformer2DModel's GroupNorm

} // namespace

UNetAttention::UNetAttention(
    WeightStore& store, const std::string& prefix, std::int64_t width, std::int64_t heads, std::int64_t contextWidth)
    : m_heads(heads)
    , m_isCross(contextWidth > 0)
{
    const std::string q = prefix + ".to_q";
    const std::string k = prefix + ".to_k";
    const std::string v = prefix + ".to_v";
    if (m_isCross) {
        m_query = Linear(store, q, width, width, /*bias=*/false);
        m_keyValue = Linear(store, {k, v}, contextWidth, {width, width}, /*bias=*/false);
    } else {
        m_qkv = Linear(store, {q, k, v}, width, {width, width, width}, /*bias=*/false);
    }
    m_out = Linear(store, prefix + ".to_out.0", width, width);
}

KeyValue UNetAttention::keyValue(const at::Tensor& context) const
{
    const auto parts = m_keyValue(context).chunk(2, -1);
    return {splitHeads(parts[0], m_heads), splitHeads(parts[1], m_heads)};
}

at::Tensor UNetAttention::operator()(const at::Tensor& x, const KeyValue* context) const
{
    if (m_isCross)
        return m_out(attention(splitHeads(m_query(x), m_heads), context->k, context->v));
    const auto qkv = m_qkv(x).chunk(3, -1);
    return m_out(attention(splitHeads(qkv[0], m_heads), splitHeads(qkv[1], m_heads), splitHeads(qkv[2], m_heads)));
}

TransformerBlock::TransformerBlock(
    WeightStore& store, const std::string& prefix, const UNetBlockConfig& config, std::int64_t width)
    : m_norm1(store, prefix + ".norm1", width, kLayerNormEps)
    , m_first(store, prefix + ".attn1", width, config.heads, config.onlyCrossAttention ? config.crossAttentionWidth : 0)
    , m_norm2(store, prefix + ".norm2", width, kLayerNormEps)
    , m_second(store, prefix + ".attn2", width, config.heads, config.crossAttentionWidth)
    , m_norm3(store, prefix + ".norm3", width, kLayerNormEps)
    , m_feedForwardIn(store, prefix + ".ff.net.0.proj", width, 8 * width)
    , m_feedForwardOut(store, prefix + ".ff.net.2", 4 * width, width)
{
}

void TransformerBlock::appendKeyValues(const at::Tensor& context, std::vector<KeyValue>& keyValues) const
{
    if (m_first.isCross())
        keyValues.push_back(m_first.keyValue(context));
    keyValues.push_back(m_second.keyValue(context));
}

at::Tensor TransformerBlock::operator()(const at::Tensor& x, const KeyValue* keyValues) const
{
    const KeyValue* second = m_first.isCross() ? keyValues + 1 : keyValues;
    at::Tensor y = m_first(m_norm1(x), keyValues).add_(x);
    y = m_second(m_norm2(y), second).add_(y);
    return m_feedForwardOut(geglu(m_feedForwardIn(m_norm3(y)))).add_(y);
}

SpatialTransformer::SpatialTransformer(WeightStore& store, const std::string& prefix, const UNetConfig& unet,
    const UNetBlockConfig& config, std::int64_t depth)
    : m_linearProjection(unet.linearProjection)
    , m_norm(store, prefix + ".norm", unet.normGroups, config.channels, kTransformerNormEps)
{
    const std::int64_t inner = config.channels / config.heads * config.heads;
    if (m_linearProjection) {
        m_linearIn = Linear(store, prefix + ".proj_in", config.channels, inner);
        m_linearOut = Linear(store, prefix + ".proj_out", inner, config.channels);
    } else {
        m_convIn = Conv2d(store, prefix + ".proj_in", config.channels, inner, 1);
        m_convOut = Conv2d(store, prefix + ".proj_out", inner, config.channels, 1);
    }
    for (std::int64_t i = 0; i < depth; ++i)
        m_blocks.emplace_back(store, fmt::format("{}.transformer_blocks.{}", prefix, i), config, inner);
}

void SpatialTransformer::appendKeyValues(const at::Tensor& context, std::vector<KeyValue>& keyValues) const
{
    for (const TransformerBlock& block : m_blocks)
        block.appendKeyValues(context, keyValues);
}

at::Tensor SpatialTransformer::operator()(const at::Tensor& x, const KeyValue*& keyValues) const
{
    const std::int64_t height = x.size(2);
    const std::int64_t width = x.size(3);
    const auto toTokens = [](const at::Tensor& t) { return t.flatten(2).transpose(1, 2).contiguous(); }; // [B,C,H,W] -> [B,HW,C]
    const auto toPicture = [&](const at::Tensor& t) { return t.transpose(1, 2).unflatten(2, {height, width}); };
    at::Tensor tokens = m_linearProjection ? m_linearIn(toTokens(m_norm(x))) : toTokens(m_convIn(m_norm(x)));
    for (const TransformerBlock& block : m_blocks) {
        tokens = block(tokens, keyValues);
        keyValues += block.crossAttentions();
    }
    const at::Tensor out = m_linearProjection ? toPicture(m_linearOut(tokens)) : m_convOut(toPicture(tokens).contiguous());
    return out + x;
}

} // namespace tintype::engine
