// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <cstdint>

namespace tintype::engine {

/// What `torch.Generator("cpu").manual_seed(seed)` is in Python: the same bits.
at::Generator makeGenerator(std::uint64_t seed);

/// Standard normal noise, drawn on the CPU in the dtype asked for (bf16 noise is not rounded fp32 noise) and then moved.
/// @source diffusers 0.42.1, utils/torch_utils.py randn_tensor with a CPU generator
at::Tensor drawNoise(at::IntArrayRef shape, at::Generator generator, c10::Device device, at::ScalarType dtype);

} // namespace tintype::engine
