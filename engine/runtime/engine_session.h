// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/log.h"
#include "engine/base/result.h"

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <stop_token>

namespace tintype::engine {

/// The engine's only door: one loaded model. Loads once, then generates one request at a time.
/// Thread: one caller at a time; observers are called on the caller's thread. No exception leaves a method.
class EngineSession {
public:
    using LoadObserver = std::function<void(const LoadProgress&)>;
    using ProgressObserver = std::function<void(const Progress&)>;

    /// @error NotFound, Corrupt, Unsupported, InvalidArgument: the model; OutOfMemory: cannot fit, with the numbers
    static Result<EngineSession> load(
        const LoadRequest& request, const LoadObserver& observer, const log::Sink& log, std::stop_token stop = {});

    /// @error InvalidArgument: a value of the request · Cancelled: stop was asked for (seen between steps) ·
    ///        OutOfMemory, DeviceLost, Internal: compute. The session stays usable after all but DeviceLost.
    Result<GenerateResult> generate(
        const GenerateRequest& request, const ProgressObserver& observer = {}, std::stop_token stop = {});

    const ModelCard& card() const;

    /// Bytes of device memory in use now and at the peak since load (on a CPU: of the process), and in the cache.
    struct Memory {
        std::uint64_t used = 0;
        std::uint64_t peak = 0;
        std::uint64_t free = 0;
    };
    Memory memory() const;

    EngineSession(EngineSession&&) noexcept;
    EngineSession& operator=(EngineSession&&) noexcept;
    ~EngineSession();

private:
    struct Implementation;
    explicit EngineSession(std::unique_ptr<Implementation> implementation);
    std::unique_ptr<Implementation> m_implementation;
};

} // namespace tintype::engine
