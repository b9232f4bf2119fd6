// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/machine_type.h"
#include "deploy/domain/replica.h"
#include "deploy/domain/request.h"
#include "deploy/domain/scaling.h"
#include "deploy/runtime/launcher.h"
#include "deploy/runtime/worker.h"
#include "deploy/runtime/worker_log.h"

#include <QObject>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace tintype::runtime {

/// How a replica is set up, once it has a machine.
struct ReplicaSetup {
    LoadRequest load;
    std::optional<GenerateRequest> warmup;
    std::map<std::string, std::string> environment; ///< holds secrets
    domain::Scaling scaling;                        ///< its time limits
};

/// One worker serving one revision of an app, from the wish for it to its end. What happens to it is told by signals;
/// its state moves only along the table of domain::isLegalMove.
class Replica : public QObject {
    Q_OBJECT

public:
    Replica(domain::ReplicaInfo info, int generation, QObject* parent = nullptr);
    ~Replica() override;

    const domain::ReplicaInfo& info() const { return m_info; }
    int generation() const { return m_generation; } ///< grows with each rollout of the app
    TimePoint lastActive() const { return m_lastActive; }
    bool hasServed() const { return m_info.requestsDone + m_info.requestsFailed > 0; }
    bool hasServedHint(const std::string& hint) const { return m_hints.contains(hint); }
    const std::optional<domain::Placement>& placement() const { return m_placement; }
    const std::set<std::string>& requests() const { return m_requests; }

    void waitForMachine(const domain::WaitingReason& reason);
    const std::optional<domain::WaitingReason>& machineReason() const { return m_machineReason; } ///< while it waits
    void showFetching(const domain::SetupProgress& progress);
    void start(Launcher& launcher, const domain::Placement& placement, const ReplicaSetup& setup);
    void backOff(const std::string& reason, TimePoint until);
    void retryStart(); ///< after a back-off: Pending again
    TimePoint backOffUntil() const { return m_backOffUntil; }

    void generate(const std::string& request, const GenerateRequest& call, const std::string& hint);
    void cancel(const std::string& request);

    void drain(const std::string& reason); ///< takes nothing more; ends when its requests have
    void end(const std::string& reason);   ///< SIGTERM now, SIGKILL after the grace period
    void kill(const std::string& reason);
    void setExpiry(std::optional<TimePoint> time) { m_info.expiresAt = time; }

    /// Time limits, pings. Called a few times a second.
    void tick(TimePoint now);

Q_SIGNALS:
    void changed();
    void becameReady();
    void startFailed(const tintype::Error& reason); ///< its process is gone; it may back off and try again
    void ended(const std::optional<tintype::Error>& reason);
    void requestProgressed(const std::string& request, const tintype::Progress& progress);
    void requestFinished(const std::string& request, const tintype::GenerateResult& result);
    void requestFailed(const std::string& request, const tintype::Error& error);
    void wroteLine(const tintype::runtime::WorkerLogLine& line, const std::string& request);

private:
    void setState(domain::ReplicaState state, const std::string& reason);
    void connectWorker();
    void onLoaded();
    void becomeReady();
    void onRequestFailed(const std::string& request, const Error& error);
    void finishRequest(const std::string& request, bool succeeded);
    void onStopped(const std::optional<Error>& reason);
    void giveUp(Error reason); ///< kills a worker that broke a limit; its requests fail with the reason
    void endIfDrained();

    domain::ReplicaInfo m_info;
    const int m_generation;
    std::unique_ptr<Worker> m_worker;
    std::optional<domain::Placement> m_placement;
    std::optional<domain::WaitingReason> m_machineReason;
    ReplicaSetup m_setup;
    std::set<std::string> m_requests;
    std::map<std::string, TimePoint> m_requestStarts;
    std::set<std::string> m_hints;
    std::optional<Error> m_killReason;
    TimePoint m_lastActive;
    TimePoint m_setupStart;
    TimePoint m_backOffUntil;
    TimePoint m_lastPing;
    TimePoint m_lastPong;
    std::optional<TimePoint> m_killAt;
    quint64 m_pings = 0;
};

} // namespace tintype::runtime
