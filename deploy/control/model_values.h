// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tintype::control {

struct ModelComponent {
    std::string name;      ///< "transformer", "vae", …
    std::string className;
    std::uint64_t bytes = 0; ///< of its files
    std::uint64_t parameters = 0;
    std::string dtype; ///< "BF16"; empty without weights
};

/// A revision that needs a model.
struct ModelNeed {
    std::string app;
    std::string revision;
    int number = 0;
    bool inUse = false; ///< the app's current one, or a replica of it is there
};

/// A model on a host's disk.
struct ModelInfo {
    std::string id;
    std::string name;   ///< "org/name", or the folder of a push
    std::string source; ///< "pushed" | "hub" | "cache" (the user's own, which a host only reads)
    std::string commit; ///< of a hub model
    std::string pipeline;
    std::string licence; ///< by its README; empty = not told
    std::uint64_t bytes = 0;
    std::uint64_t parameters = 0;
    std::uint64_t memoryBytes = 0; ///< estimate for one replica; 0 = unknown
    std::uint64_t memoryPeak = 0;  ///< the most that a replica of the last day took; 0 = none was measured
    bool complete = true;
    bool removable = false;
    std::vector<ModelComponent> components;
    std::vector<ModelNeed> neededBy;
};

/// Pushed files.
struct BlobTotals {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::uint64_t unreferencedCount = 0; ///< by any revision
    std::uint64_t unreferencedBytes = 0;
};

} // namespace tintype::control
