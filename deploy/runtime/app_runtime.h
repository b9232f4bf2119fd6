// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/retry.h"
#include "deploy/runtime/live_request.h"
#include "deploy/runtime/replica_set.h"
#include "deploy/runtime/request_queue.h"

#include <QObject>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tintype::runtime {

enum class Strategy { Rolling, Recreate };

/// One app while the host runs: its queue, its replicas and the rollout under way. Decides with the pure policies of
/// deploy/domain and does what they say. Holds nothing that must survive the host: the owner keeps requests durable.
class AppRuntime : public QObject {
    Q_OBJECT

public:
    AppRuntime(std::string name, AppEnvironment& environment, QObject* parent = nullptr);

    const std::string& name() const { return m_name; }
    const domain::Scaling& scaling() const { return m_scaling; }
    const RevisionPointer& revision() const { return m_revision; } ///< null before the first
    bool isRolling() const { return m_rollout.has_value(); }
    bool isPaused() const { return m_paused; }

    /// Sets the revision without any replica of it having started: at the host's start.
    void restore(RevisionPointer revision, const domain::Scaling& scaling, bool paused);

    /// Moves the app to a revision; rolloutEnded() follows, perhaps from inside this call. With the current revision
    /// all replicas are replaced. Rolling: a replica of it must get ready first, else all stays as it was.
    void rollOut(RevisionPointer revision, const domain::Scaling& scaling, Strategy strategy);

    void setScaling(const domain::Scaling& scaling);
    void setPaused(bool paused); ///< paused: running requests finish, waiting ones wait

    void enqueue(LiveRequest request);

    /// Queued: it ends, cancelled. Running: the worker is told, and it ends when the worker stopped it.
    /// @return false if there is no such request
    bool cancel(const std::string& id, CancelCause cause = CancelCause::Asked);
    int flush(); ///< cancels all that wait; returns how many

    Result<> stopReplica(const std::string& id, bool replace);
    Result<> killReplica(const std::string& id);
    void shutDown(); ///< all replicas end; requests stay live

    const LiveRequest* request(const std::string& id) const;
    const std::unordered_map<std::string, LiveRequest>& requests() const { return m_requests; }
    int queueSize() const { return m_queue.size(); }
    int position(const std::string& id) const { return m_queue.position(id); }
    std::optional<domain::WaitingReason> waitingReason(const std::string& id) const; ///< nothing if it does not wait
    std::optional<double> etaSeconds(const std::string& id) const; ///< until its result; nothing before any was measured
    std::vector<domain::ReplicaInfo> replicas() const { return m_replicas.infos(); }
    bool hasLiveReplicas() const { return !m_replicas.alive().empty(); }

    void tick(TimePoint now); ///< a few times a second

Q_SIGNALS:
    void requestStarted(const tintype::runtime::LiveRequest& request);
    void requestRequeued(const tintype::runtime::LiveRequest& request); ///< after a failed attempt
    void requestProgressed(const tintype::runtime::LiveRequest& request, const tintype::Progress& progress);
    void requestSucceeded(const tintype::runtime::LiveRequest& request, const tintype::GenerateResult& result);
    void requestFailed(const tintype::runtime::LiveRequest& request, const tintype::domain::Failure& failure,
        const tintype::Error& error);
    void replicaChanged(const tintype::domain::ReplicaInfo& replica);
    void rolloutEnded(const std::string& revision, const std::optional<tintype::Error>& reason); ///< why it was given up
    void wroteLine(const tintype::domain::ReplicaInfo& replica, const tintype::runtime::WorkerLogLine& line,
        const std::string& request);

private:
    struct Rollout {
        RevisionPointer revision;
        domain::Scaling scaling;
    };

    void connectReplicas();
    void plan(TimePoint now);
    void dispatch(TimePoint now);
    void scale(TimePoint now);
    domain::AppSnapshot snapshot() const;
    Replica* pickReplica(const std::string& hint) const;
    void handOver(LiveRequest& live, Replica& replica, TimePoint now);
    void requeue(LiveRequest& live, TimePoint notBefore);
    void end(const std::string& id, const domain::Failure& failure, const Error& error);
    void expireDeadlines(TimePoint now);
    void failWaiting(const domain::Failure& failure, const Error& error);

    void onRequestFinished(const std::string& id, const GenerateResult& result);
    void onRequestFailed(Replica& replica, const std::string& id, const Error& error);
    void onStartFailed(const Replica& replica, const Error& reason);
    void onBecameReady(const Replica& replica);

    void completeRollout();
    void abortRollout(const Error& reason);
    void makeRoomForRollout();
    const Replica* rolloutReplica() const;

    const std::string m_name;
    domain::Scaling m_scaling;
    RevisionPointer m_revision;
    bool m_paused = false;
    bool m_shuttingDown = false;
    int m_generation = 0; ///< of the replicas that serve; a rollout's are one ahead
    std::optional<Rollout> m_rollout;
    RequestQueue m_queue;
    std::unordered_map<std::string, LiveRequest> m_requests;
    double m_averageRun = 0; ///< seconds on a replica, moving; 0 = none yet
    bool m_planning = false;
    ReplicaSet m_replicas; ///< last: its signals reach the members above
};

} // namespace tintype::runtime
