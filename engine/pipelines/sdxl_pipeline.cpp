// SPDX-License-Identifier: Apache-2.0
#include "engine/pipelines/sdxl_pipeline.h"

#include "engine/nn/engine_error.h"
#include "engine/pipelines/activation_memory.h"
#include "engine/sampling/noise.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr int kDefaultSteps = 50;
constexpr double kDefaultGuidance = 5.0;
constexpr std::int64_t kDefaultSampleSize = 128;
constexpr int kSizeUnit = 8; // the class asks for multiples of 8, whatever its VAE
constexpr double kGuidanceEmbeddingScale = 1000;

/// Moves the guided prediction's contrast towards that of the text-conditioned one.
/// @source diffusers 0.42.1, rescale_noise_cfg (arXiv 2305.08891, section 3.4)
at::Tensor rescaleGuidance(const at::Tensor& guided, const at::Tensor& conditioned, double rescale)
{
    const auto deviation = [](const at::Tensor& t) { return t.std({1, 2, 3}, /*unbiased=*/true, /*keepdim=*/true); };
    const at::Tensor rescaled = guided * (deviation(conditioned) / deviation(guided));
    return rescale * rescaled + (1 - rescale) * guided;
}

} // namespace

SdxlPipeline::Tower SdxlPipeline::makeTower(ComponentSource& source, Placement placement, const std::string& suffix)
{
    const std::string name = "text_encoder" + suffix;
    const auto config = valueOrRaise(ClipTextConfig::parse(source.config(name), source.className(name), source.configSource(name)));
    return {source.tokenizer("tokenizer" + suffix, text::TokenizerKind::Clip),
        buildComponent<ClipTextEncoder>(source, name, "model", config, placement)};
}

SdxlPipeline::SdxlPipeline(ComponentSource& source, Placement placement)
    : m_placement(placement)
    , m_config(valueOrRaise(UNetConfig::parse(source.config("unet"), source.configSource("unet"))))
    , m_vaeConfig(valueOrRaise(VaeConfig::parse(source.config("vae"), source.configSource("vae"))))
    , m_vaePlacement(vaePlacement(m_vaeConfig, placement))
    , m_forceZeros(source.forceZerosForEmptyPrompt())
    , m_first(makeTower(source, placement, ""))
    , m_second(makeTower(source, placement, "_2"))
    , m_unet(buildComponent<UNet>(source, "unet", "diffusion_pytorch_model", m_config, placement))
    , m_vae(buildVaeDecoder(source, m_vaeConfig, m_vaePlacement))
    , m_weightBytes(source.weightBytes())
{
    const std::string unet = source.configSource("unet");
    const std::int64_t textWidth = m_first.encoder.config().width + m_second.encoder.config().width;
    for (const auto& level : m_config.down) {
        if (level.crossAttention && level.crossAttentionWidth != textWidth)
            raise(ErrorCode::InvalidArgument, "{}: cross_attention_dim is {}, the text encoders give {}", unet, level.crossAttentionWidth, textWidth);
    }
    if (!m_second.encoder.config().hasProjection)
        raise(ErrorCode::Unsupported, "{}: SDXL needs CLIPTextModelWithProjection here", source.configSource("text_encoder_2"));
    if (m_config.inChannels != m_vaeConfig.latentChannels || m_config.outChannels != m_vaeConfig.latentChannels)
        raise(ErrorCode::Unsupported, "{}: in_channels {} and out_channels {} must be the VAE's latent_channels {}", unet, m_config.inChannels, m_config.outChannels, m_vaeConfig.latentChannels);
}

Settings SdxlPipeline::resolve(const GenerateRequest& request, std::vector<std::string>& warnings) const
{
    const std::int64_t sample = m_config.sampleSize > 0 ? m_config.sampleSize : kDefaultSampleSize;
    const auto side = static_cast<int>(sample * m_vaeConfig.scale());
    const int smallest = std::max<int>(kSizeUnit, static_cast<int>(m_vaeConfig.scale()));
    const int width = checkedCount("width", request.width, side, smallest, kMaxSide);
    const int height = checkedCount("height", request.height, side, smallest, kMaxSide);
    if (width % kSizeUnit != 0 || height % kSizeUnit != 0)
        raise(ErrorCode::InvalidArgument, "{}x{}: an SDXL model draws sides that are multiples of {}", width, height, kSizeUnit);
    if (request.trueCfgScale)
        raise(ErrorCode::InvalidArgument, "true-cfg-scale is for FLUX; this is an SDXL model (use guidance)");
    Settings settings{
        .prompt = request.prompt,
        .negativePrompt = request.negativePrompt,
        .width = width,
        .height = height,
        .steps = checkedCount("steps", request.steps, kDefaultSteps, 1, kMaxSteps),
        .guidanceScale = checkedNumber("guidance", request.guidanceScale, kDefaultGuidance, 0, kMaxGuidance),
        .guidanceRescale = checkedNumber("guidance-rescale", request.guidanceRescale, 0, 0, 1),
        .images = checkedCount("num-images", request.numImages, 1, 1, kMaxImages),
    };
    if (request.maxSequenceLength)
        warnings.push_back("max-sequence-length has no effect: an SDXL model has no T5 encoder");
    if (settings.negativePrompt && !usesGuidance(settings))
        warnings.push_back("the negative prompt has no effect: guidance is not above 1, or is part of the model");
    return settings;
}

bool SdxlPipeline::usesGuidance(const Settings& settings) const
{
    return settings.guidanceScale > 1 && m_config.timeConditionWidth == 0;
}

std::pair<at::Tensor, at::Tensor> SdxlPipeline::encodePrompt(
    const std::string& prompt, std::int64_t length, std::vector<std::string>& warnings) const
{
    std::vector<at::Tensor> hidden;
    at::Tensor pooled;
    for (const Tower* tower : {&m_first, &m_second}) {
        const auto positions = static_cast<int>(tower->encoder.config().maxPositions);
        const int limit = length > 0 ? static_cast<int>(length) : std::min(tower->tokenizer.modelMaxLength, positions);
        const text::TokenIds tokens = tower->tokenizer.encode(prompt, limit);
        if (!tokens.truncatedText.empty() && tower == &m_first)
            warnings.push_back(truncationWarning("CLIP", tokens.truncatedText.size(), limit));
        const auto output = tower->encoder(at::tensor(tokens.ids, at::kLong).unsqueeze(0).to(m_placement.device));
        hidden.push_back(output.hiddenStates[output.hiddenStates.size() - 2]); // the penultimate, without the final norm
        if (tower->encoder.config().hasProjection && !pooled.defined())
            pooled = output.pooled;
    }
    if (hidden[0].size(1) != hidden[1].size(1))
        raise(ErrorCode::InvalidArgument, "[text] the two tokenizers have different lengths, {} and {}", hidden[0].size(1), hidden[1].size(1));
    return {at::cat(hidden, -1), pooled};
}

TextEmbeddings SdxlPipeline::encodeText(const Settings& settings, std::vector<std::string>& warnings) const
{
    TextEmbeddings embeddings;
    std::tie(embeddings.prompt, embeddings.pooled) = encodePrompt(settings.prompt, 0, warnings);
    if (!usesGuidance(settings))
        return embeddings;
    if (!settings.negativePrompt && m_forceZeros) {
        embeddings.negativePrompt = at::zeros_like(embeddings.prompt);
        embeddings.negativePooled = at::zeros_like(embeddings.pooled);
    } else {
        std::tie(embeddings.negativePrompt, embeddings.negativePooled)
            = encodePrompt(settings.negativePrompt.value_or(""), embeddings.prompt.size(1), warnings);
    }
    return embeddings;
}

void SdxlPipeline::setTimesteps(Scheduler& scheduler, const Settings& settings) const
{
    if (scheduler.className() == "FlowMatchEulerDiscreteScheduler")
        raise(ErrorCode::Unsupported, "an SDXL model cannot use FlowMatchEulerDiscreteScheduler");
    valueOrRaise(scheduler.setTimesteps(settings.steps, {}, {}));
}

at::Tensor SdxlPipeline::initialNoise(const Settings& settings, at::Generator generator) const
{
    const std::int64_t scale = m_vaeConfig.scale();
    return drawNoise({settings.images, m_config.inChannels, settings.height / scale, settings.width / scale},
        std::move(generator), m_placement.device, m_placement.dtype);
}

UNet::ConditioningInput SdxlPipeline::conditioningInput(
    const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const
{
    const bool guided = embeddings.negativePrompt.defined();
    const auto repeat = [&](const at::Tensor& negative, const at::Tensor& positive) {
        return (guided ? at::cat({negative, positive}) : positive).repeat_interleave(settings.images, 0);
    };
    const std::int64_t batch = settings.images * (guided ? 2 : 1);
    const std::vector<double> ids{static_cast<double>(settings.height), static_cast<double>(settings.width), 0, 0,
        static_cast<double>(settings.height), static_cast<double>(settings.width)};
    UNet::ConditioningInput input{
        .promptEmbeds = repeat(embeddings.negativePrompt, embeddings.prompt),
        .pooledEmbeds = repeat(embeddings.negativePooled, embeddings.pooled),
        .timeIds = at::tensor(ids, embeddings.prompt.options()).unsqueeze(0).expand({batch, -1}),
        .timesteps = scheduler.timesteps(),
        .timestepCondition = {},
    };
    if (m_config.timeConditionWidth > 0) {
        const at::Tensor guidance = at::full({1}, (settings.guidanceScale - 1) * kGuidanceEmbeddingScale, at::kFloat);
        input.timestepCondition = timestepEmbedding(guidance, m_config.timeConditionWidth, /*flipSinToCos=*/false, /*downscaleFreqShift=*/1);
    }
    return input;
}

Predictor SdxlPipeline::makePredictor(
    const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const
{
    const bool guided = embeddings.negativePrompt.defined();
    return [this, &scheduler, guided, guidance = settings.guidanceScale, rescale = settings.guidanceRescale,
               conditioning = m_unet.condition(conditioningInput(embeddings, settings, scheduler))](const at::Tensor& latents, int index) {
        const at::Tensor input = scheduler.scaleModelInput(guided ? at::cat({latents, latents}) : latents, index);
        const at::Tensor prediction = m_unet(input, conditioning, index);
        if (!guided)
            return prediction;
        const auto halves = prediction.chunk(2); // without the prompt, with it
        const at::Tensor result = halves[0] + guidance * (halves[1] - halves[0]);
        return rescale > 0 ? rescaleGuidance(result, halves[1], rescale) : result;
    };
}

at::Tensor SdxlPipeline::unscale(const at::Tensor& latentPicture) const
{
    if (m_vaeConfig.latentsMean.empty() || m_vaeConfig.latentsStd.empty())
        return latentPicture / m_vaeConfig.scalingFactor;
    const auto perChannel = [&](const std::vector<double>& values) { return at::tensor(values, latentPicture.options()).view({1, -1, 1, 1}); };
    return latentPicture * perChannel(m_vaeConfig.latentsStd) / m_vaeConfig.scalingFactor + perChannel(m_vaeConfig.latentsMean);
}

MemoryEstimate SdxlPipeline::estimate(const Settings& settings) const
{
    const std::uint64_t vaeBytes = c10::elementSize(m_vaePlacement.dtype);
    const std::int64_t h = settings.height / m_vaeConfig.scale();
    const std::int64_t w = settings.width / m_vaeConfig.scale();
    const std::int64_t tile = m_vaeConfig.sampleSize / m_vaeConfig.scale();
    const std::int64_t batch = settings.images * (usesGuidance(settings) ? 2 : 1);
    return {
        .weights = m_weightBytes,
        .denoise = unetActivations(m_config, batch, h, w, c10::elementSize(m_placement.dtype)),
        .decode = vaeDecodeActivations(m_vaeConfig, settings.images, h, w, vaeBytes),
        .decodeTiled = vaeDecodeActivations(m_vaeConfig, settings.images, std::min(h, tile), std::min(w, tile), vaeBytes),
    };
}

} // namespace tintype::engine
