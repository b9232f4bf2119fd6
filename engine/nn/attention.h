// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <optional>

namespace tintype::engine {

/// [B, S, heads·dim] -> [B, heads, S, dim], a view.
at::Tensor splitHeads(const at::Tensor& x, std::int64_t heads);

/// softmax(q kᵀ · scale + mask) v for q [B, H, Sq, D] and k, v [B, H, Sk, D]; returns [B, Sq, H·D].
/// The one call site of ATen's attention; scale defaults to 1/√D.
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
    const std::optional<at::Tensor>& mask = {}, bool causal = false, std::optional<double> scale = {});

} // namespace tintype::engine
