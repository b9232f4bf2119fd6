// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/replica_set.h"

#include "deploy/domain/retry.h"

#include <QRandomGenerator>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::runtime {
namespace {

using domain::ReplicaState;

constexpr std::chrono::hours kHistory{24};
constexpr std::size_t kMaxHistory = 1000;
constexpr double kAverageWeight = 0.3;

std::string newReplicaId()
{
    return fmt::format("r-{:012x}", QRandomGenerator::system()->generate64() >> 16);
}

/// The definition's `class` is the `_class_name` of diffusers' config.
std::string schedulerOverrides(const std::string& scheduler)
{
    auto fields = nlohmann::json::parse(scheduler, nullptr, /*allow_exceptions=*/false);
    if (!fields.is_object() || fields.empty())
        return {};
    if (const auto chosen = fields.find("class"); chosen != fields.end()) {
        fields["_class_name"] = *chosen;
        fields.erase("class");
    }
    return fields.dump();
}

/// With the defaults of the first endpoint that draws: the warm-up has the size of what will be asked for.
domain::EndpointSpec endpointOfWarmup(const domain::AppDefinition& definition)
{
    const domain::EndpointSpec plain;
    const auto found = std::ranges::find(definition.endpoints, plain.task, &domain::EndpointSpec::task);
    return found == definition.endpoints.end() ? plain : *found;
}

} // namespace

ReplicaSet::ReplicaSet(std::string app, AppEnvironment& environment, QObject* parent)
    : QObject(parent)
    , m_app(std::move(app))
    , m_environment(environment)
{
    Provisioner& provisioner = m_environment.provisioner;
    connect(&provisioner, &Provisioner::progressed, this,
        [this](const std::string& revision, const domain::SetupProgress& progress) {
            for (const auto& replica : m_replicas) {
                const auto state = replica->info().state;
                if (replica->info().revision == revision && (state == ReplicaState::Pending || state == ReplicaState::Fetching))
                    replica->showFetching(progress);
            }
        });
    connect(&provisioner, &Provisioner::prepared, this, [this](const std::string& revision, const std::optional<Error>& reason) {
        std::vector<Replica*> waiting;
        for (const auto& replica : m_replicas) {
            if (replica->info().revision == revision && domain::isStarting(replica->info().state))
                waiting.push_back(replica.get());
        }
        for (Replica* replica : waiting) {
            if (reason)
                fail(*replica, *reason);
            else
                advanceStart(*replica);
        }
    });
}

ReplicaSet::~ReplicaSet()
{
    for (const auto& replica : m_replicas) {
        if (replica->placement())
            m_environment.machines.release(*replica->placement());
    }
}

Replica& ReplicaSet::add(RevisionPointer revision, const domain::Scaling& scaling, int generation)
{
    domain::ReplicaInfo info;
    info.id = newReplicaId();
    info.app = m_app;
    info.revision = revision->id;
    info.machineType = scaling.machineTypes.empty() ? std::string() : scaling.machineTypes.front();
    info.createdAt = wallClockNow();
    m_replicas.push_back(std::make_unique<Replica>(std::move(info), generation));
    Replica& replica = *m_replicas.back();
    m_starts[replica.info().id] = {std::move(revision), scaling};
    connectReplica(replica);
    Q_EMIT changed(replica.info());
    advanceStart(replica);
    return replica;
}

void ReplicaSet::connectReplica(Replica& replica)
{
    connect(&replica, &Replica::changed, this, [this, &replica] { Q_EMIT changed(replica.info()); });
    connect(&replica, &Replica::becameReady, this, [this, &replica] {
        m_failuresInARow = 0;
        const double seconds = replica.info().setup.seconds;
        m_averageSetup = m_averageSetup == 0 ? seconds : std::lerp(m_averageSetup, seconds, kAverageWeight);
        Q_EMIT becameReady(replica);
    });
    connect(&replica, &Replica::startFailed, this, [this, &replica](const Error& reason) { fail(replica, reason); });
    connect(&replica, &Replica::ended, this, [this, &replica] { bury(replica); });
    connect(&replica, &Replica::requestProgressed, this, &ReplicaSet::requestProgressed);
    connect(&replica, &Replica::requestFinished, this, &ReplicaSet::requestFinished);
    connect(&replica, &Replica::requestFailed, this,
        [this, &replica](const std::string& request, const Error& error) { Q_EMIT requestFailed(replica, request, error); });
    connect(&replica, &Replica::wroteLine, this, [this, &replica](const WorkerLogLine& line, const std::string& request) {
        Q_EMIT wroteLine(replica.info(), line, request);
    });
}

Replica* ReplicaSet::find(const std::string& id) const
{
    const auto found = std::ranges::find(m_replicas, id, [](const auto& replica) { return replica->info().id; });
    return found == m_replicas.end() ? nullptr : found->get();
}

std::vector<domain::ReplicaInfo> ReplicaSet::infos() const
{
    std::vector<domain::ReplicaInfo> infos;
    for (const auto& replica : m_replicas)
        infos.push_back(replica->info());
    infos.insert(infos.end(), m_history.rbegin(), m_history.rend());
    return infos;
}

void ReplicaSet::advanceStart(Replica& replica)
{
    const ReplicaState state = replica.info().state;
    if (state != ReplicaState::Pending && state != ReplicaState::Fetching)
        return;
    const Start& start = m_starts.at(replica.info().id);
    if (!m_environment.provisioner.isPrepared(start.revision->id)) {
        if (state == ReplicaState::Pending) {
            replica.showFetching({.stage = "requirements", .bytesDone = 0, .bytesTotal = 0, .seconds = 0});
            m_environment.provisioner.prepare(start.revision->id);
        }
        return;
    }
    const auto placement
        = m_environment.machines.acquire(m_app, start.scaling.machineTypes, start.revision->definition.numGpus);
    if (placement)
        launch(replica, *placement);
    else
        replica.waitForMachine(placement.error());
}

Result<ReplicaSetup> ReplicaSet::setupOf(const Start& start, const domain::Placement& placement) const
{
    const domain::SetupSpec& spec = start.revision->definition.setup;
    ReplicaSetup setup;
    setup.scaling = start.scaling;
    setup.load.model = m_environment.provisioner.modelFolder(start.revision->id);
    setup.load.variant = spec.variant;
    setup.load.dtype = spec.dtype;
    setup.load.schedulerOverrides = schedulerOverrides(spec.scheduler);
    setup.load.device = placement.devices.front();
    setup.load.threads = static_cast<int>(std::ceil(placement.cpus));
    TINTYPE_TRY_ASSIGN(setup.environment, m_environment.replicaEnvironment(*start.revision));
    if (spec.warmup) {
        const auto warmup = domain::parseEndpointInput(endpointOfWarmup(start.revision->definition), *spec.warmup);
        if (!warmup)
            return tintype::fail(ErrorCode::InvalidArgument, "setup.warmup: " + warmup.error().front().msg);
        setup.warmup = warmup->call;
    }
    return setup;
}

void ReplicaSet::launch(Replica& replica, const domain::Placement& placement)
{
    const auto setup = setupOf(m_starts.at(replica.info().id), placement);
    if (!setup) {
        m_environment.machines.release(placement);
        fail(replica, setup.error());
        return;
    }
    replica.start(m_environment.launcher, placement, *setup);
}

void ReplicaSet::fail(Replica& replica, const Error& reason)
{
    ++m_failuresInARow;
    m_lastFailure = reason.message;
    if (replica.placement())
        m_environment.machines.release(*replica.placement());
    const auto pause = domain::crashBackoff(m_failuresInARow);
    replica.backOff(fmt::format("start {} failed: {}", m_failuresInARow, reason.message), wallClockNow() + pause);
    Q_EMIT startFailed(replica, reason);
}

void ReplicaSet::bury(Replica& replica)
{
    if (replica.placement())
        m_environment.machines.release(*replica.placement());
    const domain::ReplicaInfo info = replica.info();
    const auto found = std::ranges::find(m_replicas, &replica, &std::unique_ptr<Replica>::get);
    if (found != m_replicas.end()) {
        found->release()->deleteLater(); // it is the sender
        m_replicas.erase(found);
    }
    m_starts.erase(info.id);
    m_history.push_back(info);
    if (m_history.size() > kMaxHistory)
        m_history.erase(m_history.begin());
    Q_EMIT ended(info);
}

void ReplicaSet::tick(TimePoint now)
{
    std::vector<Replica*> replicas;
    for (const auto& replica : m_replicas)
        replicas.push_back(replica.get());
    for (Replica* replica : replicas) {
        replica->tick(now);
        if (replica->info().state == ReplicaState::CrashBackoff && replica->backOffUntil() <= now)
            replica->retryStart();
        if (replica->info().state == ReplicaState::Pending)
            advanceStart(*replica);
    }
    std::erase_if(m_history, [now](const domain::ReplicaInfo& info) { return info.endedAt && now - *info.endedAt > kHistory; });
}

} // namespace tintype::runtime
