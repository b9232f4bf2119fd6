// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/unet.h"
#include "engine/encoders/clip_text_encoder.h"
#include "engine/pipelines/component_source.h"
#include "engine/pipelines/pipeline.h"

#include <array>

namespace tintype::engine {

/// Stable Diffusion XL text-to-image.
/// @source diffusers 0.42.1, pipelines/stable_diffusion_xl/pipeline_stable_diffusion_xl.py
class SdxlPipeline final : public Pipeline {
public:
    SdxlPipeline(ComponentSource& source, Placement placement);

    std::string family() const override { return "sdxl"; }
    Settings resolve(const GenerateRequest& request, std::vector<std::string>& warnings) const override;
    TextEmbeddings encodeText(const Settings& settings, std::vector<std::string>& warnings) const override;
    void setTimesteps(Scheduler& scheduler, const Settings& settings) const override;
    at::Tensor initialNoise(const Settings& settings, at::Generator generator) const override;
    Predictor makePredictor(
        const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const override;
    at::Tensor latentPicture(const at::Tensor& latents, const Settings&) const override { return latents; }
    at::Tensor unscale(const at::Tensor& latentPicture) const override;
    const VaeDecoder& vae() const override { return m_vae; }
    at::ScalarType vaeDtype() const override { return m_vaePlacement.dtype; }
    MemoryEstimate estimate(const Settings& settings) const override;

private:
    /// One of the two text towers with its tokenizer.
    struct Tower {
        PipelineTokenizer tokenizer;
        ClipTextEncoder encoder;
    };
    static Tower makeTower(ComponentSource& source, Placement placement, const std::string& suffix);

    bool usesGuidance(const Settings& settings) const;
    /// (prompt [1, S, cross width], pooled [1, width]); `length` 0 = the tokenizer's own limit.
    std::pair<at::Tensor, at::Tensor> encodePrompt(
        const std::string& prompt, std::int64_t length, std::vector<std::string>& warnings) const;
    UNet::ConditioningInput conditioningInput(
        const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const;

    Placement m_placement;
    UNetConfig m_config;
    VaeConfig m_vaeConfig;
    Placement m_vaePlacement;
    bool m_forceZeros;
    Tower m_first;
    Tower m_second;
    UNet m_unet;
    VaeDecoder m_vae;
    std::uint64_t m_weightBytes;
};

} // namespace tintype::engine
