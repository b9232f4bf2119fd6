// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_cache.h"

#include "deploy/requirements/blob_file.h"

#include <QSaveFile>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <utility>

namespace tintype::requirements {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxTextBytes = 16u << 20;

std::optional<std::string> textOf(const fs::path& path)
{
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || size > kMaxTextBytes || !fs::is_regular_file(path, error))
        return std::nullopt;
    std::ifstream stream(path, std::ios::binary);
    std::string text(size, '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        return std::nullopt;
    return text;
}

Result<> failure(const fs::path& path, const std::error_code& error)
{
    if (error == std::errc::no_space_on_device)
        return tl::unexpected(diskFull(path.parent_path().string(), 1));
    return fail(ErrorCode::Io, fmt::format("{}: cannot be written: {}", path.string(), error.message()));
}

Result<> write(const fs::path& path, std::string_view text)
{
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    QSaveFile file(QString::fromStdString(path.string()));
    const auto size = static_cast<qint64>(text.size());
    if (!error && file.open(QIODevice::WriteOnly) && file.write(text.data(), size) == size && file.commit())
        return {};
    return fail(
        ErrorCode::Io, fmt::format("{}: cannot be written: {}", path.string(), file.errorString().toStdString()));
}

std::vector<fs::path> entriesBelow(const fs::path& top)
{
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(top, error), end; !error && entry != end; entry.increment(error))
        entries.push_back(entry->path());
    return entries;
}

/// Names of the blobs that the files below a folder are links to.
std::set<std::string> blobsOf(const fs::path& folder)
{
    std::set<std::string> blobs;
    for (const fs::path& entry : entriesBelow(folder)) {
        std::error_code noLink;
        const fs::path target = fs::read_symlink(entry, noLink);
        if (!noLink && target.parent_path().filename() == "blobs")
            blobs.insert(target.filename().string());
    }
    return blobs;
}

} // namespace

fs::path HubCache::folder(const std::string& repository) const
{
    std::string name = "models--" + repository;
    name.replace(name.find('/'), 1, "--");
    return m_root / name;
}

fs::path HubCache::blob(const std::string& repository, const std::string& hash) const
{
    return folder(repository) / "blobs" / hash;
}

fs::path HubCache::snapshot(const std::string& repository, const std::string& commit) const
{
    return folder(repository) / "snapshots" / commit;
}

std::optional<std::string> HubCache::commitOf(const std::string& repository, const std::string& revision) const
{
    if (isCommit(revision))
        return revision;
    auto commit = textOf(folder(repository) / "refs" / revision);
    while (commit && commit->ends_with('\n'))
        commit->pop_back();
    return commit && isCommit(*commit) ? commit : std::nullopt;
}

Result<> HubCache::setCommitOf(
    const std::string& repository, const std::string& revision, const std::string& commit) const
{
    if (revision == commit || commitOf(repository, revision) == commit)
        return {};
    return write(folder(repository) / "refs" / revision, commit); // without a newline: huggingface_hub takes all of it
}

bool HubCache::holds(const std::string& repository, const std::string& commit, const HubFile& file) const
{
    const fs::path path = snapshot(repository, commit) / file.path;
    std::error_code error;
    return fs::is_regular_file(path, error) && fs::file_size(path, error) == static_cast<std::uintmax_t>(file.bytes)
        && !error;
}

Result<> HubCache::link(const std::string& repository, const std::string& commit, const HubFile& file) const
{
    const fs::path place = snapshot(repository, commit) / file.path;
    const fs::path target = blob(repository, file.hash).lexically_relative(place.parent_path());
    std::error_code error;
    if (fs::read_symlink(place, error) == target && !error)
        return {};
    error.clear();
    fs::create_directories(place.parent_path(), error);
    if (!error)
        fs::remove(place, error);
    if (!error)
        fs::create_symlink(target, place, error);
    return error ? failure(place, error) : Result<>();
}

std::optional<std::string> HubCache::read(
    const std::string& repository, const std::string& commit, const std::string& path) const
{
    return textOf(snapshot(repository, commit) / path);
}

std::vector<HubFile> HubCache::filesOf(const std::string& repository, const std::string& commit) const
{
    std::vector<HubFile> files;
    const fs::path top = snapshot(repository, commit);
    std::error_code error;
    for (fs::recursive_directory_iterator entry(top, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code dangling;
        const std::string path = entry->path().lexically_relative(top).generic_string();
        if (!entry->is_regular_file(dangling) || dangling || !isSafePath(path))
            continue;
        const auto bytes = static_cast<std::int64_t>(entry->file_size(dangling));
        files.push_back({.path = path, .bytes = bytes, .hashKind = HubFile::Hash::GitBlob, .hash = {}});
    }
    return files;
}

std::optional<HubListing> HubCache::listing(const std::string& repository, const std::string& commit) const
{
    const auto json = textOf(folder(repository) / "listings" / (commit + ".json"));
    const auto listing = json ? parseListing(*json, repository) : fail(ErrorCode::NotFound, "no listing");
    if (!listing || listing->commit != commit)
        return std::nullopt;
    return *listing;
}

Result<> HubCache::saveListing(const std::string& repository, const std::string& commit, std::string_view json) const
{
    return write(folder(repository) / "listings" / (commit + ".json"), json);
}

Result<std::uint64_t> HubCache::remove(const std::string& repository, const std::string& commit) const
{
    const fs::path place = snapshot(repository, commit);
    std::set<std::string> unshared = blobsOf(place);
    std::error_code error;
    for (const fs::path& reference : entriesBelow(folder(repository) / "refs")) {
        if (textOf(reference).value_or("").starts_with(commit))
            fs::remove(reference, error);
    }
    fs::remove(folder(repository) / "listings" / (commit + ".json"), error);
    fs::remove_all(place, error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be deleted: {}", repository, error.message()));
    for (const std::string& blob : blobsOf(place.parent_path())) // of the other snapshots
        unshared.erase(blob);
    std::uint64_t freed = 0;
    for (const std::string& hash : unshared) {
        const auto bytes = fs::file_size(blob(repository, hash), error);
        if (!error && fs::remove(blob(repository, hash), error))
            freed += bytes;
    }
    for (const char* part : {"snapshots", "blobs", "refs", "listings"}) // those that are empty now
        fs::remove(folder(repository) / part, error);
    fs::remove(folder(repository), error);
    return freed;
}

} // namespace tintype::requirements
