// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/blob_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tintype::requirements {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kReadBytes = 1 << 20;

bool hasSize(const fs::path& path, std::int64_t bytes)
{
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return !error && size == static_cast<std::uintmax_t>(bytes);
}

/// Whether the path still names the open file, and not one that took its place before the lock was ours.
bool isStill(int descriptor, const fs::path& path)
{
    struct stat open{};
    struct stat named{};
    return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino
        && open.st_dev == named.st_dev;
}

} // namespace

Error diskFull(const std::string& folder, std::int64_t bytes)
{
    return {ErrorCode::Io, fmt::format("{}: the disk is full: {} more bytes are needed", folder, bytes), {}};
}

BlobFile::BlobFile(fs::path blob, HubFile file)
    : m_blob(std::move(blob))
    , m_partial(m_blob.string() + ".incomplete")
    , m_file(std::move(file))
    , m_digest(m_file)
{
}

BlobFile::~BlobFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::shared_ptr<BlobFile>> BlobFile::open(fs::path blob, HubFile file, std::stop_token stop)
{
    std::error_code error;
    fs::create_directories(blob.parent_path(), error);
    std::shared_ptr<BlobFile> result(new BlobFile(std::move(blob), std::move(file)));
    TINTYPE_TRY(result->openPartial());
    // Looked for under the lock: whoever had it may just have finished.
    if (hasSize(result->m_blob, result->m_file.bytes)) {
        result->m_isInPlace = true;
        result->m_bytes = result->m_file.bytes;
        ::unlink(result->m_partial.c_str());
        return result;
    }
    TINTYPE_TRY(result->readWhatIsThere(stop));
    return result;
}

Result<> BlobFile::openPartial()
{
    m_descriptor = ::open(m_partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_descriptor < 0)
        return tl::unexpected(ioError(errno));
    if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0 || !isStill(m_descriptor, m_partial))
        return fail(ErrorCode::Conflict, fmt::format("{}: is being fetched by another", m_file.path));
    return {};
}

Result<> BlobFile::readWhatIsThere(std::stop_token stop)
{
    struct stat info{};
    if (::fstat(m_descriptor, &info) != 0)
        return tl::unexpected(ioError(errno));
    if (info.st_size > m_file.bytes)
        return restart();
    std::vector<char> buffer(kReadBytes);
    while (m_bytes < info.st_size) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "the fetch was stopped");
        const ssize_t count = ::read(m_descriptor, buffer.data(), buffer.size());
        if (count < 0)
            return tl::unexpected(ioError(errno));
        if (count == 0)
            break;
        m_digest.add({buffer.data(), static_cast<std::size_t>(count)});
        m_bytes += count;
    }
    return {};
}

Result<> BlobFile::append(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(m_descriptor, bytes.data(), bytes.size(), m_bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return tl::unexpected(ioError(errno));
        const auto written = static_cast<std::size_t>(count);
        m_digest.add(bytes.first(written));
        m_bytes += count;
        bytes = bytes.subspan(written);
    }
    return {};
}

Result<> BlobFile::restart()
{
    if (::ftruncate(m_descriptor, 0) != 0)
        return tl::unexpected(ioError(errno));
    m_bytes = 0;
    m_digest = Digest(m_file);
    return {};
}

Result<> BlobFile::finish()
{
    if (m_isInPlace)
        return {};
    if (m_bytes != m_file.bytes || m_digest.hex() != m_file.hash) {
        ::unlink(m_partial.c_str());
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: what arrived does not have the hash that the hub lists; it was deleted", m_file.path));
    }
    if (::fsync(m_descriptor) != 0 || ::rename(m_partial.c_str(), m_blob.c_str()) != 0)
        return tl::unexpected(ioError(errno));
    m_isInPlace = true;
    return {};
}

Error BlobFile::ioError(int error) const
{
    const std::string folder = m_blob.parent_path().string();
    if (error == ENOSPC || error == EDQUOT)
        return diskFull(folder, m_file.bytes - m_bytes);
    return {ErrorCode::Io, fmt::format("{}: {} cannot be written: {}", folder, m_file.path, std::strerror(error)), {}};
}

} // namespace tintype::requirements
