// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/provenance.h"

#include <fmt/format.h>
#include <torch/headeronly/version.h>

namespace tintype::engine {

std::string engineBuild()
{
    return fmt::format("Tintype {} (LibTorch {})", TINTYPE_VERSION, TORCH_VERSION);
}

image::TextChunks provenanceText(const Provenance& provenance, std::int64_t index)
{
    const Settings& settings = provenance.settings;
    nlohmann::json json{
        {"engine", engineBuild()},
        {"model", provenance.model},
        {"commit", provenance.commit},
        {"weights_sha256", provenance.weightsHash},
        {"pipeline", provenance.pipelineClass},
        {"scheduler", {{"class", provenance.schedulerClass}, {"config", provenance.schedulerConfig}}},
        {"prompt", settings.prompt},
        {"negative_prompt", settings.negativePrompt ? nlohmann::json(*settings.negativePrompt) : nlohmann::json()},
        {"width", settings.width},
        {"height", settings.height},
        {"num_inference_steps", settings.steps},
        {"guidance_scale", settings.guidanceScale},
        {"true_cfg_scale", settings.trueCfgScale},
        {"guidance_rescale", settings.guidanceRescale},
        {"max_sequence_length", settings.maxSequenceLength},
        {"seed", provenance.seed},
        {"num_images", settings.images},
        {"image_index", index},
        {"dtype", provenance.dtype},
        {"device", provenance.device},
        {"noise", {{"device", "cpu"}, {"dtype", provenance.dtype}}},
    };
    image::TextChunks text{{"Software", engineBuild()}, {"prompt", settings.prompt}};
    if (settings.negativePrompt)
        text.emplace_back("negative_prompt", *settings.negativePrompt);
    text.emplace_back("tintype", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return text;
}

} // namespace tintype::engine
