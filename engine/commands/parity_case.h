// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/result.h"
#include "engine/pipelines/pipeline.h"
#include "engine/runtime/loader.h"
#include "engine/weights/safetensors.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tintype::engine {

/// One stage of one case: how far our tensor is from the reference's.
struct StageReport {
    std::string stage;
    double error = 0; ///< largest difference; relative to the reference's largest value unless the stage is a picture
    double gate = 0;
    bool passed() const { return error <= gate; }
};

struct CaseReport {
    std::string name;
    std::vector<StageReport> stages;
    std::string error; ///< why the case could not run; empty = it ran

    bool passed() const;
    std::string firstDrift() const; ///< the first stage beyond its gate, or the error; empty = none
};

/// A case is a folder with `case.json` (model folder, request) and `reference.safetensors` (the reference's tensors, fp32):
/// prompt_embeds, pooled, [negative_embeds, negative_pooled], noise, prediction, latents.1 … latents.N, decoded,
/// vae_picture, vae_moments[_tiled], vae_latents, vae_decoded_tiled.
/// Every stage but the loop starts from the reference's own input, so that the first one that drifts is named.
CaseReport runParityCase(const std::filesystem::path& folder, c10::Device device, at::ScalarType dtype);

} // namespace tintype::engine
