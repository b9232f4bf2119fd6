// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/blob_store.h"

#include "deploy/store/digest.h"
#include "deploy/store/names.h"

#include <fmt/format.h>
#include <fstream>

namespace tintype::store {

namespace fs = std::filesystem;

namespace {

/// A copy that was interrupted never stands under its name.
std::error_code copyWhole(const fs::path& from, const fs::path& to)
{
    std::error_code error;
    const fs::path temporary = to.string() + ".copy";
    fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, error);
    if (!error)
        fs::rename(temporary, to, error);
    return error;
}

} // namespace

std::string folderNameOf(const std::vector<StoredFile>& files)
{
    Sha256 digest;
    for (const StoredFile& file : files)
        digest.add(file.path + '\0' + file.sha256 + '\n');
    return digest.hex().substr(0, 32);
}

bool BlobStore::has(const std::string& hash) const
{
    std::error_code error;
    return checkSha256(hash).has_value() && fs::exists(pathOf(hash), error);
}

bool BlobStore::keep(const std::string& hash) const
{
    std::error_code error;
    if (has(hash))
        fs::last_write_time(pathOf(hash), fs::file_time_type::clock::now(), error);
    return has(hash); // it may have been collected meanwhile
}

std::uint64_t BlobStore::uploadedBytes(const std::string& hash) const
{
    std::error_code error;
    const auto size = checkSha256(hash) ? fs::file_size(partOf(hash), error) : 0;
    return error ? 0 : size;
}

Result<std::uint64_t> BlobStore::append(
    const std::string& hash, std::uint64_t offset, std::uint64_t size, const fs::path& chunk) const
{
    TINTYPE_TRY(checkSha256(hash));
    const std::uint64_t there = uploadedBytes(hash);
    if (offset != there)
        return fail(ErrorCode::Conflict, fmt::format("the upload stands at byte {}, not {}", there, offset));
    std::error_code error;
    const std::uint64_t added = fs::file_size(chunk, error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("a chunk cannot be read: {}", error.message()));
    if (added > size || there > size - added)
        return fail(ErrorCode::InvalidArgument, fmt::format("the upload would pass its size of {} bytes", size));
    std::ifstream in(chunk, std::ios::binary);
    std::ofstream out(partOf(hash), std::ios::binary | std::ios::app);
    if (added > 0)
        out << in.rdbuf();
    out.close();
    if (out)
        return there + added;
    fs::resize_file(partOf(hash), there, error);
    return fail(ErrorCode::Io, "a blob cannot be written: no space left on the disk");
}

Result<> BlobStore::commit(const std::string& hash) const
{
    TINTYPE_TRY(checkSha256(hash));
    if (has(hash))
        return {};
    std::error_code error;
    if (!fs::exists(partOf(hash), error))
        return fail(ErrorCode::NotFound, fmt::format("blob {}: nothing of it has arrived", hash));
    TINTYPE_TRY_ASSIGN(const std::string found, sha256OfFile(partOf(hash).string()));
    if (found != hash) {
        fs::remove(partOf(hash), error);
        return fail(ErrorCode::Corrupt,
            fmt::format("blob {}…: the content that arrived has another hash; send it again", hash.substr(0, 12)));
    }
    fs::rename(partOf(hash), pathOf(hash), error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("a blob cannot be kept: {}", error.message()));
    fs::permissions(pathOf(hash), fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read, error);
    return {};
}

Result<> BlobStore::materialize(const std::vector<StoredFile>& files, const fs::path& folder) const
{
    for (const StoredFile& file : files) {
        TINTYPE_TRY(checkRelativePath(file.path, file.path));
        if (!has(file.sha256))
            return fail(ErrorCode::NotFound, fmt::format("{}: its content is not on this host; push it again", file.path));
        const fs::path target = folder / file.path;
        std::error_code error;
        if (fs::exists(target, error))
            continue;
        fs::create_directories(target.parent_path(), error);
        if (!error)
            fs::create_hard_link(pathOf(file.sha256), target, error);
        if (error)
            error = copyWhole(pathOf(file.sha256), target);
        if (error)
            return fail(ErrorCode::Io, fmt::format("{}: {}", target.string(), error.message()));
    }
    std::error_code error;
    fs::last_write_time(folder, fs::file_time_type::clock::now(), error);
    return {};
}

Result<std::uint64_t> BlobStore::collect(const std::set<std::string>& referenced, std::chrono::seconds grace) const
{
    std::uint64_t freed = 0;
    std::error_code error;
    const auto youngest = fs::file_time_type::clock::now() - grace;
    for (fs::directory_iterator entry(m_folder, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code gone;
        if (referenced.contains(entry->path().filename().string()) || entry->last_write_time(gone) > youngest || gone)
            continue;
        const auto size = entry->file_size(gone);
        if (!gone && fs::remove(entry->path(), gone))
            freed += size;
    }
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: {}", m_folder.string(), error.message()));
    return freed;
}

Result<BlobTotals> BlobStore::totals(const std::set<std::string>& referenced) const
{
    BlobTotals totals;
    std::error_code error;
    for (fs::directory_iterator entry(m_folder, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code gone;
        const auto bytes = entry->file_size(gone);
        if (gone)
            continue;
        const bool isReferenced = referenced.contains(entry->path().filename().string());
        totals.count += 1;
        totals.bytes += bytes;
        totals.unreferencedCount += isReferenced ? 0 : 1;
        totals.unreferencedBytes += isReferenced ? 0 : bytes;
    }
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: {}", m_folder.string(), error.message()));
    return totals;
}

} // namespace tintype::store
