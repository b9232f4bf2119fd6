// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/apps.h"
#include "deploy/runtime/housekeeping.h"
#include "deploy/runtime/logs.h"
#include "deploy/runtime/models.h"
#include "deploy/runtime/requests.h"
#include "deploy/store/replica_history.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <string>
#include <unordered_map>

namespace tintype::runtime {

struct HostOptions {
    std::string dataFolder;
    std::string owner = "local";   ///< of this host's apps: /{owner}/{name}
    std::string machinesFile;      ///< empty = what the machine has
    std::string workerProgram;     ///< empty = WorkerProcess::findProgram()
    std::string publicUrl;         ///< under which callers reach it; empty = as each request names it
    bool allowPrivateWebhooks = true;
    Retention retention{};
};

/// Everything of a running host but its sockets. Control thread.
class Host : public QObject {
    Q_OBJECT

public:
    /// Opens the data folder and takes up what the last run left.
    static Result<std::unique_ptr<Host>> open(const HostOptions& options);
    ~Host() override;

    const HostOptions& options() const { return m_options; }
    store::Stores& stores() { return *m_stores; }
    Machines& machines() { return m_machines; }
    Apps& apps() { return *m_apps; }
    Requests& requests() { return *m_requests; }
    Logs& logs() { return *m_logs; }
    Models& models() { return *m_models; }
    Housekeeping& housekeeping() { return *m_housekeeping; }
    TimePoint startedAt() const { return m_startedAt; }
    bool isDraining() const { return m_draining; }

    /// Takes nothing new and lets replicas finish; drained() follows. Requests that wait are kept for the next run.
    void drain();

Q_SIGNALS:
    void drained();

private:
    Host(const HostOptions& options, Machines machines);
    void compose(const QString& workerProgram, requirements::HubSettings hub);
    void connectLogs();
    void tick();
    void noteReplica(const domain::ReplicaInfo& replica);
    void endIfDrained();
    Result<std::map<std::string, std::string>> replicaEnvironment(const Revision& revision);

    const HostOptions m_options;
    const TimePoint m_startedAt;
    Machines m_machines;
    std::unique_ptr<store::Stores> m_stores;
    std::unique_ptr<Launcher> m_launcher;
    std::unique_ptr<requirements::Fetcher> m_fetcher;
    std::unique_ptr<RevisionFiles> m_files;
    std::unique_ptr<AppEnvironment> m_environment;
    std::unique_ptr<Logs> m_logs;
    std::unique_ptr<Apps> m_apps;
    std::unique_ptr<Requests> m_requests;
    std::unique_ptr<Models> m_models;
    std::unique_ptr<Housekeeping> m_housekeeping;
    std::unordered_map<std::string, store::ReplicaPhase> m_phases; ///< of each replica, as noted
    QTimer m_timer;
    bool m_draining = false;
};

} // namespace tintype::runtime
