// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/repository_fetch.h"

#include "deploy/requirements/wanted_files.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace tintype::requirements {
namespace {

/// The hub is away, rather than of another opinion.
bool isAway(const Error& error)
{
    return error.code == ErrorCode::Unavailable || error.code == ErrorCode::QuotaExceeded;
}

} // namespace

RepositoryFetch::RepositoryFetch(
    const HubSettings& settings, QThreadPool& pool, HubModel model, const std::string& token, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
    , m_pool(pool)
    , m_model(std::move(model))
    , m_cache(settings.cacheFolder)
    , m_hub(settings, m_model.repository, token)
{
}

void RepositoryFetch::start()
{
    QMetaObject::invokeMethod(this, &RepositoryFetch::begin, Qt::QueuedConnection);
}

void RepositoryFetch::begin()
{
    if (const auto checked = checkRepository(m_model.repository, m_model.revision); !checked)
        return end(tl::unexpected(checked.error()));
    if (m_settings.offline || isCommit(m_model.revision)) {
        if (const auto folder = findLocally(m_settings, m_model))
            return end(*folder);
    }
    if (m_settings.offline) {
        return end(fail(ErrorCode::NotFound,
            fmt::format(
                "{} is not in the caches of this host, and HF_HUB_OFFLINE forbids to fetch it", m_model.name())));
    }
    if (auto listing
        = isCommit(m_model.revision) ? m_cache.listing(m_model.repository, m_model.revision) : std::nullopt)
        return useListing(*std::move(listing));
    auto* listing = new ListingFetch(m_hub, m_model.revision, this);
    connect(listing, &ListingFetch::finished, this, &RepositoryFetch::onListing);
    listing->start();
}

void RepositoryFetch::onListing(const Result<HubListing>& listing, const QByteArray& json)
{
    if (!listing) {
        const auto folder = isAway(listing.error()) ? findLocally(m_settings, m_model) : std::nullopt;
        return end(folder ? Result<std::string>(*folder) : tl::unexpected(listing.error()));
    }
    if (isCommit(m_model.revision) && listing->commit != m_model.revision)
        return end(fail(ErrorCode::Protocol, fmt::format("{}: the hub answers with another commit", m_model.name())));
    const std::string_view text(json.constData(), static_cast<std::size_t>(json.size()));
    const auto saved = m_cache.saveListing(m_model.repository, listing->commit, text);
    if (!saved)
        return end(tl::unexpected(saved.error()));
    useListing(*listing);
}

void RepositoryFetch::useListing(HubListing listing)
{
    m_listing = std::move(listing);
    if (const auto folder = findLocally(m_settings, {m_model.repository, m_listing.commit, m_model.variant}))
        return complete();
    const auto index = std::ranges::find(m_listing.files, kModelIndex, &HubFile::path);
    if (index == m_listing.files.end()) {
        return end(fail(ErrorCode::Unsupported,
            fmt::format("{}: has no {}; this is not a model in diffusers layout", m_model.name(), kModelIndex)));
    }
    fetch(*index, [this] {
        const auto text = m_cache.read(m_model.repository, m_listing.commit, std::string(kModelIndex));
        if (!text)
            return end(fail(ErrorCode::Io, fmt::format("{}: {} cannot be read", m_model.name(), kModelIndex)));
        chooseFiles(*text);
    });
}

void RepositoryFetch::chooseFiles(const std::string& modelIndex)
{
    const auto wanted = wantedFiles(m_listing.files, modelIndex, m_model.variant);
    if (!wanted)
        return end(fail(wanted.error().code, m_model.name() + ": " + wanted.error().message));
    std::vector<HubFile> missing;
    m_bytesReady = 0;
    for (const HubFile& file : *wanted) {
        m_bytesTotal += file.bytes;
        if (m_cache.holds(m_model.repository, m_listing.commit, file))
            m_bytesReady += file.bytes;
        else
            missing.push_back(file);
    }
    if (const auto space = checkSpace(missing); !space)
        return end(tl::unexpected(space.error()));
    m_waiting.assign(missing.begin(), missing.end());
    fetchNext();
}

Result<> RepositoryFetch::checkSpace(const std::vector<HubFile>& missing) const
{
    std::int64_t needed = 0;
    std::set<std::string> seen;
    for (const HubFile& file : missing) {
        if (!seen.insert(file.hash).second)
            continue;
        const auto blob = m_cache.blob(m_model.repository, file.hash);
        std::error_code error;
        const auto whole = std::filesystem::file_size(blob, error);
        const auto there = error ? std::filesystem::file_size(blob.string() + ".incomplete", error) : whole;
        needed += error ? file.bytes : std::max<std::int64_t>(0, file.bytes - static_cast<std::int64_t>(there));
    }
    const std::int64_t free = m_settings.freeBytes(m_settings.cacheFolder);
    if (free < 0 || needed <= free) // below zero: the system does not tell
        return {};
    return fail(ErrorCode::Io,
        fmt::format("{}: {} more bytes are needed in {}, and {} are free", m_model.name(), needed,
            m_settings.cacheFolder, free));
}

void RepositoryFetch::fetchNext()
{
    while (!m_waiting.empty() && m_running.size() < static_cast<std::size_t>(m_settings.parallelFiles)) {
        const HubFile file = std::move(m_waiting.front());
        m_waiting.pop_front();
        fetch(file, [this] { fetchNext(); });
    }
    if (m_waiting.empty() && m_running.empty())
        complete();
}

void RepositoryFetch::fetch(const HubFile& file, std::function<void()> then)
{
    const auto blob = m_cache.blob(m_model.repository, file.hash);
    auto* fetch = new FileFetch(m_hub, m_pool, {.commit = m_listing.commit, .file = file, .blob = blob}, this);
    connect(
        fetch, &FileFetch::finished, this, [this, fetch, then = std::move(then)](const std::optional<Error>& failure) {
            std::erase(m_running, fetch);
            fetch->deleteLater();
            if (failure)
                return end(tl::unexpected(*failure));
            m_bytesReady += fetch->file().bytes;
            const auto linked = m_cache.link(m_model.repository, m_listing.commit, fetch->file());
            if (!linked)
                return end(tl::unexpected(linked.error()));
            then();
        });
    m_running.push_back(fetch);
    fetch->start();
}

void RepositoryFetch::complete()
{
    const HubModel pinned{m_model.repository, m_listing.commit, m_model.variant};
    const auto folder = findLocally(m_settings, pinned);
    const auto known = m_cache.setCommitOf(m_model.repository, m_model.revision, m_listing.commit);
    if (!known)
        return end(tl::unexpected(known.error()));
    if (!folder)
        return end(fail(ErrorCode::Internal, m_model.name() + ": was fetched, yet is not complete"));
    end(*folder);
}

std::int64_t RepositoryFetch::bytesDone() const
{
    std::int64_t bytes = m_bytesReady;
    for (const FileFetch* file : m_running)
        bytes += file->bytesDone();
    return bytes;
}

void RepositoryFetch::end(const Result<std::string>& folder)
{
    for (FileFetch* file : std::exchange(m_running, {})) {
        file->disconnect(this);
        file->deleteLater();
    }
    m_waiting.clear();
    Q_EMIT finished(folder);
}

} // namespace tintype::requirements
