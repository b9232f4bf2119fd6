// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/output_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tintype::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kNameAttempts = 100;

tl::unexpected<Error> cannotWrite(const std::string& file, int error)
{
    return fail(ErrorCode::Io, fmt::format("{}: cannot be written: {}", file, std::strerror(error)));
}

/// Owns a descriptor; close() is separate because its failure may be the disk's.
class Descriptor {
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }

    int get() const { return m_number; }
    int close() { return ::close(std::exchange(m_number, -1)); }

private:
    int m_number;
};

/// The file behind symbolic links, so that the link stays and its target is replaced.
std::string resolved(const std::string& file)
{
    std::error_code error;
    if (!fs::is_symlink(file, error))
        return file;
    const fs::path target = fs::weakly_canonical(file, error);
    return error ? file : target.string();
}

struct Existing {
    bool exists = false;
    bool isRegular = false;
    mode_t permissions = 0;
};

Result<Existing> examine(const std::string& file, const std::string& target)
{
    struct stat status { };
    if (::stat(target.c_str(), &status) != 0) {
        if (errno == ENOENT)
            return Existing{};
        return cannotWrite(file, errno);
    }
    if (S_ISDIR(status.st_mode))
        return cannotWrite(file, EISDIR);
    if (::access(target.c_str(), W_OK) != 0)
        return cannotWrite(file, errno);
    constexpr mode_t kPermissionBits = 07777;
    return Existing{
        .exists = true, .isRegular = S_ISREG(status.st_mode), .permissions = status.st_mode & kPermissionBits};
}

/// Creates a file of an unused name beside `target`; the name is stored in `temporary`.
int createBeside(const std::string& target, std::string& temporary)
{
    const fs::path folder = fs::path(target).parent_path();
    for (int attempt = 0; attempt < kNameAttempts; ++attempt) {
        temporary = (folder / fmt::format(".tintype-{}-{}.tmp", ::getpid(), attempt)).string();
        const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

/// @return 0 or the error's number
int writeAll(int descriptor, std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

/// @return 0 or the error's number; a device that has no disk to sync with is fine
int syncAndClose(Descriptor& descriptor)
{
    if (::fsync(descriptor.get()) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
        return errno;
    return descriptor.close() != 0 ? errno : 0;
}

} // namespace

Result<> checkWritable(const std::string& file)
{
    const std::string target = resolved(file);
    TINTYPE_TRY_ASSIGN(const Existing existing, examine(file, target));
    if (existing.exists && !existing.isRegular)
        return {};
    std::string probe;
    const Descriptor descriptor(createBeside(target, probe));
    if (descriptor.get() < 0)
        return cannotWrite(file, errno);
    ::unlink(probe.c_str());
    return {};
}

StagedFile::StagedFile(std::string file, std::string target, std::string temporary)
    : m_file(std::move(file))
    , m_target(std::move(target))
    , m_temporary(std::move(temporary))
{
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_target(std::move(other.m_target))
    , m_temporary(std::exchange(other.m_temporary, {}))
{
}

StagedFile::~StagedFile()
{
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Result<StagedFile> StagedFile::write(const std::string& file, std::span<const std::uint8_t> bytes)
{
    const std::string target = resolved(file);
    TINTYPE_TRY_ASSIGN(const Existing existing, examine(file, target));
    const bool isDevice = existing.exists && !existing.isRegular;
    std::string temporary;
    Descriptor descriptor(
        isDevice ? ::open(target.c_str(), O_WRONLY | O_CLOEXEC) : createBeside(target, temporary));
    if (descriptor.get() < 0)
        return cannotWrite(file, errno);
    StagedFile staged(file, target, temporary);
    if (existing.exists && !isDevice)
        ::fchmod(descriptor.get(), existing.permissions);
    if (const int error = writeAll(descriptor.get(), bytes); error != 0)
        return cannotWrite(file, error);
    if (const int error = syncAndClose(descriptor); error != 0)
        return cannotWrite(file, error);
    return staged;
}

Result<> StagedFile::commit()
{
    if (m_temporary.empty())
        return {};
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return cannotWrite(m_file, errno);
    m_temporary.clear();
    return {};
}

} // namespace tintype::cli
