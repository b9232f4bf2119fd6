// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace tintype::requirements {

/// What the headers of safetensors files say. The engine's parser (engine/weights) is not at hand here: it comes with a
/// second copy of OpenSSL. Nothing that is loaded depends on this.
struct WeightsSummary {
    std::uint64_t parameters = 0;
    std::map<std::string, std::uint64_t> bytes; ///< by dtype

    /// Adds a file. One that cannot be read adds nothing.
    void add(const std::filesystem::path& file);

    std::uint64_t totalBytes() const;
    std::string dtype() const; ///< of the most bytes
};

} // namespace tintype::requirements
