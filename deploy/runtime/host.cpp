// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/host.h"

#include "deploy/requirements/fetcher.h"
#include "deploy/runtime/worker_process.h"
#include "deploy/store/secret_store.h"
#include "deploy/store/stores.h"

#include <fmt/format.h>

namespace tintype::runtime {
namespace {

constexpr int kTickMilliseconds = 100;

std::string logLevelOf(const WorkerLogLine& line)
{
    return line.level.empty() ? "info" : line.level == "critical" ? "error" : line.level;
}

} // namespace

Host::Host(const HostOptions& options, Machines machines)
    : m_options(options)
    , m_startedAt(wallClockNow())
    , m_machines(std::move(machines))
{
}

Host::~Host() = default;

Result<std::unique_ptr<Host>> Host::open(const HostOptions& options)
{
    const Hardware hardware = Hardware::ofThisMachine();
    Machines machines(hardware);
    if (!options.machinesFile.empty()) {
        TINTYPE_TRY_ASSIGN(machines, Machines::fromFile(hardware, options.machinesFile));
    }
    QString worker = QString::fromStdString(options.workerProgram);
    if (worker.isEmpty()) {
        TINTYPE_TRY_ASSIGN(worker, WorkerProcess::findProgram());
    }
    auto host = std::unique_ptr<Host>(new Host(options, std::move(machines)));
    TINTYPE_TRY_ASSIGN(host->m_stores, store::Stores::open(options.dataFolder, [context = host.get()](std::function<void()> outcome) {
        QMetaObject::invokeMethod(context, std::move(outcome), Qt::QueuedConnection);
    }));
    TINTYPE_TRY_ASSIGN(auto hub, requirements::HubSettings::fromEnvironment((host->m_stores->folder() / "hub").string()));
    host->m_stores->writer().write(store::closePhases);
    host->compose(worker, std::move(hub));
    TINTYPE_TRY(host->m_apps->restore());
    TINTYPE_TRY(host->m_requests->restore());
    host->m_timer.start(kTickMilliseconds);
    return host;
}

void Host::compose(const QString& workerProgram, requirements::HubSettings hub)
{
    m_launcher = std::make_unique<LocalLauncher>(workerProgram);
    m_fetcher = std::make_unique<requirements::Fetcher>(std::move(hub));
    m_files = std::make_unique<RevisionFiles>(*m_stores, *m_fetcher);
    m_environment = std::unique_ptr<AppEnvironment>(new AppEnvironment{
        m_machines, *m_launcher, *m_files, [this](const Revision& revision) { return replicaEnvironment(revision); }});
    m_logs = std::make_unique<Logs>(*m_stores);
    m_apps = std::make_unique<Apps>(*m_stores, *m_environment, *m_files, *m_fetcher);
    m_requests = std::make_unique<Requests>(*m_apps, *m_stores);
    m_models = std::make_unique<Models>(*m_stores, *m_apps, *m_files, m_fetcher->settings());
    m_housekeeping = std::make_unique<Housekeeping>(*m_stores, m_options.retention);
    connect(m_apps.get(), &Apps::replicaChanged, this, &Host::noteReplica);
    connectLogs();
    connect(&m_timer, &QTimer::timeout, this, &Host::tick);
}

void Host::connectLogs()
{
    const auto log = [this](const std::string& level, const std::string& app, const std::string& request, const std::string& text) {
        m_logs->add({.time = wallClockNow(), .level = level, .app = app, .revision = {}, .replica = {}, .request = request,
            .source = "host", .text = text});
    };
    connect(m_apps.get(), &Apps::added, this, [this](AppRuntime& app) {
        connect(&app, &AppRuntime::wroteLine, this,
            [this](const domain::ReplicaInfo& replica, const WorkerLogLine& line, const std::string& request) {
                m_logs->add({.time = wallClockNow(), .level = logLevelOf(line), .app = replica.app, .revision = replica.revision,
                    .replica = replica.id, .request = request, .source = "worker", .text = line.text});
            });
    });
    connect(m_apps.get(), &Apps::happened, this,
        [log](const store::StoredEvent& event) { log("info", event.app, {}, event.text); });
    connect(m_apps.get(), &Apps::rolloutEnded, this,
        [log](const std::string& app, const std::string& revision, const std::optional<Error>& reason) {
            if (reason)
                log("error", app, {}, fmt::format("revision {}: {}", revision.substr(0, 8), reason->message));
        });
    connect(m_requests.get(), &Requests::requeued, this, [log](const LiveRequest& live) {
        log("warning", live.request.app, live.request.id, fmt::format("attempt {} failed; it is tried again", live.attempts));
    });
    connect(m_requests.get(), &Requests::failedToKeep, this, [log](const domain::Request& request, const Error& error) {
        log("error", request.app, request.id, "its record could not be kept: " + error.message);
    });
}

Result<std::map<std::string, std::string>> Host::replicaEnvironment(const Revision& revision)
{
    TINTYPE_TRY_ASSIGN(auto values, store::openSecrets(m_stores->reader(), m_stores->vault(), revision.definition.secrets));
    std::vector<std::string> hidden;
    for (const auto& [name, value] : values)
        hidden.push_back(value);
    m_logs->redact(hidden);
    values["TINTYPE_APP"] = revision.definition.name;
    values["TINTYPE_REVISION"] = revision.id;
    return values;
}

void Host::tick()
{
    const TimePoint now = wallClockNow();
    m_apps->tick(now);
    m_housekeeping->tick(now);
    endIfDrained();
}

/// Called for each request too: most changes are none here.
void Host::noteReplica(const domain::ReplicaInfo& replica)
{
    const auto phase = store::phaseOf(replica.state);
    const auto known = m_phases.find(replica.id);
    if (known == m_phases.end() ? !phase : phase == known->second)
        return;
    if (phase)
        m_phases[replica.id] = *phase;
    else
        m_phases.erase(known);
    m_stores->writer().write([app = replica.app, id = replica.id, phase, now = wallClockNow()](store::Database& database) {
        return store::notePhase(database, app, id, phase, now);
    });
}

void Host::drain()
{
    if (m_draining)
        return;
    m_draining = true;
    m_requests->close();
    m_apps->shutDown();
    endIfDrained();
}

void Host::endIfDrained()
{
    if (!m_draining || m_apps->hasLiveReplicas())
        return;
    m_timer.stop();
    m_stores->writer().flush();
    QMetaObject::invokeMethod(this, &Host::drained, Qt::QueuedConnection);
}

} // namespace tintype::runtime
