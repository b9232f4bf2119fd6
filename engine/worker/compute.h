// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/result.h"
#include "engine/protocol/messages.h"

#include <functional>
#include <stop_token>

namespace tintype::worker {

/// What the loop asks of an engine: app/worker_main.cpp binds it to EngineSession, tests to a script.
/// Thread: all three are called on the compute thread, one at a time.
class Compute {
public:
    using LoadObserver = std::function<void(const LoadProgress&)>;
    using ProgressObserver = std::function<void(const Progress&)>;

    virtual ~Compute() = default;

    /// Called once, before generate.
    virtual Result<ModelCard> load(const LoadRequest& request, const LoadObserver& observer, std::stop_token stop) = 0;

    virtual Result<GenerateResult> generate(
        const GenerateRequest& request, const ProgressObserver& observer, std::stop_token stop)
        = 0;

    virtual protocol::MemoryUse memory() const = 0;
};

} // namespace tintype::worker
