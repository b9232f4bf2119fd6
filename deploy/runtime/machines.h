// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/machine_type.h"
#include "deploy/domain/request.h"
#include "engine/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace tintype::runtime {

/// A GPU of this machine.
struct Gpu {
    int index = 0;
    std::string name; ///< as NVML tells it: "NVIDIA H100 80GB HBM3"
    std::uint64_t memoryBytes = 0;
};

/// What this machine has. GPUs are those that the NVIDIA driver shows; none without a driver.
struct Hardware {
    std::uint64_t memoryBytes = 0;
    unsigned cores = 1;
    std::vector<Gpu> gpus;

    static Hardware ofThisMachine();
};

/// The machine types of a host, and who holds what. A GPU belongs to one replica at a time; replicas on the CPU share
/// the main memory by the size of their type.
class Machines {
public:
    explicit Machines(const Hardware& hardware);

    /// Types as a file names them, in place of the detected ones:
    /// `{"machine_types": {"GPU-H100": {"devices": ["cuda:0", "cuda:1"], "memory_gb": 80}, "L": {"cpus": 4, "memory_gb": 15}}}`
    static Result<Machines> fromFile(const Hardware& hardware, const std::string& file);

    const std::vector<domain::MachineType>& types() const { return m_types; }
    const Hardware& hardware() const { return m_hardware; }
    const std::vector<domain::Placement>& placements() const { return m_placements; }

    /// Takes the first of the wanted types that is free, "GPU" meaning any GPU.
    /// @return the placement, or why there is none (NoMachine, MachineTaken)
    tl::expected<domain::Placement, domain::WaitingReason> acquire(
        const std::string& app, const std::vector<std::string>& wanted, int numGpus);
    void release(const domain::Placement& placement);

private:
    std::optional<domain::Placement> place(const domain::MachineType& type, int numGpus) const;
    std::string holderOf(const domain::MachineType& type) const;

    Hardware m_hardware;
    std::vector<domain::MachineType> m_types;
    std::vector<domain::Placement> m_placements;
};

} // namespace tintype::runtime
