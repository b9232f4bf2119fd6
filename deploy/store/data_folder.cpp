// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/data_folder.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tintype::store {

namespace fs = std::filesystem;

namespace {

constexpr auto kUploadRests = std::chrono::hours(24 * 7);

Result<> makePrivate(const fs::path& folder)
{
    std::error_code error;
    if (::mkdir(folder.c_str(), 0700) == 0 || (errno == EEXIST && fs::is_directory(folder, error)))
        return {};
    return fail(ErrorCode::Io, fmt::format("{}: cannot be made: {}", folder.string(), std::strerror(errno)));
}

/// Of the run before. An upload that can go on stays for a week.
void removeLeftovers(const fs::path& folder)
{
    std::error_code error;
    const auto oldest = fs::file_time_type::clock::now() - kUploadRests;
    for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().extension() != ".part" || entry->last_write_time(ignored) < oldest)
            fs::remove_all(entry->path(), ignored);
    }
}

} // namespace

Result<DataFolder> DataFolder::open(const std::string& path)
{
    std::error_code error;
    const fs::path folder = fs::absolute(path, error);
    fs::create_directories(folder.parent_path(), error); // what is wrong with it shows at once
    TINTYPE_TRY(makePrivate(folder));
    for (const char* part : {"blobs", "apps", "data", "files", "models", "hub", "tmp"})
        TINTYPE_TRY(makePrivate(folder / part));
    const std::string lockFile = (folder / "lock").string();
    const int lock = ::open(lockFile.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return fail(ErrorCode::Io, fmt::format("{}: {}", lockFile, std::strerror(errno)));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const int reason = errno;
        ::close(lock);
        if (reason == EWOULDBLOCK)
            return fail(
                ErrorCode::Unavailable, fmt::format("{}: another tintype serve runs on this data folder", folder.string()));
        return fail(ErrorCode::Io, fmt::format("{}: cannot be locked: {}", lockFile, std::strerror(reason)));
    }
    removeLeftovers(folder / "tmp");
    return DataFolder(folder, lock);
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_lock(std::exchange(other.m_lock, -1))
{
}

DataFolder::~DataFolder()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

} // namespace tintype::store
