// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <cstdint>
#include <optional>

namespace tintype::engine {

/// What `torch.Generator("cpu").manual_seed(seed)` is in Python: the same bits.
at::Generator makeGenerator(std::uint64_t seed);

/// Standard normal noise, drawn on the generator's device (ours is the CPU) in the dtype asked for, then moved: bf16 noise
/// is not rounded fp32 noise. Without a generator it is drawn on `device`.
/// @source diffusers 0.42.1, utils/torch_utils.py randn_tensor
at::Tensor drawNoise(
    at::IntArrayRef shape, const std::optional<at::Generator>& generator, c10::Device device, at::ScalarType dtype);

} // namespace tintype::engine
