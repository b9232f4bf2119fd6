// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>

namespace tintype::engine {

float squareRoot(float value)
{
    return at::scalar_tensor(value, at::kFloat).sqrt().item<float>();
}

at::Tensor times(float scalar, const at::Tensor& tensor)
{
    return at::mul(at::scalar_tensor(scalar, at::kFloat), tensor);
}

} // namespace tintype::engine
