// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

// oneDNN's linear with a weight that was laid out for it beforehand, reached through ATen's dispatcher. On CPUs whose
// plain GEMM (MKL) is not tuned for them this is 1.2 to 1.4 times as fast, and GELU(tanh) costs nothing on top.
// Which way is taken depends on sizes alone, so that the same call gives the same bits every time.

namespace tintype::engine::onednn {

/// Whether a weight [out, in] is worth packing at all: on a CPU, fp32 or bf16, not tiny.
bool packingPays(const at::Tensor& weight);

at::Tensor packLinear(const at::Tensor& weight);

/// Whether this call should use the packed weight: small inputs are faster the plain way.
bool packedPays(const at::Tensor& x, const at::Tensor& weight);

/// x [..., in] -> [..., out]
at::Tensor linear(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias, bool geluTanh);

} // namespace tintype::engine::onednn
