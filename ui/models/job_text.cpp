// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/job_text.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr double kMilliseconds = 1000;

QString tr(const char* text)
{
    return QCoreApplication::translate("JobStatus", text);
}

/// The replica of the app that is nearest to being ready; null if one is, or there is none.
const domain::ReplicaInfo* startingReplica(const Job& job, const std::vector<domain::ReplicaInfo>& replicas)
{
    const domain::ReplicaInfo* starting = nullptr;
    for (const domain::ReplicaInfo& replica : replicas) {
        if (replica.app != job.generation.app.toStdString())
            continue;
        if (domain::isReady(replica.state))
            return nullptr;
        if (domain::isStarting(replica.state))
            starting = &replica;
    }
    return starting;
}

JobStatus startingStatus(const Job& job, const domain::ReplicaInfo& replica)
{
    JobStatus status;
    const domain::SetupProgress& setup = replica.setup;
    const QString what = setup.stage.empty() ? replicaStateText(qs(std::string(domain::replicaStateName(replica.state)))) : qs(setup.stage);
    status.text = tr("Starting %1: %2").arg(job.generation.app, what);
    if (setup.bytesTotal > 0) {
        status.detail = tr("%1 of %2").arg(formatBytes(setup.bytesDone), formatBytes(setup.bytesTotal));
        status.share = std::min(1.0, static_cast<double>(setup.bytesDone) / static_cast<double>(setup.bytesTotal));
    } else if (setup.seconds > 0) {
        status.detail = formatDuration(setup.seconds);
    }
    if (!replica.reason.empty())
        status.detail += (status.detail.isEmpty() ? QString() : QStringLiteral(" · ")) + qs(replica.reason);
    return status;
}

JobStatus steppingStatus(const Job& job)
{
    const control::CallProgress& progress = job.progress;
    JobStatus status;
    if (progress.steps > 0 && progress.step >= progress.steps) {
        status.text = tr("Decoding the picture");
        status.share = 1;
        return status;
    }
    status.text = tr("Step %1 of %2").arg(progress.step).arg(progress.steps);
    status.share = progress.steps > 0 ? static_cast<double>(progress.step) / progress.steps : -1;
    QStringList parts;
    if (const double rate = job.stepsPerSecond(); rate > 0)
        parts += rate >= 1 ? tr("%1 steps/s").arg(rate, 0, 'f', rate >= 10 ? 0 : 1) : tr("%1 s/step").arg(1 / rate, 0, 'f', 1);
    if (progress.etaSeconds > 0)
        parts += tr("%1 left").arg(formatDuration(progress.etaSeconds));
    status.detail = parts.join(QStringLiteral(" · "));
    return status;
}

} // namespace

JobStatus jobStatus(const Job& job, const std::vector<domain::ReplicaInfo>& replicas, TimePoint now)
{
    if (job.state == Job::State::Waiting)
        return {tr("Waiting for its turn"), {}, -1};
    if (job.state == Job::State::Fetching)
        return {tr("Fetching the picture"), {}, 1};
    if (job.progress.step > 0)
        return steppingStatus(job);
    if (const domain::ReplicaInfo* starting = startingReplica(job, replicas))
        return startingStatus(job, *starting);
    const double seconds = job.startedAt ? static_cast<double>(toMilliseconds(now) - toMilliseconds(*job.startedAt)) / kMilliseconds : 0;
    JobStatus status{job.reason.isEmpty() ? tr("Waiting for the first step") : job.reason, {}, -1};
    if (seconds >= 1)
        status.detail = formatDuration(std::floor(seconds));
    return status;
}

QString readiness(const control::AppInfo& app, const std::vector<domain::ReplicaInfo>& replicas)
{
    const QString name = qs(app.name);
    if (app.paused)
        return tr("%1 is paused: calls wait until it is resumed on the Deployments page.").arg(name);
    const domain::ReplicaInfo* starting = nullptr;
    for (const domain::ReplicaInfo& replica : replicas) {
        if (replica.app != app.name)
            continue;
        if (domain::isReady(replica.state))
            return tr("%1 is ready on %2").arg(name, replica.device.empty() ? qs(replica.machineType) : qs(replica.device));
        if (domain::isStarting(replica.state))
            starting = &replica;
    }
    if (!starting)
        return tr("%1 is not loaded: the next call loads it first.").arg(name);
    if (starting->state == domain::ReplicaState::CrashBackoff)
        return tr("%1 does not start: %2").arg(name, qs(starting->reason));
    return tr("%1 is starting: %2").arg(name, starting->setup.stage.empty() ? tr("waiting for a machine") : qs(starting->setup.stage));
}

} // namespace tintype::ui
