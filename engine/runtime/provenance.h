// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/image/png.h"
#include "engine/pipelines/pipeline.h"

#include <nlohmann/json.hpp>

namespace tintype::engine {

/// All that is needed to draw a picture again.
struct Provenance {
    Settings settings;
    std::uint64_t seed = 0;
    std::string model;       ///< as the user named it: a folder's last part or a hub name
    std::string commit;
    std::string weightsHash; ///< SHA-256; empty when it could not be read
    std::string pipelineClass;
    std::string schedulerClass;
    nlohmann::json schedulerConfig;
    std::string device;
    std::string dtype;
};

/// Text chunks of the picture at `index` of the batch: Software, prompt, negative_prompt (if any), and `tintype`: the
/// whole as JSON.
image::TextChunks provenanceText(const Provenance& provenance, std::int64_t index);

/// "Tintype 0.1.0 (LibTorch 2.11.0)".
std::string engineBuild();

} // namespace tintype::engine
