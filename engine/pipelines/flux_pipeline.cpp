// SPDX-License-Identifier: Apache-2.0
#include "engine/pipelines/flux_pipeline.h"

#include "engine/nn/engine_error.h"
#include "engine/pipelines/activation_memory.h"
#include "engine/sampling/noise.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr int kDefaultSteps = 28;
constexpr double kDefaultGuidance = 3.5;
constexpr int kDefaultSequenceLength = 512;
constexpr std::int64_t kDefaultLatentSide = 128;
constexpr std::int64_t kPatch = 2; // latents are packed in patches of 2 x 2

ClipTextConfig clipConfig(const ComponentSource& source)
{
    return valueOrRaise(ClipTextConfig::parse(
        source.config("text_encoder"), source.className("text_encoder"), source.configSource("text_encoder")));
}

/// [B, C, 2r, 2c] -> [B, r·c, 4C]: in a token the channel is slowest, then the row, then the column.
at::Tensor pack(const at::Tensor& latents)
{
    const at::Tensor patches = latents.unflatten(3, {-1, kPatch}).unflatten(2, {-1, kPatch}); // [B, C, r, 2, c, 2]
    return patches.permute({0, 2, 4, 1, 3, 5}).flatten(3).flatten(1, 2).contiguous();
}

} // namespace

FluxPipeline::FluxPipeline(ComponentSource& source, Placement placement)
    : m_placement(placement)
    , m_config(valueOrRaise(FluxConfig::parse(source.config("transformer"), source.configSource("transformer"))))
    , m_vaeConfig(valueOrRaise(VaeConfig::parse(source.config("vae"), source.configSource("vae"))))
    , m_vaePlacement(vaePlacement(m_vaeConfig, placement))
    , m_clipTokenizer(source.tokenizer("tokenizer", text::TokenizerKind::Clip))
    , m_t5Tokenizer(source.tokenizer("tokenizer_2", text::TokenizerKind::T5))
    , m_clip(buildComponent<ClipTextEncoder>(source, "text_encoder", "model", clipConfig(source), placement))
    , m_t5(buildComponent<T5Encoder>(source, "text_encoder_2", "model",
          valueOrRaise(T5Config::parse(source.config("text_encoder_2"), source.configSource("text_encoder_2"))), placement))
    , m_transformer(buildComponent<FluxTransformer>(source, "transformer", "diffusion_pytorch_model", m_config, placement))
    , m_vae(buildVaeDecoder(source, m_vaeConfig, m_vaePlacement))
    , m_weightBytes(source.weightBytes())
{
    const auto require = [&](bool ok, const char* what, std::int64_t found, std::int64_t wanted) {
        if (!ok)
            raise(ErrorCode::InvalidArgument, "{}: {} is {}, the other components need {}", source.configSource("transformer"), what, found, wanted);
    };
    const std::int64_t packed = kPatch * kPatch * m_vaeConfig.latentChannels;
    require(m_config.inChannels == packed, "in_channels", m_config.inChannels, packed);
    require(m_config.patchSize * m_config.patchSize * m_config.outChannels == packed, "patch_size² x out_channels",
        m_config.patchSize * m_config.patchSize * m_config.outChannels, packed);
    require(m_config.jointAttentionWidth == m_t5.config().width, "joint_attention_dim", m_config.jointAttentionWidth, m_t5.config().width);
    require(m_config.pooledWidth == m_clip.config().width, "pooled_projection_dim", m_config.pooledWidth, m_clip.config().width);
}

Settings FluxPipeline::resolve(const GenerateRequest& request, std::vector<std::string>& warnings) const
{
    const auto unit = static_cast<int>(kPatch * m_vaeConfig.scale());
    const auto side = static_cast<int>(kDefaultLatentSide * m_vaeConfig.scale());
    const int width = checkedCount("width", request.width, side, unit, kMaxSide);
    const int height = checkedCount("height", request.height, side, unit, kMaxSide);
    Settings settings{
        .prompt = request.prompt,
        .negativePrompt = request.negativePrompt,
        .width = width / unit * unit,
        .height = height / unit * unit,
        .steps = checkedCount("steps", request.steps, kDefaultSteps, 1, kMaxSteps),
        .guidanceScale = checkedNumber("guidance", request.guidanceScale, kDefaultGuidance, 0, kMaxGuidance),
        .trueCfgScale = checkedNumber("true-cfg-scale", request.trueCfgScale, 1.0, 0, kMaxGuidance),
        .maxSequenceLength = checkedCount("max-sequence-length", request.maxSequenceLength, kDefaultSequenceLength, 1, kDefaultSequenceLength),
        .images = checkedCount("num-images", request.numImages, 1, 1, kMaxImages),
    };
    if (request.guidanceRescale.value_or(0) != 0)
        raise(ErrorCode::InvalidArgument, "guidance-rescale is for SDXL; this is a FLUX model");
    if (settings.width != width || settings.height != height)
        warnings.push_back(fmt::format("{}x{} was rounded down to {}x{}: sides must be multiples of {}", width, height, settings.width, settings.height, unit));
    const bool hasNegative = settings.negativePrompt.has_value();
    if (hasNegative != (settings.trueCfgScale > 1))
        warnings.push_back(hasNegative ? "the negative prompt has no effect: true-cfg-scale is not above 1"
                                       : "true-cfg-scale has no effect without a negative prompt");
    if (!hasNegative || settings.trueCfgScale <= 1)
        settings.negativePrompt.reset();
    return settings;
}

FluxPipeline::TokenGrid FluxPipeline::tokenGrid(const Settings& settings) const
{
    const std::int64_t unit = kPatch * m_vaeConfig.scale();
    return {settings.height / unit, settings.width / unit};
}

std::pair<at::Tensor, at::Tensor> FluxPipeline::encodePrompt(
    const std::string& prompt, const Settings& settings, std::vector<std::string>& warnings) const
{
    const auto ids = [&](const PipelineTokenizer& tokenizer, int length, const char* reader) {
        const text::TokenIds tokens = tokenizer.encode(prompt, length);
        if (!tokens.truncatedText.empty())
            warnings.push_back(truncationWarning(reader, tokens.truncatedText.size(), length));
        return at::tensor(tokens.ids, at::kLong).unsqueeze(0).to(m_placement.device);
    };
    const int clipLength = std::min(m_clipTokenizer.modelMaxLength, static_cast<int>(m_clip.config().maxPositions));
    const at::Tensor pooled = m_clip(ids(m_clipTokenizer, clipLength, "CLIP")).pooled;
    return {m_t5(ids(m_t5Tokenizer, settings.maxSequenceLength, "T5")), pooled};
}

TextEmbeddings FluxPipeline::encodeText(const Settings& settings, std::vector<std::string>& warnings) const
{
    TextEmbeddings embeddings;
    std::tie(embeddings.prompt, embeddings.pooled) = encodePrompt(settings.prompt, settings, warnings);
    if (settings.negativePrompt)
        std::tie(embeddings.negativePrompt, embeddings.negativePooled) = encodePrompt(*settings.negativePrompt, settings, warnings);
    return embeddings;
}

void FluxPipeline::setTimesteps(Scheduler& scheduler, const Settings& settings) const
{
    if (!scheduler.isFlowMatch())
        raise(ErrorCode::Unsupported, "a FLUX model needs a flow-matching scheduler; {} is not one", scheduler.className());
    // np.linspace(1, 1 / n, n)
    std::vector<double> sigmas;
    const double last = 1.0 / settings.steps;
    const double stride = settings.steps > 1 ? (last - 1.0) / (settings.steps - 1) : 0;
    for (int i = 0; i < settings.steps; ++i)
        sigmas.push_back(i > 0 && i == settings.steps - 1 ? last : i * stride + 1.0);
    const TokenGrid grid = tokenGrid(settings);
    valueOrRaise(scheduler.setTimesteps(settings.steps, scheduler.dynamicShift(static_cast<int>(grid.rows * grid.columns)), sigmas));
}

at::Tensor FluxPipeline::initialNoise(const Settings& settings, at::Generator generator) const
{
    const TokenGrid grid = tokenGrid(settings);
    return pack(drawNoise({settings.images, m_vaeConfig.latentChannels, kPatch * grid.rows, kPatch * grid.columns},
        std::move(generator), m_placement.device, m_placement.dtype));
}

Predictor FluxPipeline::makePredictor(
    const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const
{
    const TokenGrid grid = tokenGrid(settings);
    const auto condition = [&](const at::Tensor& prompt, const at::Tensor& pooled) {
        return m_transformer.condition({
            .promptEmbeds = prompt,
            .pooledEmbeds = pooled,
            .timesteps = scheduler.timesteps(),
            .guidance = settings.guidanceScale,
            .tokenRows = grid.rows,
            .tokenColumns = grid.columns,
        });
    };
    auto positive = condition(embeddings.prompt, embeddings.pooled);
    if (!embeddings.negativePrompt.defined()) {
        return [this, positive = std::move(positive)](const at::Tensor& latents, int index) {
            return m_transformer(latents, positive, index);
        };
    }
    auto negative = condition(embeddings.negativePrompt, embeddings.negativePooled);
    return [this, scale = settings.trueCfgScale, positive = std::move(positive), negative = std::move(negative)](const at::Tensor& latents, int index) {
        const at::Tensor towards = m_transformer(latents, positive, index);
        const at::Tensor away = m_transformer(latents, negative, index);
        return away + scale * (towards - away);
    };
}

at::Tensor FluxPipeline::latentPicture(const at::Tensor& latents, const Settings& settings) const
{
    const TokenGrid grid = tokenGrid(settings);
    const at::Tensor patches = latents.unflatten(2, {-1, kPatch, kPatch}).unflatten(1, {grid.rows, grid.columns}); // [B, r, c, C, 2, 2]
    return patches.permute({0, 3, 1, 4, 2, 5}).flatten(4, 5).flatten(2, 3).contiguous();
}

at::Tensor FluxPipeline::unscale(const at::Tensor& latentPicture) const
{
    return latentPicture / m_vaeConfig.scalingFactor + m_vaeConfig.shiftFactor.value_or(0);
}

MemoryEstimate FluxPipeline::estimate(const Settings& settings) const
{
    const TokenGrid grid = tokenGrid(settings);
    const std::uint64_t vaeBytes = c10::elementSize(m_vaePlacement.dtype);
    const std::int64_t tile = m_vaeConfig.sampleSize / m_vaeConfig.scale();
    const std::int64_t h = kPatch * grid.rows;
    const std::int64_t w = kPatch * grid.columns;
    return {
        .weights = m_weightBytes,
        .denoise = fluxActivations(m_config, settings.images, grid.rows * grid.columns, settings.maxSequenceLength, c10::elementSize(m_placement.dtype)),
        .decode = vaeDecodeActivations(m_vaeConfig, settings.images, h, w, vaeBytes),
        .decodeTiled = vaeDecodeActivations(m_vaeConfig, settings.images, std::min(h, tile), std::min(w, tile), vaeBytes),
    };
}

} // namespace tintype::engine
