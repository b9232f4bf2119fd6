// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_cache.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Which models in diffusers layout lie on this disk. Reads folders, configs and the headers of weights: not for the control
// thread. What is damaged is listed as far as it can be read.

namespace tintype::requirements {

/// A folder that model_index.json names.
struct ModelComponent {
    std::string name;
    std::string className;
    std::uint64_t bytes = 0;       ///< of all its files
    std::uint64_t weightBytes = 0; ///< of the tensors that a worker would read
    std::uint64_t parameters = 0;
    std::string dtype; ///< of most of them, as safetensors writes it: "BF16"; empty without weights

    bool operator==(const ModelComponent&) const = default;
};

enum class ModelPlace {
    Pushed,    ///< came with a deploy
    Hub,       ///< fetched by this host
    UserCache, ///< in the user's own cache of the hub, which this host only reads
};
std::string_view modelPlaceName(ModelPlace place); ///< "pushed" | "hub" | "cache"

struct ModelOnDisk {
    std::string id; ///< without a path; the same as long as the model is here
    std::string name; ///< "org/name", or the folder as the definition calls it
    ModelPlace place = ModelPlace::Pushed;
    std::string commit; ///< of a hub model
    std::string pipeline; ///< class of model_index.json; empty if there is none
    std::string licence; ///< by the front matter of README.md
    std::uint64_t bytes = 0; ///< of all files; what several models share counts for each
    bool isComplete = true; ///< false while its fetch is under way, or was broken off
    std::vector<ModelComponent> components;
    std::filesystem::path folder; ///< never told to anyone outside

    std::uint64_t weightBytes() const;
};

/// @param folder one folder for each set of files, which holds the models under their names
std::vector<ModelOnDisk> pushedModels(const std::filesystem::path& folder);

std::vector<ModelOnDisk> hubModels(const HubCache& cache, ModelPlace place);

} // namespace tintype::requirements
