// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <c10/core/Device.h>
#include <cstdint>
#include <string>

namespace tintype::engine {

/// "auto" (a GPU if there is one), "cpu", "cuda" or "cuda:N". LibTorch's CUDA half is opened here, on demand, so that
/// one program serves machines with and without a GPU.
/// @error Unavailable: no such device · InvalidArgument: another text
Result<c10::Device> chooseDevice(const std::string& name);

/// For people: "cpu (2 threads)", "cuda:0 NVIDIA H100".
std::string describeDevice(c10::Device device);

struct DeviceMemory {
    std::uint64_t used = 0;  ///< by this process
    std::uint64_t peak = 0;
    std::uint64_t free = 0;  ///< that this process may still take
    std::uint64_t total = 0;
};

/// On a CPU: of the process, and what the machine (or its container) has left.
DeviceMemory deviceMemory(c10::Device device);

void resetPeakMemory(c10::Device device);

/// Gives cached blocks back to the device.
void emptyDeviceCache(c10::Device device);

/// Waits until the device has done what was asked, so that a clock read afterwards tells the truth.
void synchronize(c10::Device device);

} // namespace tintype::engine
