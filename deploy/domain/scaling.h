// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"

#include <chrono>
#include <string>
#include <vector>

namespace tintype::domain {

/// What an app runs with: every value present. The defaults are those of fal's own deploy check (fal 2026-08,
/// cli/deploy_check.py).
struct Scaling {
    int minConcurrency = 0;
    int maxConcurrency = 2;
    int concurrencyBuffer = 0;
    int concurrencyBufferPerc = 0;
    std::chrono::seconds scalingDelay{0};
    std::chrono::seconds keepAlive{10};
    std::chrono::seconds requestTimeout{3600};
    std::chrono::seconds startupTimeout{600};
    std::chrono::seconds terminationGrace{5};
    int maxMultiplexing = 1;
    std::vector<std::string> machineTypes{"XS"};
    std::vector<std::string> regions;

    bool operator==(const Scaling&) const = default;
};

} // namespace tintype::domain
