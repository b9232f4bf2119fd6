// SPDX-License-Identifier: Apache-2.0
#include "engine/encoders/clip_text_encoder.h"

#include "engine/base/json_fields.h"
#include "engine/nn/attention.h"
#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr std::int64_t kMaxWidth = 1 << 16;
constexpr std::int64_t kMaxLayers = 1024;
constexpr std::int64_t kMaxVocabulary = 1 << 22;

// Configs written before transformers' fix of 2023 say 2 and mean "the largest id".
constexpr std::int64_t kLegacyEosTokenId = 2;

} // namespace

Result<ClipTextConfig> ClipTextConfig::parse(
    const nlohmann::json& json, const std::string& className, const std::string& source)
{
    ClipTextConfig config;
    const JsonFields fields(json, source);
    TINTYPE_TRY_ASSIGN(config.vocabularySize, fields.integer("vocab_size", config.vocabularySize, 1, kMaxVocabulary));
    TINTYPE_TRY_ASSIGN(config.width, fields.integer("hidden_size", config.width, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(
        config.intermediateWidth, fields.integer("intermediate_size", config.intermediateWidth, 1, 8 * kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.layers, fields.integer("num_hidden_layers", config.layers, 1, kMaxLayers));
    TINTYPE_TRY_ASSIGN(config.heads, fields.integer("num_attention_heads", config.heads, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.maxPositions, fields.integer("max_position_embeddings", config.maxPositions, 2, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.projectionWidth, fields.integer("projection_dim", config.projectionWidth, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.eosTokenId, fields.integer("eos_token_id", config.eosTokenId, 0, kMaxVocabulary));
    TINTYPE_TRY_ASSIGN(config.layerNormEps, fields.number("layer_norm_eps", config.layerNormEps));
    TINTYPE_TRY_ASSIGN(config.activation, fields.string("hidden_act", config.activation));
    if (config.width % config.heads != 0)
        return tl::unexpected(fields.refuse("num_attention_heads", fmt::format("does not divide hidden_size {}", config.width), ErrorCode::InvalidArgument));
    config.hasProjection = className == "CLIPTextModelWithProjection";
    if (!config.hasProjection && className != "CLIPTextModel")
        return fail(ErrorCode::Unsupported, fmt::format("{}: class {} is not supported as a CLIP text encoder", source, className));
    return config;
}

ClipTextEncoder::ClipTextEncoder(const ClipTextConfig& config, WeightStore& store)
    : m_config(config)
    , m_activation(activationByName(config.activation, "text encoder"))
{
    // transformers 5 may write the names without this prefix.
    const std::string root = store.has("embeddings.token_embedding.weight") ? "" : "text_model.";
    const std::int64_t d = config.width;
    m_tokenEmbedding = store.take(root + "embeddings.token_embedding.weight", {config.vocabularySize, d});
    m_positionEmbedding = store.take(root + "embeddings.position_embedding.weight", {config.maxPositions, d});
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string prefix = fmt::format("{}encoder.layers.{}.", root, i);
        const std::string attn = prefix + "self_attn.";
        m_layers.push_back(Layer{
            .norm1 = LayerNorm(store, prefix + "layer_norm1", d, config.layerNormEps),
            .qkv = Linear(store, {attn + "q_proj", attn + "k_proj", attn + "v_proj"}, d, {d, d, d}),
            .out = Linear(store, attn + "out_proj", d, d),
            .norm2 = LayerNorm(store, prefix + "layer_norm2", d, config.layerNormEps),
            .fc1 = Linear(store, prefix + "mlp.fc1", d, config.intermediateWidth),
            .fc2 = Linear(store, prefix + "mlp.fc2", config.intermediateWidth, d),
        });
    }
    m_finalNorm = LayerNorm(store, root + "final_layer_norm", d, config.layerNormEps);
    if (config.hasProjection)
        m_projection = Linear(store, "text_projection", d, config.projectionWidth, /*bias=*/false);
    else
        store.ignore("text_projection.");
    store.ignore(root + "embeddings.position_ids");
}

at::Tensor ClipTextEncoder::runLayer(const Layer& layer, const at::Tensor& x) const
{
    const auto qkv = layer.qkv(layer.norm1(x)).chunk(3, -1); // [B, S, 3d] -> 3 x [B, S, d]
    const auto heads = [this](const at::Tensor& t) { return splitHeads(t, m_config.heads); };
    const at::Tensor mixed = attention(heads(qkv[0]), heads(qkv[1]), heads(qkv[2]), {}, /*causal=*/true);
    const at::Tensor y = x + layer.out(mixed);
    return y + layer.fc2(layer.fc1(layer.norm2(y), m_activation));
}

at::Tensor ClipTextEncoder::pooledPositions(const at::Tensor& ids) const
{
    const at::Tensor narrow = ids.to(at::kInt);
    if (m_config.eosTokenId == kLegacyEosTokenId)
        return narrow.argmax(-1);
    return narrow.eq(m_config.eosTokenId).to(at::kInt).argmax(-1);
}

ClipTextEncoder::Output ClipTextEncoder::operator()(const at::Tensor& ids) const
{
    const std::int64_t length = ids.size(1);
    if (length > m_config.maxPositions)
        raise(ErrorCode::InvalidArgument, "[text] {} tokens, the text encoder reads {}", length, m_config.maxPositions);
    Output output;
    at::Tensor x = at::embedding(m_tokenEmbedding, ids) + m_positionEmbedding.slice(0, 0, length);
    output.hiddenStates.push_back(x);
    for (const Layer& layer : m_layers) {
        x = runLayer(layer, x);
        output.hiddenStates.push_back(x);
    }
    const at::Tensor rows = at::arange(ids.size(0), ids.options());
    output.pooled = m_finalNorm(x).index({rows, pooledPositions(ids)}); // [B, S, d] -> [B, d]
    if (m_projection)
        output.pooled = m_projection(output.pooled);
    return output;
}

} // namespace tintype::engine
