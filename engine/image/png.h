// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"
#include "engine/image/pixels.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tintype::image {

/// Text chunks of a PNG: (keyword of 1..79 Latin-1 characters, UTF-8 text), in order.
using TextChunks = std::vector<std::pair<std::string, std::string>>;

/// Fast settings: about 10 ms a megapixel, files some 10 % larger than the smallest.
/// @error Internal, OutOfMemory
Result<std::vector<std::uint8_t>> encodePng(const Pixels& pixels, const TextChunks& text);

struct PngInfo {
    int width = 0;
    int height = 0;
    TextChunks text;
};

/// Reads the size and all text chunks, not the picture.
/// @error NotFound, Io · Corrupt: not a PNG, or broken
Result<PngInfo> readPngInfo(const std::filesystem::path& path);

} // namespace tintype::image
