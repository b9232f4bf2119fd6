// SPDX-License-Identifier: Apache-2.0
#include "engine/commands/bench_presets.h"

#include <fmt/format.h>

namespace tintype::engine {
namespace {

using nlohmann::json;

struct Scale {
    std::int64_t fluxHeads, fluxDouble, fluxSingle;
    std::int64_t t5Width, t5Layers, t5Heads, t5FeedForward;
    std::int64_t clipWidth, clipLayers, clipHeads;
    std::int64_t bigWidth, bigLayers, bigHeads;
    std::vector<std::int64_t> unetChannels, unetHeads, unetDepths;
    std::vector<std::int64_t> vaeChannels;
};

Result<Scale> scaleByName(const std::string& name)
{
    if (name == "full")
        return Scale{24, 19, 38, 4096, 24, 64, 10240, 768, 12, 12, 1280, 32, 20, {320, 640, 1280}, {5, 10, 20}, {1, 2, 10}, {128, 256, 512, 512}};
    if (name == "mid")
        return Scale{8, 6, 12, 1024, 6, 16, 2560, 768, 6, 12, 1280, 6, 20, {160, 320, 640}, {5, 10, 10}, {1, 2, 4}, {64, 128, 256, 256}};
    if (name == "tiny")
        return Scale{1, 2, 4, 128, 2, 4, 256, 64, 2, 2, 64, 2, 2, {32, 64, 64}, {1, 1, 1}, {1, 1, 1}, {32, 32, 64, 64}};
    return fail(ErrorCode::InvalidArgument, fmt::format("scale '{}' is not full, mid or tiny", name));
}

json clip(std::int64_t width, std::int64_t layers, std::int64_t heads, const char* activation, std::int64_t projection)
{
    return {{"hidden_size", width}, {"intermediate_size", 4 * width}, {"num_hidden_layers", layers}, {"num_attention_heads", heads},
        {"hidden_act", activation}, {"projection_dim", projection}, {"vocab_size", 49408}, {"eos_token_id", 2}};
}

json vae(const std::vector<std::int64_t>& channels, std::int64_t latentChannels, bool quantConv, double scaling, const json& shift)
{
    return {{"block_out_channels", channels}, {"layers_per_block", 2}, {"latent_channels", latentChannels}, {"sample_size", 1024},
        {"down_block_types", std::vector<std::string>(channels.size(), "DownEncoderBlock2D")},
        {"up_block_types", std::vector<std::string>(channels.size(), "UpDecoderBlock2D")}, {"scaling_factor", scaling},
        {"shift_factor", shift}, {"use_quant_conv", quantConv}, {"use_post_quant_conv", quantConv}, {"norm_num_groups", 32}, {"force_upcast", false}};
}

BenchPreset flux(const Scale& scale, bool dev)
{
    constexpr std::int64_t kHeadWidth = 128;
    const json transformer{{"num_layers", scale.fluxDouble}, {"num_single_layers", scale.fluxSingle}, {"attention_head_dim", kHeadWidth},
        {"num_attention_heads", scale.fluxHeads}, {"joint_attention_dim", scale.t5Width}, {"pooled_projection_dim", scale.clipWidth}, {"guidance_embeds", dev}};
    const json t5{{"d_model", scale.t5Width}, {"d_kv", 64}, {"d_ff", scale.t5FeedForward}, {"num_layers", scale.t5Layers},
        {"num_heads", scale.t5Heads}, {"feed_forward_proj", "gated-gelu"}, {"vocab_size", 32128}};
    return {
        .pipelineClass = "FluxPipeline",
        .components = {
            {"transformer", {"FluxTransformer2DModel", transformer}},
            {"text_encoder", {"CLIPTextModel", clip(scale.clipWidth, scale.clipLayers, scale.clipHeads, "quick_gelu", scale.clipWidth)}},
            {"text_encoder_2", {"T5EncoderModel", t5}},
            {"vae", {"AutoencoderKL", vae(scale.vaeChannels, 16, false, 0.3611, 0.1159)}},
        },
        .scheduler = {{"_class_name", "FlowMatchEulerDiscreteScheduler"}, {"shift", dev ? 3.0 : 1.0}, {"use_dynamic_shifting", dev}},
        .defaultSteps = dev ? 28 : 4,
        .guidance = dev ? 3.5 : 0.0,
        .maxSequenceLength = dev ? 512 : 256,
    };
}

BenchPreset sdxl(const Scale& scale)
{
    constexpr std::int64_t kAdditionWidth = 256;
    constexpr std::int64_t kTimeIds = 6;
    const json unet{{"block_out_channels", scale.unetChannels}, {"attention_head_dim", scale.unetHeads},
        {"transformer_layers_per_block", scale.unetDepths}, {"down_block_types", {"DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"}},
        {"up_block_types", {"CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"}}, {"layers_per_block", 2}, {"sample_size", 128},
        {"cross_attention_dim", scale.clipWidth + scale.bigWidth}, {"use_linear_projection", true}, {"addition_embed_type", "text_time"},
        {"addition_time_embed_dim", kAdditionWidth}, {"projection_class_embeddings_input_dim", kTimeIds * kAdditionWidth + scale.bigWidth}};
    return {
        .pipelineClass = "StableDiffusionXLPipeline",
        .components = {
            {"unet", {"UNet2DConditionModel", unet}},
            {"text_encoder", {"CLIPTextModel", clip(scale.clipWidth, scale.clipLayers, scale.clipHeads, "quick_gelu", scale.clipWidth)}},
            {"text_encoder_2", {"CLIPTextModelWithProjection", clip(scale.bigWidth, scale.bigLayers, scale.bigHeads, "gelu", scale.bigWidth)}},
            {"vae", {"AutoencoderKL", vae(scale.vaeChannels, 4, true, 0.13025, nullptr)}},
        },
        .scheduler = {{"_class_name", "DPMSolverSinglestepScheduler"}, {"beta_start", 0.00085}, {"beta_end", 0.012}, {"beta_schedule", "scaled_linear"}},
        .defaultSteps = 7,
        .guidance = 3.0,
    };
}

} // namespace

Result<BenchPreset> benchPreset(const std::string& model, const std::string& scaleName)
{
    TINTYPE_TRY_ASSIGN(const Scale scale, scaleByName(scaleName));
    if (model == "flux-schnell" || model == "flux-dev")
        return flux(scale, model == "flux-dev");
    if (model == "sdxl")
        return sdxl(scale);
    return fail(ErrorCode::InvalidArgument, fmt::format("'{}' is not flux-schnell, flux-dev or sdxl", model));
}

} // namespace tintype::engine
