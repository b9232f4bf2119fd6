// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

// Elementwise chains as one pass over memory. Each has a plain ATen path that any device and dtype takes, and a loop of
// its own for fp32 on a CPU; both give the same numbers to rounding.

namespace tintype::engine {

/// LayerNorm without affine, then · (1 + scale) + shift. x [B, S, d]; scale, shift [1, d] or [B, d].
at::Tensor layerNormModulate(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, double eps);

/// x + gate · y; x, y [B, S, d], gate [1, d] or [B, d].
at::Tensor gatedAdd(const at::Tensor& x, const at::Tensor& gate, const at::Tensor& y);

/// RMS norm over D with a weight [D], then the rotation of interleaved pairs by (cos, sin) [S, D] fp32, written to `out`.
/// x, out: [B, S, H, D], any strides but 1 for D.
/// @source diffusers 0.42.1, models/normalization.py RMSNorm; models/embeddings.py apply_rotary_emb (use_real_unbind_dim=-1)
void rmsNormRotate(const at::Tensor& x, const at::Tensor& weight, double eps, const at::Tensor& cos,
    const at::Tensor& sin, at::Tensor out);

/// value · GELU(gate) for x [..., 2d] = [value, gate]; exact (erf) GELU.
/// @source diffusers 0.42.1, models/activations.py GEGLU
at::Tensor geglu(const at::Tensor& x);

} // namespace tintype::engine
