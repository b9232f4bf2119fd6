// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

// Scalars as PyTorch computes them. diffusers keeps each of them in a zero-dimensional float32 tensor on the CPU.

namespace tintype::engine {

/// torch.sqrt: its last bit is not always that of std::sqrt.
float squareRoot(float value);

/// `scalar * tensor`, in that order: with a bfloat16 or half tensor on the CPU the scalar is rounded first, which
/// `tensor * scalar` does not do. Result in the tensor's dtype, on its device.
at::Tensor times(float scalar, const at::Tensor& tensor);

} // namespace tintype::engine
