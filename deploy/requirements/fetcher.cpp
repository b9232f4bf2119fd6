// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/fetcher.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace tintype::requirements {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kProgressInterval{250};

/// A `file:` folder beside the definition.
Result<std::string> folderOf(const domain::Requirement& requirement, const std::string& definitionFolder)
{
    if (!isSafePath(requirement.name))
        return fail(
            ErrorCode::InvalidArgument, fmt::format("{}: must be a folder beside the definition", requirement.text));
    const fs::path folder = fs::path(definitionFolder) / requirement.name;
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return fail(
            ErrorCode::NotFound, fmt::format("{}: the folder {} is not there", requirement.text, folder.string()));
    return folder.string();
}

QFuture<Result<std::string>> readyFuture(const Result<std::string>& result)
{
    QPromise<Result<std::string>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

} // namespace

Fetcher::Fetcher(HubSettings settings, QObject* parent)
    : QObject(parent)
    , m_settings(std::move(settings))
{
    m_pool.setMaxThreadCount(std::max(2, m_settings.parallelFiles));
    m_progressTimer.setInterval(kProgressInterval);
    connect(&m_progressTimer, &QTimer::timeout, this, &Fetcher::tellProgress);
}

Fetcher::~Fetcher()
{
    qDeleteAll(
        findChildren<RepositoryFetch*>(Qt::FindDirectChildrenOnly)); // before the pool, which waits for their work
}

quint64 Fetcher::fetch(const FetchRequest& request)
{
    const quint64 number = ++m_lastTicket;
    Ticket& ticket = m_tickets[number];
    Result<> added;
    for (const domain::Requirement& requirement : request.requirements) {
        added = add(number, ticket, requirement, request);
        if (!added)
            break;
    }
    if (added && !ticket.pending.empty())
        return number;
    leave(number, std::exchange(ticket.pending, {}));
    const auto result = added ? Result<RequirementFolders>(ticket.folders) : tl::unexpected(added.error());
    QMetaObject::invokeMethod(
        this, [this, number, result] { end(number, result); }, Qt::QueuedConnection);
    return number;
}

Result<> Fetcher::add(
    quint64 number, Ticket& ticket, const domain::Requirement& requirement, const FetchRequest& request)
{
    switch (requirement.kind) {
    case domain::Requirement::Kind::File: {
        TINTYPE_TRY_ASSIGN(ticket.folders[requirement.text], folderOf(requirement, request.definitionFolder));
        return {};
    }
    case domain::Requirement::Kind::Pip:
        return fail(ErrorCode::Unsupported,
            fmt::format("{}: Python packages are not installed by this version", requirement.text));
    case domain::Requirement::Kind::Hub:
        break;
    }
    const std::string revision = requirement.revision.empty() ? "main" : requirement.revision;
    const Key key{{requirement.name, revision, request.variant}, request.token};
    ticket.pending.insert(key);
    wait(number, requirement.text, key);
    return {};
}

void Fetcher::wait(quint64 number, const std::string& what, const Key& key)
{
    Job& job = m_jobs[key];
    job.waiters[number].insert(what);
    if (job.fetch)
        return;
    job.fetch = new RepositoryFetch(m_settings, m_pool, key.first, key.second, this);
    connect(job.fetch, &RepositoryFetch::finished, this,
        [this, key](const Result<std::string>& folder) { onFetched(key, folder); });
    job.fetch->start();
    m_progressTimer.start();
}

void Fetcher::onFetched(const Key& key, const Result<std::string>& folder)
{
    tellProgress();
    Job job = std::move(m_jobs.extract(key).mapped());
    job.fetch->deleteLater();
    for (const auto& [number, names] : job.waiters) {
        const auto found = m_tickets.find(number);
        if (found == m_tickets.end())
            continue; // cancelled by who was told before
        Ticket& ticket = found->second;
        ticket.pending.erase(key);
        if (!folder) {
            end(number, tl::unexpected(folder.error()));
            continue;
        }
        for (const std::string& name : names)
            ticket.folders[name] = *folder;
        if (ticket.pending.empty())
            end(number, RequirementFolders(ticket.folders));
    }
}

void Fetcher::cancel(quint64 ticket)
{
    const auto node = m_tickets.extract(ticket);
    if (node)
        leave(ticket, node.mapped().pending);
}

/// Stops the fetches that nobody waits for after this.
void Fetcher::leave(quint64 number, const std::set<Key>& keys)
{
    for (const Key& key : keys) {
        const auto job = m_jobs.find(key);
        if (job == m_jobs.end())
            continue;
        job->second.waiters.erase(number);
        if (!job->second.waiters.empty())
            continue;
        job->second.fetch->disconnect(this);
        job->second.fetch->deleteLater();
        m_jobs.erase(job);
    }
}

void Fetcher::end(quint64 number, const Result<RequirementFolders>& folders)
{
    const auto node = m_tickets.extract(number);
    if (!node)
        return; // cancelled meanwhile
    leave(number, node.mapped().pending);
    Q_EMIT finished(number, folders);
}

void Fetcher::tellProgress()
{
    if (m_jobs.empty())
        m_progressTimer.stop();
    std::vector<std::pair<quint64, FetchProgress>> news; // who is told may cancel
    for (auto& [key, job] : m_jobs) {
        const std::int64_t done = job.fetch->bytesDone();
        const std::int64_t total = job.fetch->bytesTotal();
        if (total == 0)
            continue;
        job.rate.add(done, TransferRate::Clock::now());
        for (const auto& [number, names] : job.waiters) {
            for (const std::string& name : names) {
                news.emplace_back(number,
                    FetchProgress{name, done, total, job.rate.bytesPerSecond(), job.rate.secondsFor(total - done)});
            }
        }
    }
    for (const auto& [number, progress] : news) {
        if (m_tickets.contains(number))
            Q_EMIT progressed(number, progress);
    }
}

QFuture<Result<std::string>> Fetcher::resolveHubRevision(
    const std::string& repository, const std::string& revision, const std::string& token)
{
    if (const auto checked = checkRepository(repository, revision); !checked)
        return readyFuture(tl::unexpected(checked.error()));
    if (m_settings.offline) {
        const HubModel model{repository, revision, {}};
        if (auto commit = knownCommit(m_settings, model))
            return readyFuture(*commit);
        return readyFuture(fail(ErrorCode::NotFound,
            fmt::format(
                "{} is not in the caches of this host, and HF_HUB_OFFLINE forbids to ask the hub", model.name())));
    }
    const auto hub = std::make_shared<HubClient>(m_settings, repository, token);
    const auto promise = std::make_shared<QPromise<Result<std::string>>>();
    promise->start();
    auto* listing = new ListingFetch(*hub, revision, this);
    connect(listing, &ListingFetch::finished, this, [hub, promise, listing](const Result<HubListing>& answer) {
        listing->deleteLater();
        promise->addResult(answer.map([](const HubListing& found) { return found.commit; }));
        promise->finish();
    });
    listing->start();
    return promise->future();
}

} // namespace tintype::requirements
