// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace tintype::engine {

at::Generator makeGenerator(std::uint64_t seed)
{
    return at::detail::createCPUGenerator(seed);
}

at::Tensor drawNoise(at::IntArrayRef shape, at::Generator generator, c10::Device device, at::ScalarType dtype)
{
    return at::randn(shape, std::move(generator), at::TensorOptions(dtype)).to(device);
}

} // namespace tintype::engine
