// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/replica.h"

#include <QTimer>
#include <fmt/format.h>
#include <utility>

namespace tintype::runtime {
namespace {

using domain::ReplicaState;

constexpr std::chrono::seconds kPingInterval{2};
constexpr std::chrono::seconds kPongTimeout{20};
constexpr const char* kWarmup = "warm-up"; ///< the name of the warm-up call in frames
constexpr std::size_t kKeptHints = 32;

/// What a worker's end means to a request that it had: the connection to it broke, unless the end itself says more.
Error lostConnection(const std::optional<Error>& cause)
{
    if (!cause)
        return {ErrorCode::Unavailable, "the replica ended before the request did", {}};
    const bool saysMore = cause->code == ErrorCode::Timeout || cause->code == ErrorCode::OutOfMemory
        || cause->code == ErrorCode::DeviceLost;
    return {saysMore ? cause->code : ErrorCode::Unavailable, cause->message, cause->detail};
}

} // namespace

Replica::Replica(domain::ReplicaInfo info, int generation, QObject* parent)
    : QObject(parent)
    , m_info(std::move(info))
    , m_generation(generation)
    , m_lastActive(m_info.createdAt)
    , m_setupStart(m_info.createdAt)
{
}

Replica::~Replica()
{
    if (m_worker)
        m_worker->disconnect(this);
}

void Replica::setState(ReplicaState state, const std::string& reason)
{
    if (m_info.state == state || !domain::isLegalMove(m_info.state, state))
        return;
    m_info.state = state;
    m_info.reason = reason;
    Q_EMIT changed();
}

void Replica::waitForMachine(const domain::WaitingReason& reason)
{
    if (m_info.state == ReplicaState::Pending && m_machineReason == reason)
        return;
    m_machineReason = reason;
    if (m_info.state != ReplicaState::Pending)
        return setState(ReplicaState::Pending, domain::sentence(reason));
    m_info.reason = domain::sentence(reason);
    Q_EMIT changed();
}

void Replica::showFetching(const domain::SetupProgress& progress)
{
    setState(ReplicaState::Fetching, progress.stage);
    m_info.setup = progress;
    m_info.setup.seconds = std::chrono::duration<double>(wallClockNow() - m_info.createdAt).count();
    Q_EMIT changed();
}

void Replica::start(Launcher& launcher, const domain::Placement& placement, const ReplicaSetup& setup)
{
    m_placement = placement;
    m_machineReason.reset();
    m_setup = setup;
    m_info.machineType = placement.machineType;
    m_info.device = placement.devices.front();
    m_info.setup = {.stage = "start", .bytesDone = 0, .bytesTotal = 0, .seconds = 0};
    m_setupStart = m_lastPing = m_lastPong = wallClockNow();
    m_killReason.reset();
    m_killAt.reset();
    setState(ReplicaState::Setup, "setup() is running");
    m_worker = launcher.launch(setup.environment);
    connectWorker();
    m_worker->start();
    m_info.processId = m_worker->processId();
    if (const auto sent = m_worker->load(setup.load); !sent)
        giveUp(sent.error());
}

void Replica::connectWorker()
{
    Worker* worker = m_worker.get();
    connect(worker, &Worker::loadProgressed, this, [this](const LoadProgress& progress) {
        m_info.setup.stage = progress.stage;
        m_info.setup.bytesDone = progress.bytesDone;
        m_info.setup.bytesTotal = progress.bytesTotal;
        m_info.setup.seconds = std::chrono::duration<double>(wallClockNow() - m_setupStart).count();
        Q_EMIT changed();
    });
    connect(worker, &Worker::loaded, this, &Replica::onLoaded);
    connect(worker, &Worker::progressed, this, [this](const std::string& request, const Progress& progress) {
        if (request != kWarmup)
            Q_EMIT requestProgressed(request, progress);
    });
    connect(worker, &Worker::finished, this, [this](const std::string& request, const GenerateResult& result) {
        if (request == kWarmup)
            return becomeReady();
        Q_EMIT requestFinished(request, result);
        finishRequest(request, true);
    });
    connect(worker, &Worker::failed, this, &Replica::onRequestFailed);
    connect(worker, &Worker::ponged, this, [this] { m_lastPong = wallClockNow(); });
    connect(worker, &Worker::statsArrived, this, [this](const protocol::Stats& stats) {
        m_info.memoryUsed = stats.memory.used;
        m_info.memoryPeak = stats.memory.peak;
    });
    connect(worker, &Worker::wroteLine, this, [this](const std::string& line) {
        Q_EMIT wroteLine(parseWorkerLogLine(line), m_requests.size() == 1 ? *m_requests.begin() : std::string());
    });
    connect(worker, &Worker::stopped, this, &Replica::onStopped);
}

void Replica::onLoaded()
{
    if (!m_setup.warmup)
        return becomeReady();
    m_info.setup = {.stage = kWarmup, .bytesDone = 0, .bytesTotal = 0, .seconds = m_info.setup.seconds};
    Q_EMIT changed();
    if (const auto sent = m_worker->generate(kWarmup, *m_setup.warmup); !sent)
        giveUp(sent.error());
}

void Replica::becomeReady()
{
    m_lastActive = wallClockNow();
    m_info.readyAt = m_lastActive;
    m_info.setup.stage.clear();
    m_info.setup.seconds = std::chrono::duration<double>(m_lastActive - m_setupStart).count();
    m_worker->requestStats();
    setState(ReplicaState::Idle, "ready");
    Q_EMIT becameReady();
}

void Replica::generate(const std::string& request, const GenerateRequest& call, const std::string& hint)
{
    m_requests.insert(request);
    m_requestStarts[request] = wallClockNow();
    m_info.inFlight = static_cast<int>(m_requests.size());
    if (!hint.empty() && m_hints.size() < kKeptHints)
        m_hints.insert(hint);
    setState(ReplicaState::Running, {});
    if (const auto sent = m_worker->generate(request, call); !sent)
        onRequestFailed(request, sent.error());
}

void Replica::cancel(const std::string& request)
{
    if (m_worker && m_requests.contains(request))
        m_worker->cancel(request);
}

void Replica::onRequestFailed(const std::string& request, const Error& error)
{
    if (request.empty() || request == kWarmup)
        return giveUp(error);
    Q_EMIT requestFailed(request, error);
    finishRequest(request, false);
}

void Replica::finishRequest(const std::string& request, bool succeeded)
{
    if (m_requests.erase(request) == 0)
        return;
    m_requestStarts.erase(request);
    m_info.inFlight = static_cast<int>(m_requests.size());
    (succeeded ? m_info.requestsDone : m_info.requestsFailed) += 1;
    m_lastActive = wallClockNow();
    if (m_requests.empty() && m_info.state == ReplicaState::Running)
        setState(ReplicaState::Idle, "ready");
    else
        Q_EMIT changed();
    endIfDrained();
}

void Replica::drain(const std::string& reason)
{
    if (domain::isStarting(m_info.state))
        return end(reason);
    setState(ReplicaState::Draining, reason);
    endIfDrained();
}

void Replica::endIfDrained()
{
    if (m_info.state == ReplicaState::Draining && m_requests.empty())
        end(m_info.reason);
}

void Replica::end(const std::string& reason)
{
    if (!m_worker) { // nothing runs yet
        setState(ReplicaState::Terminated, reason);
        m_info.endedAt = wallClockNow();
        Q_EMIT ended({});
        return;
    }
    if (m_info.state == ReplicaState::Terminating)
        return;
    setState(ReplicaState::Terminating, reason);
    m_killAt = wallClockNow() + m_setup.scaling.terminationGrace;
    m_worker->drain();
    m_worker->terminate();
}

void Replica::kill(const std::string& reason)
{
    if (!m_worker)
        return end(reason);
    setState(ReplicaState::Terminating, reason);
    m_killReason = Error{ErrorCode::Unavailable, "the replica was killed: " + reason, {}};
    m_worker->kill();
}

void Replica::giveUp(Error reason)
{
    if (m_killReason)
        return;
    m_killReason = std::move(reason);
    m_worker->kill();
}

void Replica::onStopped(const std::optional<Error>& reason)
{
    const auto cause = m_killReason ? m_killReason : reason;
    const bool wasStarting = m_info.state == ReplicaState::Setup;
    m_worker->disconnect(this);
    m_worker.release()->deleteLater(); // it is the sender
    m_info.processId = 0;
    m_info.memoryUsed = 0;
    for (const std::string& request : std::exchange(m_requests, {}))
        Q_EMIT requestFailed(request, lostConnection(cause));
    m_requestStarts.clear();
    m_info.inFlight = 0;
    if (wasStarting) {
        Q_EMIT startFailed(cause.value_or(Error{ErrorCode::Unavailable, "the worker ended during setup", {}}));
        return;
    }
    setState(ReplicaState::Terminated, cause ? cause->message : m_info.reason);
    m_info.endedAt = wallClockNow();
    Q_EMIT ended(cause);
}

void Replica::backOff(const std::string& reason, TimePoint until)
{
    m_placement.reset();
    m_backOffUntil = until;
    setState(ReplicaState::CrashBackoff, reason);
}

void Replica::retryStart()
{
    setState(ReplicaState::Pending, "starts again");
}

void Replica::tick(TimePoint now)
{
    if (!m_worker)
        return;
    if (m_killAt && now >= *m_killAt) {
        m_killAt.reset();
        m_worker->kill();
        return;
    }
    if (m_info.state == ReplicaState::Setup && now - m_setupStart > m_setup.scaling.startupTimeout)
        return giveUp({ErrorCode::Timeout,
            fmt::format("setup took longer than startup_timeout ({} s)", m_setup.scaling.startupTimeout.count()), {}});
    for (const auto& [request, start] : m_requestStarts) {
        if (now - start > m_setup.scaling.requestTimeout)
            return giveUp({ErrorCode::Timeout,
                fmt::format("the request took longer than request_timeout ({} s)", m_setup.scaling.requestTimeout.count()), {}});
    }
    if (now - m_lastPing < kPingInterval)
        return;
    if (m_lastPing - m_lastPong > kPongTimeout)
        return giveUp({ErrorCode::Unavailable,
            fmt::format("the worker has not answered for {} s", kPongTimeout.count()), {}});
    m_lastPing = now;
    m_worker->ping(++m_pings);
    m_worker->requestStats();
}

} // namespace tintype::runtime
