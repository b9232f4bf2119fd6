// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <functional>

namespace tintype::engine {

/// How a picture is cut into overlapping tiles and put together again. Sizes of the input side and the output side of
/// the function that maps one tile; their ratio is the VAE's scale, or its inverse.
struct Tiling {
    std::int64_t inTile = 0;
    std::int64_t outTile = 0;
};

/// Runs `run` on tiles of x [B, C, H, W] that overlap by a quarter, and blends their overlaps linearly, down first, then
/// to the right.
/// @source diffusers 0.42.1, AutoencoderKL.tiled_decode, _tiled_encode, blend_v, blend_h
at::Tensor runTiled(
    const at::Tensor& x, const Tiling& tiling, const std::function<at::Tensor(const at::Tensor&)>& run);

} // namespace tintype::engine
