// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/machine_type.h"

#include <algorithm>

namespace tintype::domain {

std::vector<MachineType> cpuMachineTypes(std::uint64_t memoryBytes, unsigned cores)
{
    struct Size {
        const char* name;
        double gigabytes;
        double cpus;
    };
    // fal.ai docs "Machine types", 2026-08
    constexpr Size kSizes[]{{"XS", 0.5, 0.5}, {"S", 1, 1}, {"M", 2, 2}, {"L", 15, 4}, {"XL", 30, 8}};

    std::vector<MachineType> types;
    for (const Size& size : kSizes) {
        const auto bytes = static_cast<std::uint64_t>(size.gigabytes * 1e9);
        if (bytes <= memoryBytes)
            types.push_back({size.name, false, bytes, std::min(size.cpus, static_cast<double>(cores)), {"cpu"}});
    }
    return types;
}

} // namespace tintype::domain
