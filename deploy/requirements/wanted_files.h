// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_listing.h"

namespace tintype::requirements {

inline constexpr std::string_view kModelIndex = "model_index.json";

/// What a worker reads of a repository in diffusers layout: model_index.json, and of each component that it names the
/// configs, tokenizer files and safetensors weights. Not the single-file checkpoints at the root, nor weights in any
/// other format. The root's README.md comes along for its licence.
///
/// @param modelIndex the text of model_index.json
/// @param variant "fp16" takes `*.fp16.safetensors` of the components that have them, and the plain files of the
/// others;
///     empty takes the plain files, or the only variant that is there. Never two variants of one component.
/// @error Corrupt (model_index.json), NotFound (no such choice), Unsupported (no safetensors at all)
Result<std::vector<HubFile>> wantedFiles(
    const std::vector<HubFile>& files, std::string_view modelIndex, const std::string& variant);

/// README.md: fetched, but a cache without it is complete.
bool isNotice(const HubFile& file);

/// Whether the files that a folder happens to have can be all that wantedFiles would name: each component has some,
/// each model its weights, each set of shards all its members. For when no list of the hub's is at hand.
bool looksComplete(const std::vector<HubFile>& wanted, std::string_view modelIndex);

} // namespace tintype::requirements
