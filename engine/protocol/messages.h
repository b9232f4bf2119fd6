// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/result.h"
#include "engine/protocol/frame.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// What host and worker say to each other. `request` is the host's name of one generate call; empty where a failure
// concerns the load or the worker as a whole.

namespace tintype::protocol {

constexpr int kProtocolVersion = 1;

struct Hello {
    int protocol = kProtocolVersion;
    std::string build;  ///< version of the program that speaks
    std::string device; ///< a worker's; empty from a host

    bool operator==(const Hello&) const = default;
};

// Host to worker.

struct Load {
    LoadRequest request;

    bool operator==(const Load&) const = default;
};

struct Generate {
    std::string request;
    GenerateRequest input;

    bool operator==(const Generate&) const = default;
};

/// Stops the request, running or waiting; an empty name stops the load. One that already ended is ignored.
struct Cancel {
    std::string request;

    bool operator==(const Cancel&) const = default;
};

struct Ping {
    std::uint64_t number = 0;

    bool operator==(const Ping&) const = default;
};

struct StatsRequest {
    bool operator==(const StatsRequest&) const = default;
};

/// Finish what was accepted, accept nothing more, exit 0.
struct Drain {
    bool operator==(const Drain&) const = default;
};

// Worker to host.

struct LoadProgressed {
    LoadProgress progress;

    bool operator==(const LoadProgressed&) const = default;
};

struct Loaded {
    ModelCard card;

    bool operator==(const Loaded&) const = default;
};

struct Progressed {
    std::string request;
    Progress progress;

    bool operator==(const Progressed&) const = default;
};

struct Finished {
    std::string request;
    GenerateResult result;

    bool operator==(const Finished&) const = default;
};

struct Failed {
    std::string request;
    Error error;

    bool operator==(const Failed&) const = default;
};

struct Pong {
    std::uint64_t number = 0;

    bool operator==(const Pong&) const = default;
};

enum class WorkerState { Starting, Loading, Ready, Busy, Draining };

/// Bytes of the device's memory (on a CPU: of the process), as of the last step, load or request.
struct MemoryUse {
    std::uint64_t used = 0;
    std::uint64_t peak = 0;
    std::uint64_t free = 0;

    bool operator==(const MemoryUse&) const = default;
};

struct Stats {
    WorkerState state = WorkerState::Starting;
    std::uint64_t requestsDone = 0;   ///< answered with a result
    std::uint64_t requestsFailed = 0; ///< answered with an error, cancelled ones too
    MemoryUse memory;

    bool operator==(const Stats&) const = default;
};

using Message = std::variant<Hello, Load, Generate, Cancel, Ping, StatsRequest, Drain, LoadProgressed, Loaded,
    Progressed, Finished, Failed, Pong, Stats>;

std::string_view workerStateName(WorkerState state);

/// @error InvalidArgument: a text is not UTF-8, a number not finite · Protocol: larger than a frame
Result<std::vector<std::uint8_t>> encode(const Message& message);

/// @error Protocol: names the message, the field and what was found; unknown fields are skipped
Result<Message> decode(Frame frame);

} // namespace tintype::protocol
