// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tintype::domain {

/// A name that a host maps to what it has.
struct MachineType {
    std::string name;
    bool isGpu = false;
    std::uint64_t memoryBytes = 0; ///< device memory of a GPU, main memory otherwise
    double cpus = 0;               ///< cores that a replica computes with; CPU types only
    std::vector<std::string> devices; ///< "cuda:0", …; one "cpu" for a CPU type

    bool operator==(const MachineType&) const = default;
};

/// What one replica holds on a host.
struct Placement {
    std::string machineType;
    std::vector<std::string> devices; ///< one for each of num_gpus, or "cpu"
    std::uint64_t memoryBytes = 0;
    double cpus = 0;
    std::string app;

    bool operator==(const Placement&) const = default;
};

/// fal's CPU sizes (XS … XL) as far as the machine is large enough for them.
std::vector<MachineType> cpuMachineTypes(std::uint64_t memoryBytes, unsigned cores);

} // namespace tintype::domain
