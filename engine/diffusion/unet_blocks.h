// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/unet_config.h"
#include "engine/nn/resnet_block.h"

#include <utility>

namespace tintype::engine {

/// Keys and values of one cross-attention, [B, heads, S, headWidth] each: they depend on the text alone.
struct KeyValue {
    at::Tensor k;
    at::Tensor v;
};

/// Attention without bias on q, k, v; self-attention when made without a context width.
class UNetAttention {
public:
    UNetAttention(WeightStore& store, const std::string& prefix, std::int64_t width, std::int64_t heads,
        std::int64_t contextWidth /* 0 = self-attention */);

    bool isCross() const { return m_isCross; }
    KeyValue keyValue(const at::Tensor& context) const; ///< context [B, S, contextWidth]

    /// x [B, S, width] -> [B, S, width]; `context` is needed by cross-attention and not read by self-attention.
    at::Tensor operator()(const at::Tensor& x, const KeyValue* context) const;

private:
    std::int64_t m_heads;
    bool m_isCross;
    Linear m_query;    ///< cross-attention
    Linear m_keyValue; ///< cross-attention: k and v of the text
    Linear m_qkv;      ///< self-attention
    Linear m_out;
};

/// diffusers' BasicTransformerBlock: self-attention, cross-attention, GEGLU feed-forward.
class TransformerBlock {
public:
    TransformerBlock(WeightStore& store, const std::string& prefix, const UNetBlockConfig& config, std::int64_t width);

    /// One entry for each attention that reads the text, in order.
    void appendKeyValues(const at::Tensor& context, std::vector<KeyValue>& keyValues) const;
    std::size_t crossAttentions() const { return m_first.isCross() ? 2 : 1; }

    /// `keyValues` points at this block's first entry.
    at::Tensor operator()(const at::Tensor& x, const KeyValue* keyValues) const;

private:
    LayerNorm m_norm1;
    UNetAttention m_first;
    LayerNorm m_norm2;
    UNetAttention m_second;
    LayerNorm m_norm3;
    Linear m_feedForwardIn;
    Linear m_feedForwardOut;
};

/// diffusers' Transformer2DModel: a picture as tokens, through `depth` blocks, and back, with a residual.
class SpatialTransformer {
public:
    SpatialTransformer(WeightStore& store, const std::string& prefix, const UNetConfig& unet,
        const UNetBlockConfig& config, std::int64_t depth);

    void appendKeyValues(const at::Tensor& context, std::vector<KeyValue>& keyValues) const;

    /// x [B, C, H, W] -> the same shape. Advances `keyValues` past the entries it used.
    at::Tensor operator()(const at::Tensor& x, const KeyValue*& keyValues) const;

private:
    bool m_linearProjection;
    GroupNorm m_norm;
    Linear m_linearIn, m_linearOut;
    Conv2d m_convIn, m_convOut;
    std::vector<TransformerBlock> m_blocks;
};

} // namespace tintype::engine
