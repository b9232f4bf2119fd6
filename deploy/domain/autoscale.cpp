// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/autoscale.h"

#include <algorithm>
#include <cmath>

namespace tintype::domain {
namespace {

constexpr std::chrono::seconds kUnusedKeepAlive{10}; // fal.ai docs "Scale your application", 2026-08
constexpr int kDeepestHalving = 10;

int ceilDivide(int value, int by) { return (value + by - 1) / by; }

bool counts(const ReplicaSnapshot& replica)
{
    return replica.isCurrent && (isReady(replica.state) || isStarting(replica.state));
}

/// Idle replicas of the current revision, the most recently active first: the last ones go first.
std::vector<const ReplicaSnapshot*> idleReplicas(const AppSnapshot& app)
{
    std::vector<const ReplicaSnapshot*> idle;
    for (const ReplicaSnapshot& replica : app.replicas) {
        if (replica.isCurrent && replica.state == ReplicaState::Idle)
            idle.push_back(&replica);
    }
    std::ranges::stable_sort(idle, [](auto* a, auto* b) {
        return a->hasServed != b->hasServed ? a->hasServed : a->lastActive > b->lastActive;
    });
    return idle;
}

void wakeAtLatest(ScalingDecision& decision, TimePoint time)
{
    decision.wakeAt = decision.wakeAt ? std::min(*decision.wakeAt, time) : time;
}

/// The part of `wanted` that may start now: load that has not waited for scaling_delay does not count yet.
int startableNow(const AppSnapshot& app, int wanted, int floor, TimePoint now, ScalingDecision& decision)
{
    if (wanted <= floor || app.scaling.scalingDelay.count() == 0 || !app.oldestQueued)
        return wanted;
    const TimePoint due = *app.oldestQueued + app.scaling.scalingDelay;
    if (due <= now)
        return wanted;
    wakeAtLatest(decision, due);
    return floor;
}

/// Lets idle replicas above `keep` go whose time has come.
void expireIdle(const AppSnapshot& app, int surplus, TimePoint now, ScalingDecision& decision)
{
    const auto idle = idleReplicas(app);
    for (int rank = static_cast<int>(idle.size()) - 1; rank >= 0 && surplus > 0; --rank, --surplus) {
        const ReplicaSnapshot& replica = *idle[static_cast<std::size_t>(rank)];
        const TimePoint end = expiry(replica, app.scaling, rank);
        if (end <= now)
            decision.drain.push_back(replica.id);
        else {
            decision.expiries[replica.id] = end;
            wakeAtLatest(decision, end);
        }
    }
}

/// Starts that nobody needs any more are given up, those that are least far first.
void giveUpStarts(const AppSnapshot& app, int surplus, ScalingDecision& decision)
{
    for (const ReplicaState state : {ReplicaState::Pending, ReplicaState::CrashBackoff}) {
        for (const ReplicaSnapshot& replica : app.replicas) {
            if (surplus > 0 && replica.isCurrent && replica.state == state) {
                decision.drain.push_back(replica.id);
                --surplus;
            }
        }
    }
}

} // namespace

int targetReplicas(const Scaling& scaling, int queued, int inFlight)
{
    const int load = queued + inFlight;
    const int share = static_cast<int>(std::ceil(load * scaling.concurrencyBufferPerc / 100.0));
    const int buffer = std::max(scaling.concurrencyBuffer, share);
    const int demand = ceilDivide(load, std::max(scaling.maxMultiplexing, 1));
    return std::min(scaling.maxConcurrency, std::max(scaling.minConcurrency, demand + buffer));
}

TimePoint expiry(const ReplicaSnapshot& replica, const Scaling& scaling, int rankAmongIdle)
{
    if (!replica.hasServed && scaling.keepAlive > kUnusedKeepAlive)
        return replica.lastActive + kUnusedKeepAlive;
    const auto keepAlive = std::chrono::duration_cast<std::chrono::milliseconds>(scaling.keepAlive);
    return replica.lastActive + keepAlive / (1 << std::min(rankAmongIdle, kDeepestHalving));
}

ScalingDecision autoscale(const AppSnapshot& app, TimePoint now)
{
    ScalingDecision decision;
    int inFlight = 0;
    int alive = 0;
    for (const ReplicaSnapshot& replica : app.replicas) {
        inFlight += replica.inFlight;
        alive += counts(replica) ? 1 : 0;
    }
    if (app.paused) {
        for (const ReplicaSnapshot& replica : app.replicas) {
            if (isReady(replica.state) || isStarting(replica.state))
                decision.drain.push_back(replica.id);
        }
        return decision;
    }
    const int resting = targetReplicas(app.scaling, 0, inFlight); // what stays if the queue is not counted
    const int wanted = targetReplicas(app.scaling, app.queued, inFlight);
    const int startable = startableNow(app, wanted, std::max(resting, alive), now, decision);
    if (startable > alive)
        decision.start = startable - alive;
    else if (alive > wanted) {
        giveUpStarts(app, alive - wanted, decision);
        expireIdle(app, alive - wanted - static_cast<int>(decision.drain.size()), now, decision);
    }
    return decision;
}

} // namespace tintype::domain
