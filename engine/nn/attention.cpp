// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/attention.h"

#include <ATen/ATen.h>

namespace tintype::engine {

at::Tensor splitHeads(const at::Tensor& x, std::int64_t heads)
{
    return x.unflatten(-1, {heads, x.size(-1) / heads}).transpose(1, 2);
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const std::optional<at::Tensor>& mask,
    bool causal, std::optional<double> scale)
{
    const at::Tensor out = at::scaled_dot_product_attention(q, k, v, mask, /*dropout_p=*/0.0, causal, scale);
    return out.transpose(1, 2).flatten(2);
}

} // namespace tintype::engine
