// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/result.h"
#include "engine/image/png.h"

namespace tintype::image {

/// Encodes in the format asked for. Text goes into PNG only.
Result<EncodedImage> encodeImage(const Pixels& pixels, ImageFormat format, const TextChunks& text = {});

/// A small JPEG for live previews.
Result<EncodedImage> encodePreview(const Pixels& pixels);

} // namespace tintype::image
