// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"
#include "engine/weights/safetensors.h"

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tintype::weights {

/// A model repository in diffusers layout on this machine, and what its model_index.json says.
struct ModelFolder {
    std::filesystem::path path;
    std::string pipelineClass;                  ///< "FluxPipeline", "StableDiffusionXLPipeline"
    std::map<std::string, std::string> components; ///< folder → class; absent ones ([null, null]) left out
    bool forceZerosForEmptyPrompt = false;
    std::string commit;                         ///< of the Hugging Face snapshot; empty for a plain folder
    std::string licence;                        ///< from the README's front matter; empty when not told

    /// @error NotFound: no such component in model_index.json
    Result<std::string> componentClass(const std::string& name) const;
};

/// Finds a model: an existing folder, or `org/name[@revision]` in the Hugging Face cache (nothing is downloaded).
/// A snapshot that leads out of the cache by links is refused.
/// @error NotFound, Corrupt, InvalidArgument
Result<ModelFolder> findModel(const std::string& model);

/// $HF_HUB_CACHE, else $HF_HOME/hub, else $XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub.
std::filesystem::path huggingFaceCacheRoot();

/// Reads a JSON object of at most 16 MiB.
Result<nlohmann::json> readJsonFile(const std::filesystem::path& path);

/// The safetensors files of one component: a single file, or the shards that the index names.
struct ComponentFiles {
    std::vector<SafetensorsFile> files;

    /// A tensor's place: its file and its entry. Null when there is none.
    struct Place {
        const SafetensorsFile* file = nullptr;
        const TensorEntry* entry = nullptr;
    };
    Place find(const std::string& name) const;
    std::map<std::string, Place> all() const;
    std::uint64_t bytes() const; ///< of all tensors
    std::uint64_t parameters() const;
};

/// Opens `<folder>/<baseName>[.variant].safetensors` or its shards. With an empty variant the plain files are taken, and
/// if there are none the only variant that is there.
/// @error NotFound, Corrupt, Unsupported (pickle files only)
Result<ComponentFiles> openComponent(
    const std::filesystem::path& folder, const std::string& baseName, const std::string& variant);

} // namespace tintype::weights
