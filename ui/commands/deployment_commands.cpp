// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/deployment_commands.h"

#include "ui/commands/commands.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace tintype::ui {

using domain::ReplicaState;

namespace {

QString requests(int count)
{
    return count == 1 ? DeploymentCommands::tr("1 request") : DeploymentCommands::tr("%1 requests").arg(count);
}

} // namespace

DeploymentCommands::DeploymentCommands(Studio& studio, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
    , m_pause(add("pause", tr("Pause"), "media-playback-pause", tr("No new replica starts; requests wait until it is resumed"),
          &DeploymentCommands::runPause))
    , m_restart(add("restart", tr("Restart"), "view-refresh", tr("New replicas of the same revision take over one by one"),
          &DeploymentCommands::runRestart))
    , m_stop(add("stop", tr("Stop replicas"), "media-playback-stop",
          tr("Replicas finish what they do and go; the next request starts one again"), &DeploymentCommands::runStop))
    , m_flush(add("flush", tr("Clear queue"), "edit-clear", tr("Cancels the requests that wait"), &DeploymentCommands::runFlush))
    , m_remove(add("delete", tr("Delete app…"), "edit-delete", tr("Takes the app and its revisions from the host"),
          &DeploymentCommands::runRemove))
    , m_drain(add("drain", tr("Drain"), "go-down", tr("The replica finishes what it does and goes"), &DeploymentCommands::runDrain))
    , m_replace(add("replace", tr("Drain and replace"), "media-playlist-shuffle",
          tr("Another replica starts; this one finishes what it does and goes"), &DeploymentCommands::runReplace))
    , m_kill(add("kill", tr("Kill…"), "process-stop", tr("Ends the replica's process at once"), &DeploymentCommands::runKill))
{
    update();
}

QAction* DeploymentCommands::add(const char* id, const QString& text, const char* icon, const QString& tip, Run run)
{
    return m_studio.commands.add({.id = QLatin1String("deployments.") + QLatin1String(id), .group = tr("Deployments"), .text = text,
                                     .icon = QLatin1String(icon), .shortcut = {}, .tip = tip},
        [this, run] { (this->*run)(); });
}

void DeploymentCommands::setSubject(Target* target, const std::string& app, const std::string& replica)
{
    if (m_target != target) {
        if (m_target)
            m_target->disconnect(this);
        if (target) {
            connect(target, &Target::appsChanged, this, &DeploymentCommands::update);
            connect(target, &Target::replicasChanged, this, &DeploymentCommands::update);
            connect(target, &Target::connectionChanged, this, &DeploymentCommands::update);
            connect(target, &QObject::destroyed, this, &DeploymentCommands::update);
        }
    }
    m_target = target;
    m_app = app;
    m_replica = replica;
    update();
}

const control::AppInfo* DeploymentCommands::appInfo() const
{
    return m_target ? m_target->findApp(m_app) : nullptr;
}

const domain::ReplicaInfo* DeploymentCommands::replicaInfo() const
{
    if (!m_target || m_replica.empty())
        return nullptr;
    const auto& replicas = m_target->replicas();
    const auto found = std::ranges::find(replicas, m_replica, &domain::ReplicaInfo::id);
    return found == replicas.end() ? nullptr : &*found;
}

void DeploymentCommands::update()
{
    const control::AppInfo* const app = m_target && m_target->isConnected() ? appInfo() : nullptr;
    const domain::ReplicaInfo* const replica = app ? replicaInfo() : nullptr;
    const bool goesOn = replica && replica->state != ReplicaState::Terminated && replica->state != ReplicaState::Terminating;
    const bool hasReplicas = app && app->replicaCount() > 0;
    m_pause->setText(app && app->paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(m_studio.theme.icon(app && app->paused ? QStringLiteral("media-playback-start") : QStringLiteral("media-playback-pause")));
    m_pause->setEnabled(app);
    m_restart->setEnabled(app && !app->revision.empty() && !app->rolling);
    m_stop->setEnabled(hasReplicas);
    m_flush->setEnabled(app && app->queued > 0);
    m_remove->setEnabled(app);
    m_drain->setEnabled(goesOn && replica->state != ReplicaState::Draining);
    m_replace->setEnabled(goesOn && replica->state != ReplicaState::Draining && !app->paused);
    m_kill->setEnabled(goesOn);
}

template <class T>
void DeploymentCommands::tell(const control::Future<T>& future)
{
    QFuture<Result<T>>(future).then(this, [this](const Result<T>& result) {
        if (result)
            Q_EMIT succeeded();
        else
            Q_EMIT failed(result.error());
    });
}

void DeploymentCommands::runPause()
{
    if (const control::AppInfo* const app = appInfo())
        change({.auth = {}, .paused = !app->paused, .scaling = {}});
}

void DeploymentCommands::change(const control::AppChange& change)
{
    if (m_target)
        tell(m_target->control().changeApp(m_app, change));
}

void DeploymentCommands::rollBack(const control::RevisionInfo& revision, control::Strategy strategy)
{
    if (m_target)
        tell(m_target->control().setRevision(m_app, {.revision = revision.id, .auth = {}, .strategy = strategy}));
}

void DeploymentCommands::runRestart()
{
    if (m_target)
        tell(m_target->control().rollOut(m_app, control::Strategy::Rolling, false));
}

void DeploymentCommands::runStop()
{
    if (!m_target)
        return;
    for (const domain::ReplicaInfo& replica : m_target->replicas()) {
        if (replica.app == m_app && (domain::isReady(replica.state) || domain::isStarting(replica.state)))
            tell(m_target->control().stopReplica(replica.id, /*replace=*/false));
    }
}

void DeploymentCommands::runFlush()
{
    const control::AppInfo* const app = appInfo();
    if (!app)
        return;
    Q_EMIT confirmationWanted(tr("Cancel %1 that wait for %2 on %3?").arg(requests(app->queued), qs(m_app), m_target->name()),
        tr("Clear queue"), [this, target = m_target, name = m_app] {
            if (target)
                tell(target->control().flushQueue(name));
        });
}

void DeploymentCommands::runRemove()
{
    if (!appInfo())
        return;
    Q_EMIT confirmationWanted(tr("Delete %1 from %2? Its requests are cancelled, and its revisions are gone.").arg(qs(m_app), m_target->name()),
        tr("Delete"), [this, target = m_target, name = m_app] {
            if (target)
                tell(target->control().deleteApp(name));
        });
}

void DeploymentCommands::runDrain()
{
    if (m_target)
        tell(m_target->control().stopReplica(m_replica, /*replace=*/false));
}

void DeploymentCommands::runReplace()
{
    if (m_target)
        tell(m_target->control().stopReplica(m_replica, /*replace=*/true));
}

void DeploymentCommands::runKill()
{
    const domain::ReplicaInfo* const replica = replicaInfo();
    if (!replica)
        return;
    const auto run = [this, target = m_target, id = m_replica] {
        if (target)
            tell(target->control().killReplica(id));
    };
    if (replica->inFlight == 0)
        return run();
    Q_EMIT confirmationWanted(tr("Kill this replica? It computes %1, which fail or start again elsewhere.").arg(requests(replica->inFlight)),
        tr("Kill"), run);
}

} // namespace tintype::ui
