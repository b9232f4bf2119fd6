// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/housekeeping.h"

#include "deploy/store/log_store.h"
#include "deploy/store/replica_history.h"
#include "deploy/store/request_store.h"
#include "deploy/store/stores.h"

#include <set>
#include <tuple>

namespace tintype::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kTrimInterval{30};
constexpr std::chrono::hours kCollectInterval{1};
constexpr std::chrono::hours kUnstoredOutputs{1};
constexpr int kBatch = 500;

bool isDue(TimePoint& last, TimePoint now, std::chrono::seconds interval)
{
    if (now - last < interval && now >= last)
        return false;
    last = now;
    return true;
}

/// @return whether there may be more
Result<bool> trimBatch(store::Database& database, const store::FileStore& files, const Retention& keep, TimePoint now)
{
    const TimePoint oldRecords = now - std::chrono::hours(24 * keep.recordDays);
    const TimePoint oldLogs = now - std::chrono::hours(24 * keep.logDays);
    bool isFull = false;
    const auto note = [&isFull](int count) { isFull = isFull || count >= kBatch; };
    TINTYPE_TRY(store::expireRecords(database, oldRecords, kBatch).map(note));
    TINTYPE_TRY(store::forgetOutputs(database, now - kUnstoredOutputs));
    TINTYPE_TRY(store::expirePhases(database, oldRecords, kBatch).map(note));
    TINTYPE_TRY(store::expireLogLines(database, oldLogs, kBatch).map(note));
    TINTYPE_TRY(store::trimRecords(database, keep.maxRecords, kBatch).map(note));
    TINTYPE_TRY(store::trimLogLines(database, keep.maxLogLines, kBatch).map(note));
    TINTYPE_TRY(files.expire(database, now, kBatch).map(note));
    TINTYPE_TRY(files.trim(database, keep.maxFileBytes, kBatch).map(note));
    return isFull;
}

/// Moves those aside first: a deploy that needs one meets all of it or nothing.
Result<int> removeFolders(const fs::path& models, const fs::path& temporaries, const std::set<std::string>& needed,
    std::chrono::seconds grace)
{
    const auto youngest = fs::file_time_type::clock::now() - grace;
    std::vector<fs::path> unneeded;
    std::error_code error;
    for (fs::directory_iterator entry(models, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        if (!needed.contains(entry->path().filename().string()) && entry->last_write_time(gone) <= youngest && !gone)
            unneeded.push_back(entry->path());
    }
    if (error)
        return fail(ErrorCode::Io, models.string() + ": " + error.message());
    int removed = 0;
    for (const fs::path& folder : unneeded) {
        const fs::path aside = temporaries / (folder.filename().string() + ".collected");
        fs::remove_all(aside, error);
        fs::rename(folder, aside, error);
        removed += error ? 0 : 1;
        fs::remove_all(aside, error);
    }
    return removed;
}

Result<std::set<std::string>> blobsNeeded(const store::Stores& stores)
{
    TINTYPE_TRY_ASSIGN(store::Database database, stores.openReader());
    TINTYPE_TRY_ASSIGN(const auto blobs, store::referencedBlobs(database));
    return std::set(blobs.begin(), blobs.end());
}

Result<Collected> collectUnneeded(const store::Stores& stores, std::chrono::seconds grace)
{
    TINTYPE_TRY_ASSIGN(store::Database database, stores.openReader());
    TINTYPE_TRY_ASSIGN(const auto revisions, store::allRevisions(database));
    std::set<std::string> folders;
    for (const store::StoredRevision& revision : revisions)
        folders.insert(store::folderNameOf(revision.files));
    Collected collected;
    TINTYPE_TRY_ASSIGN(
        collected.folders, removeFolders(stores.folder() / "models", stores.folder() / "tmp", folders, grace));
    TINTYPE_TRY_ASSIGN(const auto blobs, blobsNeeded(stores));
    TINTYPE_TRY_ASSIGN(collected.bytes, stores.blobs().collect(blobs, grace));
    return collected;
}

} // namespace

void Housekeeping::tick(TimePoint now)
{
    const bool hasMore = m_hasMore->exchange(false);
    if (isDue(m_lastTrim, now, kTrimInterval) || hasMore)
        trim(now);
    if (isDue(m_lastCollect, now, kCollectInterval))
        collect(std::chrono::hours(m_retention.unusedHours), [](const Result<Collected>&) {});
}

void Housekeeping::trim(TimePoint now)
{
    m_stores.refreshKeys(); // another program may have revoked one
    std::ignore = m_stores.calls().tidy(); // if it cannot be written now it is tried again
    m_stores.writer().write(
        [now, keep = m_retention, files = &m_stores.files(), hasMore = m_hasMore](store::Database& database) -> Result<> {
            TINTYPE_TRY_ASSIGN(const bool isFull, trimBatch(database, *files, keep, now));
            *hasMore = isFull;
            return {};
        });
}

void Housekeeping::collect(std::chrono::seconds grace, std::function<void(Result<Collected>)> done)
{
    m_background.runInOrder("collect", [this, grace] { return collectUnneeded(m_stores, grace); }, std::move(done));
}

void Housekeeping::totals(std::function<void(Result<store::BlobTotals>)> done)
{
    m_background.run(
        [this]() -> Result<store::BlobTotals> {
            TINTYPE_TRY_ASSIGN(const auto blobs, blobsNeeded(m_stores));
            return m_stores.blobs().totals(blobs);
        },
        std::move(done));
}

} // namespace tintype::runtime
