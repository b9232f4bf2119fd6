// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace tintype::engine {

at::Generator makeGenerator(std::uint64_t seed)
{
    return at::detail::createCPUGenerator(seed);
}

at::Tensor drawNoise(
    at::IntArrayRef shape, const std::optional<at::Generator>& generator, c10::Device device, at::ScalarType dtype)
{
    const c10::Device drawnOn = generator ? generator->device() : device;
    return at::randn(shape, generator, at::TensorOptions(drawnOn).dtype(dtype)).to(device);
}

} // namespace tintype::engine
