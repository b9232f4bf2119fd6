// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/job_queue.h"

#include "ui/models/call_output.h"
#include "ui/models/data_uri.h"
#include "ui/models/format.h"

#include <QFuture>
#include <QMimeData>
#include <QUuid>
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace tintype::ui {
namespace {

constexpr double kMilliseconds = 1000;
const QString kMimeType = QStringLiteral("application/x-tintype-job");

double secondsBetween(TimePoint from, TimePoint to)
{
    return static_cast<double>(toMilliseconds(to) - toMilliseconds(from)) / kMilliseconds;
}

/// "owner/app/path"
std::string endpointOf(const Target& target, const Generation& generation)
{
    const std::string owner = target.hostInfo() ? target.hostInfo()->owner : std::string();
    const std::string path = generation.endpoint == QLatin1String("/") ? std::string() : generation.endpoint.toStdString();
    return fmt::format("{}/{}{}", owner, generation.app.toStdString(), path);
}

Result<QByteArray> bytesOf(const Result<control::FetchedFile>& file)
{
    if (!file)
        return tl::unexpected(file.error());
    return QByteArray::fromStdString(file->bytes);
}

QFuture<Result<QByteArray>> fetchPicture(Target& target, const QString& url)
{
    if (url.startsWith(QLatin1String("data:")))
        return QtFuture::makeReadyFuture().then(QtFuture::Launch::Async, [url] { return decodeDataUri(url); }); // perhaps tens of megabytes
    return target.control().fetchFile(url.toStdString()).then(bytesOf);
}

} // namespace

double Job::stepsPerSecond() const
{
    if (!firstStepAt || !lastStepAt || progress.step <= firstStep)
        return 0;
    const double seconds = secondsBetween(*firstStepAt, *lastStepAt);
    return seconds > 0 ? (progress.step - firstStep) / seconds : 0;
}

JobQueue::JobQueue(QObject* parent)
    : QAbstractListModel(parent)
{
}

JobQueue::~JobQueue()
{
    for (const auto& job : m_jobs) {
        if (job->state != Job::State::Waiting && job->target)
            job->target->control().stopCall(job->generation.id.toStdString());
    }
}

QString JobQueue::add(Target& target, Generation generation)
{
    if (generation.id.isEmpty())
        generation.id = QUuid::createUuid().toString(QUuid::Id128);
    if (generation.createdAt == TimePoint())
        generation.createdAt = wallClockNow();
    generation.target = target.name();
    if (const control::AppInfo* app = target.findApp(generation.app.toStdString()); app && generation.revision.isEmpty())
        generation.revision = qs(app->revision);
    follow(target);
    const QString id = generation.id;
    const int row = static_cast<int>(m_jobs.size());
    beginInsertRows({}, row, row);
    auto job = std::make_unique<Job>();
    job->prompt = generation.prompt();
    job->generation = std::move(generation);
    job->target = &target;
    m_jobs.push_back(std::move(job));
    endInsertRows();
    QMetaObject::invokeMethod(this, [this, host = QPointer<Target>(&target)] { startNext(host); }, Qt::QueuedConnection);
    return id;
}

void JobQueue::cancel(const QString& id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    const std::unique_ptr<Job> job = take(row);
    if (job->state != Job::State::Waiting && job->target)
        job->target->control().stopCall(id.toStdString());
    Q_EMIT cancelled(id);
    startNext(job->target);
}

void JobQueue::cancelAll()
{
    QStringList ids;
    for (auto job = m_jobs.rbegin(); job != m_jobs.rend(); ++job) // those that wait first: none of them starts meanwhile
        ids += (*job)->generation.id;
    for (const QString& id : std::as_const(ids))
        cancel(id);
}

void JobQueue::move(const QString& id, int row)
{
    const int from = rowOf(id);
    if (from < 0 || m_jobs[static_cast<std::size_t>(from)]->state != Job::State::Waiting)
        return;
    const int to = std::clamp(row, firstWaitingRow(), rowCount() - 1);
    if (to == from)
        return;
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    const auto begin = m_jobs.begin();
    if (to > from)
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    else
        std::rotate(begin + to, begin + from, begin + from + 1);
    endMoveRows();
}

const Job* JobQueue::find(const QString& id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : m_jobs[static_cast<std::size_t>(row)].get();
}

int JobQueue::rowOf(const QString& id) const
{
    const auto found = std::ranges::find_if(m_jobs, [&](const auto& job) { return job->generation.id == id; });
    return found == m_jobs.end() ? -1 : static_cast<int>(found - m_jobs.begin());
}

int JobQueue::firstWaitingRow() const
{
    const auto found = std::ranges::find_if(m_jobs, [](const auto& job) { return job->state == Job::State::Waiting; });
    return static_cast<int>(found - m_jobs.begin());
}

std::unique_ptr<Job> JobQueue::take(int row)
{
    beginRemoveRows({}, row, row);
    std::unique_ptr<Job> job = std::move(m_jobs[static_cast<std::size_t>(row)]);
    m_jobs.erase(m_jobs.begin() + row);
    endRemoveRows();
    return job;
}

void JobQueue::changed(int row)
{
    Q_EMIT dataChanged(index(row), index(row));
}

/// Listens to a target, once.
void JobQueue::follow(Target& target)
{
    if (m_followed.contains(&target))
        return;
    m_followed += &target;
    connect(&target.control(), &control::Control::callProgressed, this,
        [this](const std::string& tag, const control::CallProgress& progress) { onProgress(qs(tag), progress); });
    connect(&target, &Target::happened, this, [this, host = &target](const control::Event& event) { onEvent(host, event); });
    connect(&target, &QObject::destroyed, this, [this, host = &target] {
        m_followed.removeOne(host);
        QStringList orphans;
        for (const auto& job : m_jobs) {
            if (!job->target)
                orphans += job->generation.id;
        }
        for (const QString& id : std::as_const(orphans))
            failJob(id, tr("The host was removed from the studio."));
    });
}

void JobQueue::startNext(Target* target)
{
    if (!target)
        return;
    const auto isOf = [target](const auto& job) { return job->target == target; };
    const auto first = std::ranges::find_if(m_jobs, isOf);
    if (first == m_jobs.end() || (*first)->state != Job::State::Waiting)
        return; // none, or one runs: running ones stand first
    const int from = static_cast<int>(first - m_jobs.begin());
    if (const int to = firstWaitingRow(); to != from) {
        beginMoveRows({}, from, from, {}, to);
        std::rotate(m_jobs.begin() + to, first, first + 1);
        endMoveRows();
        run(*m_jobs[static_cast<std::size_t>(to)]);
    } else {
        run(**first);
    }
}

void JobQueue::run(Job& job)
{
    const QString id = job.generation.id;
    job.state = Job::State::Running;
    job.startedAt = wallClockNow();
    changed(rowOf(id));
    const control::Call call{endpointOf(*job.target, job.generation), job.generation.input.toStdString(), id.toStdString()};
    job.target->control().streamCall(call).then(this, [this, id](const Result<control::CallResult>& result) { onResult(id, result); });
    Q_EMIT started(id);
}

void JobQueue::onProgress(const QString& id, const control::CallProgress& progress)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    Job& job = *m_jobs[static_cast<std::size_t>(row)];
    job.progress = progress;
    job.lastStepAt = wallClockNow();
    job.reason.clear();
    if (!job.firstStepAt) {
        job.firstStepAt = job.lastStepAt;
        job.firstStep = progress.step;
    }
    changed(row);
    Q_EMIT progressed(id, progress);
}

void JobQueue::onEvent(Target* target, const control::Event& event)
{
    const auto* const change = std::get_if<control::RequestChanged>(&event);
    if (!change || change->request.state == "done")
        return;
    const control::RequestInfo& request = change->request;
    for (int row = 0; row < rowCount(); ++row) {
        Job& job = *m_jobs[static_cast<std::size_t>(row)];
        if (job.target != target || job.state != Job::State::Running || job.progress.step > 0)
            continue;
        if (job.generation.app.toStdString() != request.app || job.generation.endpoint.toStdString() != request.endpoint)
            continue;
        if (job.generation.requestId.isEmpty())
            job.generation.requestId = qs(request.id); // which one it is for certain, its result tells
        if (job.generation.requestId != qs(request.id) || job.reason == qs(request.reason))
            continue;
        job.reason = qs(request.reason);
        changed(row);
        Q_EMIT reasonChanged(job.generation.id);
    }
}

void JobQueue::onResult(const QString& id, const Result<control::CallResult>& result)
{
    const int row = rowOf(id);
    if (row < 0)
        return; // cancelled
    if (!result)
        return failJob(id, qs(result.error().message));
    Job& job = *m_jobs[static_cast<std::size_t>(row)];
    job.state = Job::State::Fetching;
    job.generation.requestId = qs(result->requestId);
    changed(row);
    const QByteArray output = QByteArray::fromStdString(result->output);
    QtFuture::makeReadyFuture()
        .then(QtFuture::Launch::Async, [output] { return std::pair(QString::fromUtf8(output), readCallOutput(output)); })
        .then(this, [this, id](const std::pair<QString, CallOutput>& read) { onOutput(id, read.first, read.second); });
}

void JobQueue::onOutput(const QString& id, const QString& text, const CallOutput& output)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    Job& job = *m_jobs[static_cast<std::size_t>(row)];
    job.generation.output = text;
    job.generation.seed = output.seed;
    job.generation.totalSeconds = output.timings.total > 0 ? output.timings.total : secondsBetween(*job.startedAt, wallClockNow());
    job.missingPictures = static_cast<int>(output.pictureUrls.size());
    job.generation.pictures.resize(job.missingPictures);
    if (job.missingPictures == 0)
        return finish(id);
    Target& target = *job.target;
    for (int i = 0; i < output.pictureUrls.size(); ++i) // what is there already is told at once: from here on the job may be gone
        fetchPicture(target, output.pictureUrls[i]).then(this, [this, id, i](const Result<QByteArray>& bytes) {
            onFetched(id, i, bytes);
        });
}

void JobQueue::onFetched(const QString& id, int index, const Result<QByteArray>& bytes)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    if (!bytes)
        return failJob(id, tr("The picture is done, but it could not be fetched: %1").arg(qs(bytes.error().message)));
    Job& job = *m_jobs[static_cast<std::size_t>(row)];
    job.generation.pictures[index] = *bytes;
    if (--job.missingPictures == 0)
        finish(id);
}

void JobQueue::failJob(const QString& id, const QString& sentence)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    Job& job = *m_jobs[static_cast<std::size_t>(row)];
    job.generation.error = sentence;
    job.generation.pictures.clear();
    if (job.startedAt && job.generation.totalSeconds == 0)
        job.generation.totalSeconds = secondsBetween(*job.startedAt, wallClockNow());
    finish(id);
}

void JobQueue::finish(const QString& id)
{
    const std::unique_ptr<Job> job = take(rowOf(id));
    const QPointer<Target> target = job->target;
    Q_EMIT finished(job->generation);
    startNext(target);
}

int JobQueue::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

QVariant JobQueue::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Job& job = *m_jobs[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return job.prompt.isEmpty() ? job.generation.app + job.generation.endpoint : job.prompt;
    case Qt::ToolTipRole: return tr("%1 on %2").arg(job.generation.app, job.generation.target);
    case IdRole: return job.generation.id;
    case StateRole: return static_cast<int>(job.state);
    case StepRole: return job.progress.step;
    case StepsRole: return job.progress.steps;
    case ReasonRole: return job.reason;
    default: return {};
    }
}

Qt::ItemFlags JobQueue::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled; // between rows
    const bool isWaiting = m_jobs[static_cast<std::size_t>(index.row())]->state == Job::State::Waiting;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren | (isWaiting ? Qt::ItemIsDragEnabled : Qt::NoItemFlags);
}

QStringList JobQueue::mimeTypes() const
{
    return {kMimeType};
}

QMimeData* JobQueue::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto* const data = new QMimeData;
    data->setData(kMimeType, indexes.front().data(IdRole).toString().toUtf8());
    return data;
}

bool JobQueue::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int, const QModelIndex& parent)
{
    if (!data || action != Qt::MoveAction || !data->hasFormat(kMimeType))
        return false;
    const QString id = QString::fromUtf8(data->data(kMimeType));
    const int from = rowOf(id);
    if (from < 0)
        return false;
    int to = row >= 0 ? row : parent.isValid() ? parent.row() : rowCount();
    if (to > from)
        --to; // its own place closes
    move(id, to);
    return true;
}

} // namespace tintype::ui
