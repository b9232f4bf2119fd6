// SPDX-License-Identifier: Apache-2.0
#include "engine/encoders/t5_encoder.h"

#include "engine/base/json_fields.h"
#include "engine/nn/attention.h"
#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr std::int64_t kMaxWidth = 1 << 17;
constexpr std::int64_t kMaxLayers = 1024;
constexpr std::int64_t kMaxVocabulary = 1 << 22;

/// "gated-gelu" means the tanh form; any other "gated-X" or "X" is X.
/// @source transformers 5.23, T5Config.__post_init__
Result<> parseFeedForward(T5Config& config, const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(const auto kind, fields.string("feed_forward_proj", "relu"));
    config.gated = kind.starts_with("gated-");
    config.activation = config.gated ? kind.substr(6) : kind;
    if (kind == "gated-gelu")
        config.activation = "gelu_new";
    if (config.activation.empty() || config.activation.find('-') != std::string::npos)
        return tl::unexpected(fields.refuse("feed_forward_proj", "is not supported"));
    return {};
}

} // namespace

Result<T5Config> T5Config::parse(const nlohmann::json& json, const std::string& source)
{
    T5Config config;
    const JsonFields fields(json, source);
    TINTYPE_TRY_ASSIGN(config.vocabularySize, fields.integer("vocab_size", config.vocabularySize, 1, kMaxVocabulary));
    TINTYPE_TRY_ASSIGN(config.width, fields.integer("d_model", config.width, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.headWidth, fields.integer("d_kv", config.headWidth, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.feedForwardWidth, fields.integer("d_ff", config.feedForwardWidth, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.layers, fields.integer("num_layers", config.layers, 1, kMaxLayers));
    TINTYPE_TRY_ASSIGN(config.heads, fields.integer("num_heads", config.heads, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.buckets, fields.integer("relative_attention_num_buckets", config.buckets, 4, 1 << 12));
    TINTYPE_TRY_ASSIGN(config.maxDistance, fields.integer("relative_attention_max_distance", config.maxDistance, 2, 1 << 20));
    TINTYPE_TRY_ASSIGN(config.layerNormEps, fields.number("layer_norm_epsilon", config.layerNormEps));
    TINTYPE_TRY(parseFeedForward(config, fields));
    return config;
}

T5Encoder::T5Encoder(const T5Config& config, WeightStore& store)
    : m_config(config)
    , m_activation(activationByName(config.activation, "text encoder"))
    , m_feedForwardInFloat(store.placement().dtype == at::kHalf)
{
    const std::int64_t d = config.width;
    const std::int64_t inner = config.heads * config.headWidth;
    m_embedding = store.take(store.firstOf({"shared.weight", "encoder.embed_tokens.weight"}), {config.vocabularySize, d});
    store.ignore("shared.weight");
    store.ignore("encoder.embed_tokens.weight");
    store.ignore("decoder.");
    store.ignore("lm_head.");
    m_relativeBias = store.take(
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", {config.buckets, config.heads});
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string first = fmt::format("encoder.block.{}.layer.0.", i);
        const std::string second = fmt::format("encoder.block.{}.layer.1.", i);
        const std::string attn = first + "SelfAttention.";
        const std::string dense = second + "DenseReluDense.";
        const std::int64_t f = config.feedForwardWidth;
        const at::ScalarType outType = m_feedForwardInFloat ? at::kFloat : store.placement().dtype;
        m_layers.push_back(Layer{
            .attentionNorm = RmsNorm(store, first + "layer_norm.weight", d, config.layerNormEps),
            .qkv = Linear(store, {attn + "q", attn + "k", attn + "v"}, d, {inner, inner, inner}, /*bias=*/false),
            .out = Linear(store, attn + "o", inner, d, /*bias=*/false),
            .feedForwardNorm = RmsNorm(store, second + "layer_norm.weight", d, config.layerNormEps),
            .in = config.gated ? Linear(store, {dense + "wi_0", dense + "wi_1"}, d, {f, f}, /*bias=*/false)
                               : Linear(store, dense + "wi", d, f, /*bias=*/false),
            .feedForwardOut = Linear(store.takeAs(dense + "wo.weight", {d, f}, outType), at::Tensor()),
        });
    }
    m_finalNorm = RmsNorm(store, "encoder.final_layer_norm.weight", d, config.layerNormEps);
}

/// @source transformers 5.23, T5Attention._relative_position_bucket (bidirectional) and compute_bias
at::Tensor T5Encoder::positionBias(std::int64_t length) const
{
    const std::int64_t half = m_config.buckets / 2; // one half for each sign
    const std::int64_t exact = half / 2;            // distances below this have a bucket of their own
    const at::Tensor position = at::arange(length, at::kLong);
    const at::Tensor relative = position.unsqueeze(0) - position.unsqueeze(1); // key - query
    const at::Tensor distance = relative.abs();
    const double logRange = std::log(static_cast<double>(m_config.maxDistance) / static_cast<double>(exact));
    at::Tensor far = (at::log(distance.to(at::kFloat) / static_cast<double>(exact)) / logRange * static_cast<double>(half - exact));
    far = (far.clamp_min(0).to(at::kLong) + exact).clamp_max(half - 1);
    const at::Tensor bucket = relative.gt(0).to(at::kLong) * half + at::where(distance.lt(exact), distance, far);
    const at::Tensor values = at::embedding(m_relativeBias, bucket.to(m_relativeBias.device())); // [S, S, heads]
    return values.permute({2, 0, 1}).unsqueeze(0).contiguous();                                  // [1, heads, S, S]
}

at::Tensor T5Encoder::operator()(const at::Tensor& ids) const
{
    const at::Tensor bias = positionBias(ids.size(1));
    const auto heads = [this](const at::Tensor& t) { return splitHeads(t, m_config.heads); };
    at::Tensor x = at::embedding(m_embedding, ids);
    for (const Layer& layer : m_layers) {
        const auto qkv = layer.qkv(layer.attentionNorm(x)).chunk(3, -1);
        // T5 does not scale its scores; the bias goes in as an additive mask.
        x = x + layer.out(attention(heads(qkv[0]), heads(qkv[1]), heads(qkv[2]), bias, /*causal=*/false, 1.0));
        at::Tensor hidden = layer.in(layer.feedForwardNorm(x));
        if (m_config.gated) {
            const auto halves = hidden.chunk(2, -1);
            hidden = activate(m_activation, halves[0]) * halves[1];
        } else {
            hidden = activate(m_activation, hidden);
        }
        if (m_feedForwardInFloat)
            hidden = hidden.to(at::kFloat);
        x = x + layer.feedForwardOut(hidden);
    }
    return m_finalNorm(x).to(m_embedding.scalar_type());
}

} // namespace tintype::engine
