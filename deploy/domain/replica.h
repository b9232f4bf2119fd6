// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"

#include <optional>
#include <string>
#include <string_view>

namespace tintype::domain {

/// The life of a replica (fal's RunnerState; its DOCKER_PULL is FETCHING here: requirements on their way).
enum class ReplicaState {
    Pending,      ///< waiting for a machine
    Fetching,     ///< requirements are being fetched
    Setup,        ///< the process runs setup()
    CrashBackoff, ///< waits after a failed start
    Idle,         ///< ready, no request
    Running,      ///< ready, at least one request
    Draining,     ///< takes no new request, finishes its own
    Terminating,  ///< told to end
    Terminated,
};

std::string_view replicaStateName(ReplicaState state); ///< "PENDING", "CRASH_BACKOFF", …

bool isLegalMove(ReplicaState from, ReplicaState to);

/// Ready for a request, or already on one.
inline bool isReady(ReplicaState state) { return state == ReplicaState::Idle || state == ReplicaState::Running; }

/// On its way to Idle.
inline bool isStarting(ReplicaState state)
{
    return state == ReplicaState::Pending || state == ReplicaState::Fetching || state == ReplicaState::Setup
        || state == ReplicaState::CrashBackoff;
}

/// How far setup is, as a user watches it.
struct SetupProgress {
    std::string stage; ///< "fetch org/name", "transformer", "warm-up"
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    double seconds = 0; ///< since the replica was asked for

    bool operator==(const SetupProgress&) const = default;
};

/// What anyone outside sees of a replica.
struct ReplicaInfo {
    std::string id;
    std::string app;
    std::string revision;
    std::string machineType;
    std::string device; ///< "cpu", "cuda:0"; empty while pending
    ReplicaState state = ReplicaState::Pending;
    std::string reason; ///< why it is in this state, a sentence; may be empty
    int inFlight = 0;
    TimePoint createdAt;
    std::optional<TimePoint> readyAt;
    std::optional<TimePoint> endedAt;
    std::optional<TimePoint> expiresAt; ///< when keep_alive ends it, if nothing comes
    SetupProgress setup;
    std::int64_t processId = 0;
    std::uint64_t memoryUsed = 0;
    std::uint64_t memoryPeak = 0;
    std::uint64_t requestsDone = 0;
    std::uint64_t requestsFailed = 0;

    bool operator==(const ReplicaInfo&) const = default;
};

} // namespace tintype::domain
