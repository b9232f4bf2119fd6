// SPDX-License-Identifier: Apache-2.0
// The part of AppRuntime that moves an app from one revision to another.
#include "deploy/runtime/app_runtime.h"

#include <fmt/format.h>
#include <utility>
#include <vector>

namespace tintype::runtime {

using domain::ReplicaState;
using domain::WaitingReason;

void AppRuntime::rollOut(RevisionPointer revision, const domain::Scaling& scaling, Strategy strategy)
{
    if (m_rollout)
        abortRollout({ErrorCode::Cancelled, "another rollout has begun", {}});
    m_replicas.forgetFailures();
    m_rollout = Rollout{std::move(revision), scaling};
    if (strategy == Strategy::Recreate || m_paused)
        completeRollout();
    else
        m_replicas.add(m_rollout->revision, scaling, m_generation + 1);
}

const Replica* AppRuntime::rolloutReplica() const
{
    for (const auto& replica : m_replicas.alive()) {
        if (m_rollout && replica->generation() == m_generation + 1)
            return replica.get();
    }
    return nullptr;
}

void AppRuntime::onBecameReady(const Replica& replica)
{
    if (&replica == rolloutReplica())
        completeRollout();
}

void AppRuntime::completeRollout()
{
    const Rollout rollout = *std::exchange(m_rollout, std::nullopt);
    m_revision = rollout.revision;
    m_scaling = rollout.scaling;
    ++m_generation;
    std::vector<Replica*> old;
    for (const auto& replica : m_replicas.alive()) {
        if (replica->generation() < m_generation)
            old.push_back(replica.get());
    }
    for (Replica* replica : old)
        replica->drain("replaced by revision " + m_revision->id.substr(0, 8));
    Q_EMIT rolloutEnded(m_revision->id, std::nullopt);
    plan(wallClockNow());
}

void AppRuntime::abortRollout(const Error& reason)
{
    const std::string revision = m_rollout->revision->id;
    std::vector<Replica*> fresh;
    for (const auto& replica : m_replicas.alive()) {
        if (replica->generation() == m_generation + 1)
            fresh.push_back(replica.get());
    }
    m_rollout.reset();
    for (Replica* replica : fresh)
        replica->end("its rollout was given up");
    m_replicas.forgetFailures();
    Q_EMIT rolloutEnded(revision, reason);
}

void AppRuntime::onStartFailed(const Replica& replica, const Error& reason)
{
    if (&replica == rolloutReplica())
        return abortRollout(reason);
    if (m_replicas.failuresInARow() >= domain::kCrashLimit)
        failWaiting({domain::FailureKind::Startup, 503, "runner_scheduling_failure", false},
            {ErrorCode::Unavailable,
                fmt::format("{} starts of a replica failed in a row; the last: {}", m_replicas.failuresInARow(), reason.message),
                {}});
}

void AppRuntime::makeRoomForRollout()
{
    const Replica* fresh = rolloutReplica();
    if (!fresh || !fresh->machineReason())
        return;
    const WaitingReason reason = *fresh->machineReason();
    if (reason.kind == WaitingReason::Kind::NoMachine)
        return abortRollout({ErrorCode::Unavailable, domain::sentence(reason), {}});
    if (reason.subject != m_name)
        return;
    // The app's own replicas hold the machine that the new one needs: one of them goes first.
    for (const auto& replica : m_replicas.alive()) {
        if (replica->info().state == ReplicaState::Draining || replica->info().state == ReplicaState::Terminating)
            return;
    }
    for (const auto& replica : m_replicas.alive()) {
        if (replica->generation() <= m_generation && domain::isReady(replica->info().state))
            return replica->drain("makes room for revision " + m_rollout->revision->id.substr(0, 8));
    }
}

} // namespace tintype::runtime
