// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/run_session.h"

#include "deploy/control/hash_cache.h"
#include "ui/models/app_document.h"
#include "ui/models/format.h"

namespace tintype::ui {

RunSession::RunSession(QObject* parent)
    : QObject(parent)
{
}

RunSession::~RunSession()
{
    if (m_target && m_state >= State::Starting && m_state <= State::Running)
        m_target->control().endLease(m_app.toStdString()); // the host drops the app with its lease
}

void RunSession::start(const AppDocument& document, Target& target)
{
    if (isActive())
        return;
    m_guard = std::make_unique<QObject>();
    m_target = &target;
    m_app = document.name() + QStringLiteral("-run"); // so that the app of that name can be deployed meanwhile, and go on serving
    m_documentPath = document.path();
    m_error.reset();
    m_stages.clear();
    m_pusher = std::make_unique<control::Pusher>(target.control(), control::HashCache::defaultFile());
    connect(m_pusher.get(), &control::Pusher::progressed, m_guard.get(), [this](const control::PushProgress& p) { onPushProgress(p); });
    connect(&target, &Target::happened, m_guard.get(), [this](const control::Event& event) { onEvent(event); });
    connect(&target, &QObject::destroyed, m_guard.get(), [this] { fail({ErrorCode::Unavailable, "The host was removed.", {}}); });
    connect(&target.control(), &control::Control::leaseEnded, m_guard.get(), [this](const std::string& app, const Error& reason) {
        if (qs(app) == m_app)
            fail(reason);
    });
    setState(State::Preparing);

    control::PushOptions options;
    options.ephemeral = true;
    options.auth = domain::AuthMode::Public;
    m_pusher->prepare(m_documentPath.toStdString(), options).then(m_guard.get(), [this](const Result<control::Deployment>& prepared) {
        if (prepared)
            upload(*prepared);
        else
            fail(prepared.error());
    });
}

void RunSession::refuse(const AppDocument& document, const Error& error)
{
    if (isActive())
        return;
    m_app = document.name();
    m_documentPath = document.path();
    m_stages.clear();
    m_state = State::Stopped; // a second failure is told too
    fail(error);
}

void RunSession::upload(control::Deployment deployment)
{
    setState(State::Uploading);
    deployment.name = m_app.toStdString();
    m_pusher->push(deployment).then(m_guard.get(), [this](const Result<control::DeployReceipt>& receipt) {
        if (receipt)
            onDeployed(*receipt);
        else
            fail(receipt.error());
    });
}

void RunSession::onDeployed(const control::DeployReceipt& receipt)
{
    m_app = qs(receipt.app);
    setStage(tr("Wait for a machine"), 0, 0);
    setState(State::Starting);
    m_target->control().holdLease(receipt.app).then(m_guard.get(), [this](const Result<>& held) {
        if (!held)
            fail(held.error());
    });
    if (receipt.status == "deployed") { // a replica of the same revision is there already
        finishStages();
        setState(State::Running);
    }
}

void RunSession::stop()
{
    if (!isActive() || m_state == State::Stopping)
        return;
    const bool wasDeployed = m_state == State::Starting || m_state == State::Running;
    m_pusher->cancel();
    if (!wasDeployed || !m_target) {
        end(State::Stopped);
        return;
    }
    setState(State::Stopping);
    m_guard = std::make_unique<QObject>();
    m_target->control().endLease(m_app.toStdString());
    m_target->control().deleteApp(m_app.toStdString()).then(m_guard.get(), [this](const Result<>&) { end(State::Stopped); });
    connect(m_target, &QObject::destroyed, m_guard.get(), [this] { end(State::Stopped); });
}

void RunSession::onEvent(const control::Event& event)
{
    if (const auto* const replica = std::get_if<control::ReplicaChanged>(&event)) {
        if (qs(replica->replica.app) == m_app && m_state == State::Starting)
            onReplica(replica->replica);
        return;
    }
    const auto* const rollout = std::get_if<control::RolloutEnded>(&event);
    if (!rollout || qs(rollout->app) != m_app || m_state != State::Starting)
        return;
    if (rollout->error) {
        fail(*rollout->error);
        return;
    }
    finishStages();
    setState(State::Running);
}

void RunSession::onReplica(const domain::ReplicaInfo& replica)
{
    using domain::ReplicaState;
    if (replica.state == ReplicaState::Pending || replica.state == ReplicaState::CrashBackoff)
        setStage(replica.reason.empty() ? tr("Wait for a machine") : qs(replica.reason), 0, 0);
    else if (domain::isStarting(replica.state) && !replica.setup.stage.empty())
        setStage(qs(replica.setup.stage), replica.setup.bytesDone, replica.setup.bytesTotal);
}

void RunSession::onPushProgress(const control::PushProgress& progress)
{
    const bool isHash = progress.stage == control::PushProgress::Stage::Hashing;
    setStage(isHash ? tr("Hash files") : tr("Upload"), progress.bytesDone, progress.bytesTotal);
}

void RunSession::setStage(const QString& name, std::uint64_t done, std::uint64_t total)
{
    if (m_stages.empty() || m_stages.back().name != name) {
        if (!m_stages.empty())
            m_stages.back().isDone = true;
        m_stages.push_back({.name = name, .seconds = 0, .bytesDone = 0, .bytesTotal = 0, .isDone = false});
        m_stageClock.start();
    }
    RunStage& stage = m_stages.back();
    stage.seconds = static_cast<double>(m_stageClock.elapsed()) / 1000;
    stage.bytesDone = done;
    stage.bytesTotal = total;
    Q_EMIT stagesChanged();
}

void RunSession::finishStages()
{
    if (!m_stages.empty()) {
        m_stages.back().seconds = static_cast<double>(m_stageClock.elapsed()) / 1000;
        m_stages.back().isDone = true;
    }
    m_lastStages = m_stages;
    Q_EMIT stagesChanged();
}

void RunSession::fail(const Error& error)
{
    m_error = error;
    if (m_target && (m_state == State::Starting || m_state == State::Running))
        m_target->control().endLease(m_app.toStdString());
    end(State::Failed);
}

void RunSession::end(State state)
{
    if (auto guard = std::exchange(m_guard, nullptr))
        guard.release()->deleteLater(); // we may stand in one of its slots
    setState(state);
}

void RunSession::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

} // namespace tintype::ui
