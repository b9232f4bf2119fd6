// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/replica.h"
#include "deploy/domain/scaling.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

// How many replicas an app should have: pure functions of a snapshot and a clock.

namespace tintype::domain {

struct ReplicaSnapshot {
    std::string id;
    ReplicaState state = ReplicaState::Pending;
    int inFlight = 0;
    bool isCurrent = true;   ///< of the revision that the app points at
    bool hasServed = false;
    TimePoint lastActive;    ///< became ready, or its last request ended

    bool operator==(const ReplicaSnapshot&) const = default;
};

struct AppSnapshot {
    Scaling scaling;
    bool paused = false;
    int queued = 0;
    std::optional<TimePoint> oldestQueued; ///< when the first of them was submitted
    std::vector<ReplicaSnapshot> replicas; ///< without terminated ones
};

struct ScalingDecision {
    int start = 0;                  ///< replicas to add
    std::vector<std::string> drain; ///< replicas to let go, idle or still starting
    std::map<std::string, TimePoint> expiries; ///< idle replicas that go at that time if nothing comes
    std::optional<TimePoint> wakeAt; ///< when to decide again if nothing happens before

    bool operator==(const ScalingDecision&) const = default;
};

/// Replicas that the load asks for, in [min, max]: min(max, max(min, demand + buffer)), where a buffer takes
/// precedence over the minimum and does not add to it.
/// @source fal.ai docs "Scale your application", 2026-08
int targetReplicas(const Scaling& scaling, int queued, int inFlight);

ScalingDecision autoscale(const AppSnapshot& app, TimePoint now);

/// When an idle replica may go: keep_alive after its last request; each further idle one of a burst waits half as long
/// as the one before it, and one that never served anything only 10 s.
TimePoint expiry(const ReplicaSnapshot& replica, const Scaling& scaling, int rankAmongIdle);

} // namespace tintype::domain
