// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/flux_transformer.h"
#include "engine/encoders/clip_text_encoder.h"
#include "engine/encoders/t5_encoder.h"
#include "engine/pipelines/component_source.h"
#include "engine/pipelines/pipeline.h"

namespace tintype::engine {

/// FLUX text-to-image.
/// @source diffusers 0.42.1, pipelines/flux/pipeline_flux.py
class FluxPipeline final : public Pipeline {
public:
    FluxPipeline(ComponentSource& source, Placement placement);

    std::string family() const override { return "flux"; }
    Settings resolve(const GenerateRequest& request, std::vector<std::string>& warnings) const override;
    TextEmbeddings encodeText(const Settings& settings, std::vector<std::string>& warnings) const override;
    void setTimesteps(Scheduler& scheduler, const Settings& settings) const override;
    at::Tensor initialNoise(const Settings& settings, at::Generator generator) const override;
    Predictor makePredictor(
        const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const override;
    at::Tensor latentPicture(const at::Tensor& latents, const Settings& settings) const override;
    at::Tensor unscale(const at::Tensor& latentPicture) const override;
    const VaeDecoder& vae() const override { return m_vae; }
    at::ScalarType vaeDtype() const override { return m_vaePlacement.dtype; }
    MemoryEstimate estimate(const Settings& settings) const override;

private:
    struct TokenGrid {
        std::int64_t rows;
        std::int64_t columns;
    };
    TokenGrid tokenGrid(const Settings& settings) const;
    std::pair<at::Tensor, at::Tensor> encodePrompt(
        const std::string& prompt, const Settings& settings, std::vector<std::string>& warnings) const;

    Placement m_placement;
    FluxConfig m_config;
    VaeConfig m_vaeConfig;
    Placement m_vaePlacement;
    PipelineTokenizer m_clipTokenizer;
    PipelineTokenizer m_t5Tokenizer;
    ClipTextEncoder m_clip;
    T5Encoder m_t5;
    FluxTransformer m_transformer;
    VaeDecoder m_vae;
    std::uint64_t m_weightBytes;
};

} // namespace tintype::engine
