// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/deploy_session.h"

#include "ui/models/format.h"

#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kGraceMs = 3000;

/// Options of another deploy, files as they were hashed.
control::Deployment withOptions(control::Deployment deployment, const control::PushOptions& options)
{
    control::Deployment result = options;
    result.definition = std::move(deployment.definition);
    result.files = std::move(deployment.files);
    return result;
}

const domain::ReplicaInfo* newestOf(const Target& target, const control::DeployReceipt& receipt)
{
    const domain::ReplicaInfo* newest = nullptr;
    for (const domain::ReplicaInfo& replica : target.replicas()) {
        if (replica.app == receipt.app && replica.revision == receipt.revision)
            newest = &replica;
    }
    return newest;
}

} // namespace

DeploySession::DeploySession(std::string hashCacheFile, QObject* parent)
    : QObject(parent)
    , m_hashCacheFile(std::move(hashCacheFile))
{
    m_grace.setSingleShot(true);
    m_grace.setInterval(kGraceMs);
    connect(&m_grace, &QTimer::timeout, this, [this] {
        if (m_target && !m_target->isConnected())
            return;
        finish(Error{ErrorCode::Unavailable, tr("The host did not take the revision up, and did not say why.").toStdString(), {}});
    });
}

DeploySession::~DeploySession() = default;

void DeploySession::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged(state);
}

void DeploySession::fail(const Error& error)
{
    m_grace.stop();
    m_error = error;
    setState(State::Failed);
}

void DeploySession::check(const QString& file, Target& target, const control::PushOptions& options)
{
    if (isBusy())
        return;
    const bool isHashed = m_deployment && file == m_file && &target == m_target && m_state != State::Failed && m_state != State::Done;
    m_options = options;
    m_error.reset();
    m_ended.reset();
    m_plan = {};
    m_receipt = {};
    m_stages.clear();
    if (isHashed)
        return ask();
    m_file = file;
    m_target = &target;
    m_deployment.reset();
    m_guard = std::make_unique<QObject>();
    m_pusher = std::make_unique<control::Pusher>(target.control(), m_hashCacheFile);
    connect(m_pusher.get(), &control::Pusher::progressed, this, &DeploySession::onProgress);
    connect(&target, &QObject::destroyed, m_guard.get(), [this] {
        m_pusher.reset();
        m_deployment.reset();
        fail({ErrorCode::NotFound, tr("The host was removed.").toStdString(), {}});
    });
    m_progress = {};
    setState(State::Hashing);
    m_pusher->prepare(file.toStdString(), options).then(m_guard.get(), [this](const Result<control::Deployment>& prepared) {
        if (!prepared)
            return fail(prepared.error());
        m_deployment = *prepared;
        ask();
    });
}

void DeploySession::ask()
{
    m_deployment = withOptions(*std::move(m_deployment), m_options);
    setState(State::Checking);
    m_guard = std::make_unique<QObject>();
    m_pusher->check(*m_deployment).then(m_guard.get(), [this](const Result<control::DeployPlan>& plan) {
        if (!plan)
            return fail(plan.error());
        m_plan = *plan;
        setState(State::Ready);
    });
}

void DeploySession::deploy(const control::PushOptions& options)
{
    if (m_state != State::Ready || !m_deployment)
        return;
    if (!m_target)
        return fail({ErrorCode::NotFound, tr("The host was removed.").toStdString(), {}});
    m_deployment->message = options.message;
    m_deployment->strategy = options.strategy;
    m_guard = std::make_unique<QObject>();
    connect(m_target, &Target::happened, m_guard.get(), [this](const control::Event& event) { onEvent(event); });
    connect(m_target, &Target::appsChanged, m_guard.get(), [this] { lookAgain(); });
    connect(m_target, &Target::replicasChanged, m_guard.get(), [this] { followReplica(); });
    connect(m_target, &QObject::destroyed, m_guard.get(), [this] {
        m_pusher.reset();
        fail({ErrorCode::NotFound, tr("The host was removed.").toStdString(), {}});
    });
    m_progress = {.stage = control::PushProgress::Stage::Uploading, .bytesDone = 0, .bytesTotal = m_plan.bytesMissing};
    enterStage(tr("Upload"));
    setState(State::Uploading);
    m_pusher->push(*m_deployment).then(m_guard.get(), [this](const Result<control::DeployReceipt>& receipt) {
        if (receipt)
            onReceipt(*receipt);
        else
            fail(receipt.error());
    });
}

void DeploySession::cancel()
{
    if (m_pusher)
        m_pusher->cancel();
}

void DeploySession::onProgress(const control::PushProgress& progress)
{
    m_progress = progress;
    if (m_state == State::Uploading && !m_stages.empty()) {
        m_stages.back().bytesDone = progress.bytesDone;
        m_stages.back().bytesTotal = progress.bytesTotal;
        m_stages.back().seconds = progress.bytesPerSecond > 0 ? static_cast<double>(progress.bytesDone) / progress.bytesPerSecond : 0;
    }
    Q_EMIT progressChanged();
}

void DeploySession::onReceipt(const control::DeployReceipt& receipt)
{
    m_receipt = receipt;
    enterStage(tr("Wait for a machine"));
    setState(State::Starting);
    followReplica();
    if (m_ended && m_ended->revision == receipt.revision)
        return finish(m_ended->error);
    lookAgain();
}

void DeploySession::onEvent(const control::Event& event)
{
    const auto* const ended = std::get_if<control::RolloutEnded>(&event);
    if (!ended || ended->app != m_plan.app || (m_state != State::Uploading && m_state != State::Starting))
        return;
    m_ended = *ended;
    if (m_state == State::Starting && ended->revision == m_receipt.revision)
        finish(ended->error);
}

/// Events make it quick, the app itself makes it certain: the stream may have broken.
void DeploySession::lookAgain()
{
    if (m_state != State::Starting)
        return;
    const control::AppInfo* const app = m_target->findApp(m_receipt.app);
    if (app && app->rolling)
        m_grace.stop();
    else if (app && app->revision == m_receipt.revision)
        finish(std::nullopt);
    else if (m_target->isConnected() && !m_grace.isActive()) // away, the snapshot is old: it comes anew
        m_grace.start();
}

void DeploySession::finish(const std::optional<Error>& error)
{
    if (m_state != State::Starting)
        return;
    if (error)
        return fail(*error);
    m_grace.stop();
    for (RunStage& stage : m_stages)
        stage.isDone = true;
    Q_EMIT stagesChanged();
    setState(State::Done);
}

void DeploySession::enterStage(const QString& name)
{
    if (!m_stages.empty() && m_stages.back().name == name)
        return;
    if (!m_stages.empty())
        m_stages.back().isDone = true;
    m_stages.push_back({.name = name});
    Q_EMIT stagesChanged();
}

/// The replica that the rollout waits for, as its host tells it.
void DeploySession::followReplica()
{
    const domain::ReplicaInfo* const replica = m_state == State::Starting ? newestOf(*m_target, m_receipt) : nullptr;
    if (!replica || !domain::isStarting(replica->state))
        return;
    if (!replica->setup.stage.empty())
        enterStage(qs(replica->setup.stage));
    double before = 0; // seconds are told since the replica was asked for
    for (const RunStage& stage : m_stages)
        before += &stage == &m_stages.front() || &stage == &m_stages.back() ? 0 : stage.seconds;
    RunStage& now = m_stages.back();
    now.seconds = std::max(0.0, replica->setup.seconds - before);
    now.bytesDone = replica->setup.bytesDone;
    now.bytesTotal = replica->setup.bytesTotal;
    Q_EMIT stagesChanged();
}

} // namespace tintype::ui
