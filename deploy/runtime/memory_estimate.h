// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tintype::runtime {

/// What a replica needs, by the bytes of its weights alone; 0 if they are not known. Weights, and activations of one
/// picture, as measured on SDXL and FLUX; and a worker without a model, which is LibTorch itself.
inline std::uint64_t memoryFor(std::uint64_t weightBytes)
{
    constexpr double kPerWeightByte = 1.35;
    constexpr std::uint64_t kWorkerBytes = 600'000'000;
    return weightBytes == 0 ? 0 : static_cast<std::uint64_t>(kPerWeightByte * static_cast<double>(weightBytes)) + kWorkerBytes;
}

} // namespace tintype::runtime
