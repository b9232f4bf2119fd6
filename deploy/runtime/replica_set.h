// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/autoscale.h"
#include "deploy/runtime/machines.h"
#include "deploy/runtime/provisioner.h"
#include "deploy/runtime/replica.h"
#include "deploy/runtime/revision.h"

#include <QObject>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tintype::runtime {

/// What every app of a host shares.
struct AppEnvironment {
    Machines& machines;
    Launcher& launcher;
    Provisioner& provisioner;
    std::function<Result<std::map<std::string, std::string>>(const Revision&)> replicaEnvironment; ///< with its secrets
};

/// The replicas of one app. Brings each one, step by step, to readiness: requirements, a machine, a process, setup();
/// lets a failed one back off and start again; gives its machine back when it ends.
class ReplicaSet : public QObject {
    Q_OBJECT

public:
    ReplicaSet(std::string app, AppEnvironment& environment, QObject* parent = nullptr);
    ~ReplicaSet() override;

    Replica& add(RevisionPointer revision, const domain::Scaling& scaling, int generation);
    Replica* find(const std::string& id) const;
    const std::vector<std::unique_ptr<Replica>>& alive() const { return m_replicas; }
    std::vector<domain::ReplicaInfo> infos() const; ///< with those that ended in the last 24 h
    int failuresInARow() const { return m_failuresInARow; } ///< starts that failed since one succeeded
    const std::string& lastFailure() const { return m_lastFailure; }
    void forgetFailures() { m_failuresInARow = 0; }
    double averageSetupSeconds() const { return m_averageSetup; } ///< 0 if none was measured

    /// Time limits, and each start as far as it goes now.
    void tick(TimePoint now);

Q_SIGNALS:
    void changed(const tintype::domain::ReplicaInfo& replica);
    void becameReady(tintype::runtime::Replica& replica);
    void startFailed(tintype::runtime::Replica& replica, const tintype::Error& reason); ///< it backs off already
    void ended(const tintype::domain::ReplicaInfo& replica);
    void requestProgressed(const std::string& request, const tintype::Progress& progress);
    void requestFinished(const std::string& request, const tintype::GenerateResult& result);
    void requestFailed(tintype::runtime::Replica& replica, const std::string& request, const tintype::Error& error);
    void wroteLine(const tintype::domain::ReplicaInfo& replica, const tintype::runtime::WorkerLogLine& line,
        const std::string& request);

private:
    struct Start {
        RevisionPointer revision;
        domain::Scaling scaling;
    };

    void connectReplica(Replica& replica);
    void advanceStart(Replica& replica);
    void launch(Replica& replica, const domain::Placement& placement);
    Result<ReplicaSetup> setupOf(const Start& start, const domain::Placement& placement) const;
    void fail(Replica& replica, const Error& reason);
    void bury(Replica& replica);

    const std::string m_app;
    AppEnvironment& m_environment;
    std::vector<std::unique_ptr<Replica>> m_replicas;
    std::map<std::string, Start> m_starts; ///< by replica
    std::vector<domain::ReplicaInfo> m_history;
    int m_failuresInARow = 0;
    std::string m_lastFailure;
    double m_averageSetup = 0;
};

} // namespace tintype::runtime
