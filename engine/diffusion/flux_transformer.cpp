// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/flux_transformer.h"

#include "engine/base/json_fields.h"
#include "engine/nn/attention.h"
#include "engine/nn/engine_error.h"
#include "engine/nn/fused.h"

#include <ATen/ATen.h>
#include <numeric>

namespace tintype::engine {
namespace {

constexpr double kNormEps = 1e-6;
constexpr double kRopeTheta = 10000;
constexpr std::int64_t kTimestepWidth = 256;
constexpr double kTrainTimesteps = 1000;
constexpr double kHalfLimit = 65504; // the largest fp16: the text stream is clipped to it, as the reference does
constexpr std::int64_t kMaxWidth = 1 << 16;

at::Tensor clipHalf(const at::Tensor& x)
{
    return x.scalar_type() == at::kHalf ? x.clamp(-kHalfLimit, kHalfLimit) : x;
}

/// Row `step` of [steps, n·d] as n tensors [1, d].
std::vector<at::Tensor> modulationOf(const at::Tensor& all, std::int64_t step, std::int64_t parts)
{
    return all.slice(0, step, step + 1).chunk(parts, 1);
}

/// cos and sin [S, Σ axes] in fp32 for ids [S, axes]: angles in fp64, each value twice.
/// @source diffusers 0.42.1, FluxPosEmbed.forward, get_1d_rotary_pos_embed
std::pair<at::Tensor, at::Tensor> rotaryTables(const at::Tensor& ids, const std::vector<std::int64_t>& axes)
{
    std::vector<at::Tensor> cosines;
    std::vector<at::Tensor> sines;
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        const auto width = static_cast<double>(axes[axis]);
        const at::Tensor exponent = at::arange(0, axes[axis], 2, at::kDouble) / width;
        const at::Tensor frequency = at::pow(at::Scalar(kRopeTheta), exponent).reciprocal();
        const at::Tensor angle = at::outer(ids.select(1, static_cast<std::int64_t>(axis)).to(at::kDouble), frequency);
        cosines.push_back(angle.cos().repeat_interleave(2, 1).to(at::kFloat));
        sines.push_back(angle.sin().repeat_interleave(2, 1).to(at::kFloat));
    }
    return {at::cat(cosines, 1), at::cat(sines, 1)};
}

/// Text tokens have id (0, 0, 0), image token (r, c) has (0, r, c). [St + rows·columns, 3]
at::Tensor positionIds(std::int64_t textLength, std::int64_t rows, std::int64_t columns)
{
    at::Tensor image = at::zeros({rows, columns, 3}, at::kFloat);
    image.select(2, 1).add_(at::arange(rows, at::kFloat).unsqueeze(1));
    image.select(2, 2).add_(at::arange(columns, at::kFloat).unsqueeze(0));
    return at::cat({at::zeros({textLength, 3}, at::kFloat), image.reshape({rows * columns, 3})});
}

} // namespace

Result<FluxConfig> FluxConfig::parse(const nlohmann::json& json, const std::string& source)
{
    FluxConfig config;
    const JsonFields fields(json, source);
    TINTYPE_TRY_ASSIGN(config.patchSize, fields.integer("patch_size", config.patchSize, 1, 16));
    TINTYPE_TRY_ASSIGN(config.inChannels, fields.integer("in_channels", config.inChannels, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.outChannels, fields.integer("out_channels", config.inChannels, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.doubleBlocks, fields.integer("num_layers", config.doubleBlocks, 0, 1024));
    TINTYPE_TRY_ASSIGN(config.singleBlocks, fields.integer("num_single_layers", config.singleBlocks, 0, 1024));
    TINTYPE_TRY_ASSIGN(config.headWidth, fields.integer("attention_head_dim", config.headWidth, 2, 4096));
    TINTYPE_TRY_ASSIGN(config.heads, fields.integer("num_attention_heads", config.heads, 1, 4096));
    TINTYPE_TRY_ASSIGN(config.jointAttentionWidth, fields.integer("joint_attention_dim", config.jointAttentionWidth, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.pooledWidth, fields.integer("pooled_projection_dim", config.pooledWidth, 1, kMaxWidth));
    TINTYPE_TRY_ASSIGN(config.guidanceEmbeds, fields.boolean("guidance_embeds", config.guidanceEmbeds));
    TINTYPE_TRY_ASSIGN(config.ropeAxes, fields.integers("axes_dims_rope", config.ropeAxes));
    const auto sum = std::accumulate(config.ropeAxes.begin(), config.ropeAxes.end(), std::int64_t{0});
    const bool allEven = std::all_of(config.ropeAxes.begin(), config.ropeAxes.end(), [](auto a) { return a > 0 && a % 2 == 0; });
    if (config.ropeAxes.size() != 3 || !allEven || sum != config.headWidth) {
        return tl::unexpected(fields.refuse("axes_dims_rope",
            fmt::format("must be three even numbers that add up to attention_head_dim {}", config.headWidth), ErrorCode::InvalidArgument));
    }
    return config;
}

FluxTransformer::FluxTransformer(const FluxConfig& config, WeightStore& store)
    : m_config(config)
{
    const std::int64_t d = config.width();
    m_latentEmbedder = Linear(store, "x_embedder", config.inChannels, d);
    m_contextEmbedder = Linear(store, "context_embedder", config.jointAttentionWidth, d);
    m_timestepEmbedder = TwoLayerEmbedding(store, "time_text_embed.timestep_embedder", kTimestepWidth, d, d);
    if (config.guidanceEmbeds)
        m_guidanceEmbedder = TwoLayerEmbedding(store, "time_text_embed.guidance_embedder", kTimestepWidth, d, d);
    m_textEmbedder = TwoLayerEmbedding(store, "time_text_embed.text_embedder", config.pooledWidth, d, d);
    for (std::int64_t i = 0; i < config.doubleBlocks; ++i)
        m_doubleBlocks.push_back(makeDoubleBlock(store, i));
    for (std::int64_t i = 0; i < config.singleBlocks; ++i)
        m_singleBlocks.push_back(makeSingleBlock(store, i));
    m_outModulation = Linear(store, "norm_out.linear", d, 2 * d);
    m_out = Linear(store, "proj_out", d, config.patchSize * config.patchSize * config.outChannels);
}

FluxTransformer::DoubleBlock FluxTransformer::makeDoubleBlock(WeightStore& store, std::int64_t index) const
{
    const std::int64_t d = m_config.width();
    const std::string prefix = fmt::format("transformer_blocks.{}.", index);
    const std::string attn = prefix + "attn.";
    struct Names {
        const char *norm, *q, *k, *v, *queryNorm, *keyNorm, *out, *feedForward;
    };
    const auto make = [&](const Names& names) {
        return Stream{
            .modulation = Linear(store, prefix + names.norm + ".linear", d, 6 * d),
            .qkv = Linear(store, {attn + names.q, attn + names.k, attn + names.v}, d, {d, d, d}),
            .queryNorm = store.take(attn + names.queryNorm + ".weight", {m_config.headWidth}),
            .keyNorm = store.take(attn + names.keyNorm + ".weight", {m_config.headWidth}),
            .out = Linear(store, attn + names.out, d, d),
            .feedForwardIn = Linear(store, prefix + names.feedForward + ".net.0.proj", d, 4 * d),
            .feedForwardOut = Linear(store, prefix + names.feedForward + ".net.2", 4 * d, d),
        };
    };
    return {
        .image = make({"norm1", "to_q", "to_k", "to_v", "norm_q", "norm_k", "to_out.0", "ff"}),
        .text = make({"norm1_context", "add_q_proj", "add_k_proj", "add_v_proj", "norm_added_q", "norm_added_k",
            "to_add_out", "ff_context"}),
    };
}

FluxTransformer::SingleBlock FluxTransformer::makeSingleBlock(WeightStore& store, std::int64_t index) const
{
    const std::int64_t d = m_config.width();
    const std::string prefix = fmt::format("single_transformer_blocks.{}.", index);
    const std::string attn = prefix + "attn.";
    return {
        .modulation = Linear(store, prefix + "norm.linear", d, 3 * d),
        .qkv = Linear(store, {attn + "to_q", attn + "to_k", attn + "to_v"}, d, {d, d, d}),
        .queryNorm = store.take(attn + "norm_q.weight", {m_config.headWidth}),
        .keyNorm = store.take(attn + "norm_k.weight", {m_config.headWidth}),
        .feedForwardIn = Linear(store, prefix + "proj_mlp", d, 4 * d),
        .out = Linear(store, prefix + "proj_out", 5 * d, d),
    };
}

/// temb for all steps: [steps, d]. The timestep is divided and multiplied by 1000 in the model's dtype, as the pipeline
/// and the model of the reference do between them: in bf16 this rounds.
at::Tensor FluxTransformer::timeTextEmbedding(const ConditioningInput& input) const
{
    const auto options = input.pooledEmbeds.options();
    const at::Tensor t = at::tensor(input.timesteps, at::kFloat).to(options) / kTrainTimesteps * kTrainTimesteps;
    const auto embed = [&](const at::Tensor& values) {
        return timestepEmbedding(values, kTimestepWidth, /*flipSinToCos=*/true, /*downscaleFreqShift=*/0).to(options);
    };
    at::Tensor embedding = m_timestepEmbedder(embed(t));
    if (m_config.guidanceEmbeds) {
        const at::Tensor guidance = at::full({1}, input.guidance.value_or(0), at::kFloat).to(options) * kTrainTimesteps;
        embedding = embedding + m_guidanceEmbedder(embed(guidance));
    }
    return embedding + m_textEmbedder(input.pooledEmbeds);
}

FluxTransformer::Conditioning FluxTransformer::condition(const ConditioningInput& input) const
{
    Conditioning conditioning;
    conditioning.text = m_contextEmbedder(input.promptEmbeds);
    const at::Tensor ids = positionIds(input.promptEmbeds.size(1), input.tokenRows, input.tokenColumns);
    const auto [cos, sin] = rotaryTables(ids, m_config.ropeAxes);
    conditioning.cos = cos.to(input.promptEmbeds.device());
    conditioning.sin = sin.to(input.promptEmbeds.device());

    const at::Tensor activated = at::silu(timeTextEmbedding(input)); // [steps, d]
    for (const DoubleBlock& block : m_doubleBlocks) {
        conditioning.imageModulations.push_back(block.image.modulation(activated));
        conditioning.textModulations.push_back(block.text.modulation(activated));
    }
    for (const SingleBlock& block : m_singleBlocks)
        conditioning.singleModulations.push_back(block.modulation(activated));
    conditioning.outModulation = m_outModulation(activated);
    return conditioning;
}

/// Queries, keys and values of text and image in one sequence, text first: [B, St + Si, heads, headWidth] each.
struct FluxTransformer::JointBuffer {
    JointBuffer(const at::Tensor& like, std::int64_t length, const FluxConfig& config)
        : q(at::empty({like.size(0), length, config.heads, config.headWidth}, like.options()))
        , k(at::empty_like(q))
        , v(at::empty_like(q))
    {
    }
    at::Tensor attend() const { return attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)); }

    at::Tensor q;
    at::Tensor k;
    at::Tensor v;
};

void FluxTransformer::projectInto(JointBuffer& joint, const at::Tensor& x, const Linear& qkv,
    const at::Tensor& queryNorm, const at::Tensor& keyNorm, const Conditioning& conditioning, std::int64_t offset) const
{
    const std::int64_t length = x.size(1);
    const at::Tensor projected = qkv(x).unflatten(-1, {3, m_config.heads, m_config.headWidth}); // [B, S, 3, H, D]
    const at::Tensor cos = conditioning.cos.slice(0, offset, offset + length);
    const at::Tensor sin = conditioning.sin.slice(0, offset, offset + length);
    const auto rows = [&](const at::Tensor& t) { return t.slice(1, offset, offset + length); };
    rmsNormRotate(projected.select(2, 0), queryNorm, kNormEps, cos, sin, rows(joint.q));
    rmsNormRotate(projected.select(2, 1), keyNorm, kNormEps, cos, sin, rows(joint.k));
    rows(joint.v).copy_(projected.select(2, 2));
}

at::Tensor FluxTransformer::feedForward(const Stream& stream, const at::Tensor& x,
    const std::vector<at::Tensor>& modulation, const at::Tensor& attended) const
{
    const at::Tensor y = gatedAdd(x, modulation[2], stream.out(attended));
    const at::Tensor normed = layerNormModulate(y, modulation[4], modulation[3], kNormEps);
    return gatedAdd(y, modulation[5], stream.feedForwardOut(stream.feedForwardIn(normed, Activation::GeluTanh)));
}

void FluxTransformer::runDoubleBlock(const DoubleBlock& block, std::size_t index, const Conditioning& conditioning,
    std::int64_t step, at::Tensor& image, at::Tensor& text) const
{
    // shift_msa, scale_msa, gate_msa, shift_mlp, scale_mlp, gate_mlp
    const auto imageModulation = modulationOf(conditioning.imageModulations[index], step, 6);
    const auto textModulation = modulationOf(conditioning.textModulations[index], step, 6);
    const std::int64_t textLength = text.size(1);

    JointBuffer joint(image, textLength + image.size(1), m_config);
    projectInto(joint, layerNormModulate(text, textModulation[1], textModulation[0], kNormEps), block.text.qkv,
        block.text.queryNorm, block.text.keyNorm, conditioning, 0);
    projectInto(joint, layerNormModulate(image, imageModulation[1], imageModulation[0], kNormEps), block.image.qkv,
        block.image.queryNorm, block.image.keyNorm, conditioning, textLength);
    const at::Tensor attended = joint.attend(); // [B, St + Si, d]
    image = feedForward(block.image, image, imageModulation, attended.slice(1, textLength));
    text = clipHalf(feedForward(block.text, text, textModulation, attended.slice(1, 0, textLength)));
}

at::Tensor FluxTransformer::runSingleBlock(const SingleBlock& block, std::size_t index,
    const Conditioning& conditioning, std::int64_t step, const at::Tensor& x) const
{
    const auto modulation = modulationOf(conditioning.singleModulations[index], step, 3); // shift, scale, gate
    const at::Tensor normed = layerNormModulate(x, modulation[1], modulation[0], kNormEps);
    JointBuffer joint(x, x.size(1), m_config);
    projectInto(joint, normed, block.qkv, block.queryNorm, block.keyNorm, conditioning, 0);
    const at::Tensor hidden = block.feedForwardIn(normed, Activation::GeluTanh);
    return clipHalf(gatedAdd(x, modulation[2], block.out(at::cat({joint.attend(), hidden}, 2))));
}

at::Tensor FluxTransformer::operator()(
    const at::Tensor& latents, const Conditioning& conditioning, std::int64_t step) const
{
    at::Tensor image = m_latentEmbedder(latents);
    at::Tensor text = conditioning.text.expand({latents.size(0), -1, -1}).contiguous();
    for (std::size_t i = 0; i < m_doubleBlocks.size(); ++i)
        runDoubleBlock(m_doubleBlocks[i], i, conditioning, step, image, text);
    const std::int64_t textLength = text.size(1);
    at::Tensor joint = at::cat({text, image}, 1);
    for (std::size_t i = 0; i < m_singleBlocks.size(); ++i)
        joint = runSingleBlock(m_singleBlocks[i], i, conditioning, step, joint);
    const auto modulation = modulationOf(conditioning.outModulation, step, 2); // scale, shift
    const at::Tensor tail = joint.slice(1, textLength).contiguous();
    return m_out(layerNormModulate(tail, modulation[0], modulation[1], kNormEps));
}

} // namespace tintype::engine
