// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/app_runtime.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace tintype::runtime {
namespace {

using domain::Failure;
using domain::FailureKind;
using domain::ReplicaState;
using domain::RequestState;
using domain::WaitingReason;

constexpr double kAverageWeight = 0.2;

double secondsBetween(TimePoint from, TimePoint to)
{
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

Failure cancelledBy(CancelCause cause)
{
    return {FailureKind::Cancelled, 499, cause == CancelCause::Asked ? "client_cancelled" : "client_disconnected", false};
}

/// Why a replica that is not ready yet is not.
WaitingReason reasonOf(const Replica& replica, const ReplicaSet& set)
{
    const domain::ReplicaInfo& info = replica.info();
    WaitingReason reason;
    if (info.state == ReplicaState::CrashBackoff) {
        reason.kind = WaitingReason::Kind::CrashLoop;
        reason.count = set.failuresInARow();
        reason.limit = domain::kCrashLimit;
        reason.subject = set.lastFailure();
        reason.seconds = secondsBetween(wallClockNow(), replica.backOffUntil());
    } else if (info.state == ReplicaState::Pending && replica.machineReason()) {
        reason = *replica.machineReason();
    } else {
        reason.kind = WaitingReason::Kind::ReplicaLoading;
        reason.stage = info.setup.stage.empty() ? "start" : info.setup.stage;
        reason.bytesDone = info.setup.bytesDone;
        reason.bytesTotal = info.setup.bytesTotal;
        reason.seconds = info.setup.seconds;
    }
    return reason;
}

} // namespace

AppRuntime::AppRuntime(std::string name, AppEnvironment& environment, QObject* parent)
    : QObject(parent)
    , m_name(std::move(name))
    , m_replicas(m_name, environment)
{
    connectReplicas();
}

void AppRuntime::connectReplicas()
{
    connect(&m_replicas, &ReplicaSet::changed, this, [this](const domain::ReplicaInfo& info) {
        Q_EMIT replicaChanged(info);
        if (info.state == ReplicaState::Idle || info.state == ReplicaState::Running)
            plan(wallClockNow());
        else if (info.state == ReplicaState::Pending)
            makeRoomForRollout();
    });
    connect(&m_replicas, &ReplicaSet::becameReady, this, &AppRuntime::onBecameReady);
    connect(&m_replicas, &ReplicaSet::startFailed, this, &AppRuntime::onStartFailed);
    connect(&m_replicas, &ReplicaSet::ended, this, [this](const domain::ReplicaInfo& info) {
        Q_EMIT replicaChanged(info);
        plan(wallClockNow());
    });
    connect(&m_replicas, &ReplicaSet::requestProgressed, this, [this](const std::string& id, const Progress& progress) {
        const auto found = m_requests.find(id);
        if (found == m_requests.end())
            return;
        found->second.progress = progress;
        found->second.progress->preview.reset();
        Q_EMIT requestProgressed(found->second, progress);
    });
    connect(&m_replicas, &ReplicaSet::requestFinished, this, &AppRuntime::onRequestFinished);
    connect(&m_replicas, &ReplicaSet::requestFailed, this, &AppRuntime::onRequestFailed);
    connect(&m_replicas, &ReplicaSet::wroteLine, this, &AppRuntime::wroteLine);
}

void AppRuntime::restore(RevisionPointer revision, const domain::Scaling& scaling, bool paused)
{
    m_revision = std::move(revision);
    m_scaling = scaling;
    m_paused = paused;
}

void AppRuntime::setScaling(const domain::Scaling& scaling)
{
    m_scaling = scaling;
    if (m_rollout)
        m_rollout->scaling = scaling;
    plan(wallClockNow());
}

void AppRuntime::setPaused(bool paused)
{
    m_paused = paused;
    plan(wallClockNow());
}

void AppRuntime::enqueue(LiveRequest live)
{
    const std::string id = live.request.id;
    live.state = RequestState::Queued;
    live.queuedAt = wallClockNow();
    m_queue.add(id, live.request.priority);
    m_requests.emplace(id, std::move(live));
    plan(wallClockNow());
}

bool AppRuntime::cancel(const std::string& id, CancelCause cause)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return false;
    found->second.cancelled = cause;
    if (found->second.state == RequestState::Queued)
        end(id, cancelledBy(cause), {ErrorCode::Cancelled, "the request was cancelled", {}});
    else if (Replica* replica = m_replicas.find(found->second.replica))
        replica->cancel(id);
    return true;
}

int AppRuntime::flush()
{
    std::vector<std::string> waiting;
    m_queue.forEach([&waiting](const std::string& id) { waiting.push_back(id); });
    for (const std::string& id : waiting)
        cancel(id);
    return static_cast<int>(waiting.size());
}

const LiveRequest* AppRuntime::request(const std::string& id) const
{
    const auto found = m_requests.find(id);
    return found == m_requests.end() ? nullptr : &found->second;
}

void AppRuntime::plan(TimePoint now)
{
    if (m_planning || m_shuttingDown)
        return; // what it does may lead back here
    m_planning = true;
    dispatch(now);
    scale(now);
    m_planning = false;
}

void AppRuntime::dispatch(TimePoint now)
{
    if (m_paused)
        return;
    while (const auto id = m_queue.next(now)) {
        LiveRequest& live = m_requests.at(*id);
        Replica* replica = pickReplica(live.request.hint);
        if (!replica)
            return;
        m_queue.remove(*id);
        handOver(live, *replica, now);
    }
}

Replica* AppRuntime::pickReplica(const std::string& hint) const
{
    Replica* best = nullptr;
    for (const auto& replica : m_replicas.alive()) {
        const domain::ReplicaInfo& info = replica->info();
        if (replica->generation() != m_generation || !domain::isReady(info.state) || info.inFlight >= m_scaling.maxMultiplexing)
            continue;
        if (!hint.empty() && replica->hasServedHint(hint))
            return replica.get();
        if (!best || info.inFlight < best->info().inFlight
            || (info.inFlight == best->info().inFlight && replica->lastActive() > best->lastActive()))
            best = replica.get(); // the one used last, so that the others reach their keep_alive
    }
    return best;
}

void AppRuntime::handOver(LiveRequest& live, Replica& replica, TimePoint now)
{
    live.state = RequestState::Running;
    live.startedAt = now;
    live.replica = replica.info().id;
    live.revision = replica.info().revision;
    ++live.attempts;
    const TimePoint ready = replica.info().readyAt.value_or(now);
    live.cold = ready >= live.queuedAt;
    live.setupSeconds = live.cold ? secondsBetween(std::max(live.queuedAt, replica.info().createdAt), ready) : 0;
    Q_EMIT requestStarted(live);
    replica.generate(live.request.id, live.call, live.request.hint);
}

void AppRuntime::scale(TimePoint now)
{
    if (!m_revision)
        return;
    const domain::AppSnapshot app = snapshot();
    if (app.replicas.empty() && app.queued == 0 && m_scaling.minConcurrency == 0 && m_scaling.concurrencyBuffer == 0)
        return;
    const domain::ScalingDecision decision = domain::autoscale(app, now);
    for (const auto& replica : m_replicas.alive()) {
        const auto expiry = decision.expiries.find(replica->info().id);
        replica->setExpiry(expiry == decision.expiries.end() ? std::nullopt : std::optional(expiry->second));
    }
    for (int count = 0; count < decision.start; ++count)
        m_replicas.add(m_revision, m_scaling, m_generation);
    for (const std::string& id : decision.drain) {
        if (Replica* replica = m_replicas.find(id))
            replica->drain(m_paused ? "the app is paused" : "not needed any more (keep_alive)");
    }
}

domain::AppSnapshot AppRuntime::snapshot() const
{
    domain::AppSnapshot app{.scaling = m_scaling, .paused = m_paused, .queued = m_queue.size(), .oldestQueued = {}, .replicas = {}};
    if (const auto first = m_queue.next(TimePoint::max()))
        app.oldestQueued = m_requests.at(*first).queuedAt;
    for (const auto& replica : m_replicas.alive())
        app.replicas.push_back({replica->info().id, replica->info().state, replica->info().inFlight,
            replica->generation() == m_generation, replica->hasServed(), replica->lastActive()});
    return app;
}

void AppRuntime::onRequestFinished(const std::string& id, const GenerateResult& result)
{
    auto node = m_requests.extract(id);
    if (node.empty())
        return;
    LiveRequest& live = node.mapped();
    const double run = secondsBetween(live.startedAt, wallClockNow());
    m_averageRun = m_averageRun == 0 ? run : std::lerp(m_averageRun, run, kAverageWeight);
    Q_EMIT requestSucceeded(live, result);
}

void AppRuntime::onRequestFailed(Replica& replica, const std::string& id, const Error& error)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    LiveRequest& live = found->second;
    const Failure failure = live.cancelled ? cancelledBy(*live.cancelled) : domain::classify(error);
    if (failure.replaceReplica)
        replica.drain("replaced: " + error.message);
    if (const auto delay = domain::retryDelay(live.request, failure, live.attempts); delay && !live.cancelled)
        requeue(live, wallClockNow() + *delay);
    else if (m_shuttingDown && live.request.via == domain::Via::Queue && !live.cancelled)
        requeue(live, wallClockNow()); // runs again when the host is back
    else
        end(id, failure, error);
}

void AppRuntime::requeue(LiveRequest& live, TimePoint notBefore)
{
    live.state = RequestState::Queued;
    live.progress.reset();
    live.replica.clear();
    m_queue.add(live.request.id, live.request.priority, notBefore);
    Q_EMIT requestRequeued(live);
}

void AppRuntime::end(const std::string& id, const Failure& failure, const Error& error)
{
    m_queue.remove(id);
    auto node = m_requests.extract(id);
    if (!node.empty())
        Q_EMIT requestFailed(node.mapped(), failure, error);
}

void AppRuntime::failWaiting(const Failure& failure, const Error& error)
{
    std::vector<std::string> waiting;
    m_queue.forEach([&waiting](const std::string& id) { waiting.push_back(id); });
    for (const std::string& id : waiting)
        end(id, failure, error);
}

void AppRuntime::expireDeadlines(TimePoint now)
{
    std::vector<std::string> late;
    m_queue.forEach([&](const std::string& id) {
        const auto& deadline = m_requests.at(id).request.startDeadline;
        if (deadline && *deadline <= now)
            late.push_back(id);
    });
    for (const std::string& id : late)
        end(id, {FailureKind::StartDeadline, 504, "request_timeout", false},
            {ErrorCode::Timeout, "no replica took the request before its start deadline (X-Fal-Request-Timeout)", {}});
}

std::optional<WaitingReason> AppRuntime::waitingReason(const std::string& id) const
{
    const LiveRequest* live = request(id);
    if (!live || live->state != RequestState::Queued)
        return std::nullopt;
    WaitingReason reason;
    reason.count = m_queue.position(id);
    if (m_paused) {
        reason.kind = WaitingReason::Kind::Paused;
        return reason;
    }
    const Replica* starting = nullptr;
    for (const auto& replica : m_replicas.alive()) {
        if (replica->generation() != m_generation)
            continue;
        if (domain::isReady(replica->info().state))
            return reason;
        if (domain::isStarting(replica->info().state))
            starting = replica.get();
    }
    if (starting)
        return reasonOf(*starting, m_replicas);
    if (const double left = static_cast<double>(m_scaling.scalingDelay.count()) - secondsBetween(live->queuedAt, wallClockNow());
        left > 0) {
        reason.kind = WaitingReason::Kind::ScalingDelay;
        reason.seconds = left;
    }
    return reason;
}

std::optional<double> AppRuntime::etaSeconds(const std::string& id) const
{
    const LiveRequest* live = request(id);
    if (!live || m_averageRun == 0)
        return std::nullopt;
    const TimePoint now = wallClockNow();
    if (live->state == RequestState::Running)
        return live->progress ? live->progress->etaSeconds
                              : std::max(0.0, m_averageRun - secondsBetween(live->startedAt, now));
    int ready = 0;
    for (const auto& replica : m_replicas.alive())
        ready += domain::isReady(replica->info().state) ? 1 : 0;
    const int slots = std::max(ready, 1) * m_scaling.maxMultiplexing;
    const double loading = ready > 0 ? 0 : m_replicas.averageSetupSeconds();
    return loading + m_averageRun * (1.0 + std::floor(m_queue.position(id) / static_cast<double>(slots)));
}

Result<> AppRuntime::stopReplica(const std::string& id, bool replace)
{
    Replica* replica = m_replicas.find(id);
    if (!replica)
        return tintype::fail(ErrorCode::NotFound, fmt::format("replica {}: not found or already gone", id));
    if (replace && m_revision && !m_paused)
        m_replicas.add(m_revision, m_scaling, m_generation);
    replica->drain("stopped by a user");
    return {};
}

Result<> AppRuntime::killReplica(const std::string& id)
{
    Replica* replica = m_replicas.find(id);
    if (!replica)
        return tintype::fail(ErrorCode::NotFound, fmt::format("replica {}: not found or already gone", id));
    replica->kill("by a user");
    return {};
}

void AppRuntime::shutDown()
{
    m_shuttingDown = true;
    std::vector<Replica*> replicas;
    for (const auto& replica : m_replicas.alive())
        replicas.push_back(replica.get());
    for (Replica* replica : replicas)
        replica->end("the host stops");
}

void AppRuntime::tick(TimePoint now)
{
    m_replicas.tick(now);
    expireDeadlines(now);
    plan(now);
}

} // namespace tintype::runtime
