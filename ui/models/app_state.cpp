// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/app_state.h"

#include "ui/models/format.h"
#include "ui/models/target.h"

#include <QCoreApplication>
#include <algorithm>

namespace tintype::ui {
namespace {

using domain::ReplicaState;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(AppState)
};

Mark markOf(ReplicaState state)
{
    switch (state) {
    case ReplicaState::Pending:
    case ReplicaState::Fetching:
    case ReplicaState::Setup: return Mark::Waiting;
    case ReplicaState::CrashBackoff: return Mark::Bad;
    case ReplicaState::Idle: return Mark::Good;
    case ReplicaState::Running: return Mark::Busy;
    case ReplicaState::Draining:
    case ReplicaState::Terminating: return Mark::Warning;
    case ReplicaState::Terminated: return Mark::Off;
    }
    return Mark::None;
}

QString stageText(const domain::ReplicaInfo& replica)
{
    const domain::SetupProgress& setup = replica.setup;
    if (!domain::isStarting(replica.state) || setup.stage.empty())
        return {};
    if (setup.bytesTotal == 0)
        return qs(setup.stage);
    return Words::tr("%1, %2 of %3").arg(qs(setup.stage), formatBytes(setup.bytesDone), formatBytes(setup.bytesTotal));
}

template <class Predicate>
const domain::ReplicaInfo* findReplica(const std::vector<domain::ReplicaInfo>& replicas, Predicate is)
{
    const auto found = std::ranges::find_if(replicas, [&](const domain::ReplicaInfo& replica) { return is(replica.state); });
    return found == replicas.end() ? nullptr : &*found;
}

} // namespace

ShownState stateOf(const domain::ReplicaInfo& replica)
{
    const QString stage = stageText(replica);
    return {markOf(replica.state), replicaStateText(QString::fromUtf8(domain::replicaStateName(replica.state).data())),
        stage.isEmpty() ? qs(replica.reason) : stage};
}

ShownState stateOf(const control::AppInfo& app, const std::vector<domain::ReplicaInfo>& replicas)
{
    const auto* const failing = findReplica(replicas, [](ReplicaState state) { return state == ReplicaState::CrashBackoff; });
    const auto* const starting = findReplica(replicas, domain::isStarting);
    if (app.paused)
        return {Mark::Off, Words::tr("Paused"), app.queued > 0 ? Words::tr("Requests wait until it is resumed") : QString()};
    if (app.rolling)
        return {Mark::Waiting, Words::tr("Rolling out"), starting ? stateOf(*starting).reason : QString()};
    if (findReplica(replicas, [](ReplicaState state) { return state == ReplicaState::Running; }))
        return {Mark::Busy, Words::tr("Serving"), {}};
    if (findReplica(replicas, domain::isReady))
        return {Mark::Good, Words::tr("Ready"), {}};
    if (failing)
        return {Mark::Bad, Words::tr("Failing"), qs(failing->reason)};
    if (starting)
        return {Mark::Waiting, Words::tr("Starting"), stateOf(*starting).reason};
    return {Mark::Off, Words::tr("At rest"), Words::tr("A replica starts with the next request")};
}

ShownState stateOf(const Target& target)
{
    using Kind = control::ConnectionState::Kind;
    if (target.trouble())
        return {Mark::Bad, Words::tr("Trouble"), qs(target.trouble()->message)};
    switch (target.connection().kind) {
    case Kind::Connected: return {Mark::Good, Words::tr("Connected"), {}};
    case Kind::Connecting: return {Mark::Waiting, Words::tr("Connecting"), {}};
    case Kind::Retrying: return {Mark::Warning, Words::tr("Retrying"), qs(target.connection().reason)};
    case Kind::Off: break;
    }
    return {Mark::Off, Words::tr("Off"), {}};
}

QString stageText(const QString& stage)
{
    if (stage == QLatin1String("start"))
        return Words::tr("Start the worker");
    if (stage == QLatin1String("requirements"))
        return Words::tr("Requirements");
    if (stage == QLatin1String("warm-up"))
        return Words::tr("Warm-up");
    const bool isComponent = !stage.isEmpty() && stage[0].isLower() && !stage.contains(QLatin1Char(' '));
    return isComponent ? Words::tr("Load %1").arg(stage) : QString(stage.left(1).toUpper() + stage.mid(1));
}

} // namespace tintype::ui
