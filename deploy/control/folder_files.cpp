// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/folder_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

namespace tintype::control {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxFiles = 100'000;

bool isHidden(const fs::path& path)
{
    return path.filename().string().starts_with('.');
}

bool isBelow(const fs::path& path, const fs::path& folder)
{
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

class Walk {
public:
    Walk(const fs::path& base, const fs::path& root)
        : m_base(base)
        , m_canonicalRoot(fs::weakly_canonical(root))
    {
    }

    Result<> visit(const fs::path& path, int depth)
    {
        if (fs::is_symlink(path) && !isBelow(fs::weakly_canonical(path), m_canonicalRoot) && depth > 0)
            return fail(ErrorCode::InvalidArgument, fmt::format("{}: links to something outside of its folder", name(path)));
        if (fs::is_directory(path))
            return depth < kMaxDepth ? visitFolder(path, depth)
                                     : fail(ErrorCode::InvalidArgument, fmt::format("{}: more than {} folders deep", name(path), kMaxDepth));
        if (fs::is_regular_file(path))
            return addFile(path);
        return {}; // sockets, pipes, devices, links to nothing
    }

    std::vector<LocalFile> files;

private:
    Result<> visitFolder(const fs::path& folder, int depth)
    {
        for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
            if (!isHidden(entry.path()))
                TINTYPE_TRY(visit(entry.path(), depth + 1));
        }
        return {};
    }

    Result<> addFile(const fs::path& path)
    {
        struct stat status { };
        if (::stat(path.c_str(), &status) != 0)
            return fail(ErrorCode::Io, fmt::format("{}: cannot be read: {}", name(path), std::strerror(errno)));
        if (files.size() >= kMaxFiles)
            return fail(ErrorCode::InvalidArgument, fmt::format("{}: more than {} files", name(path), kMaxFiles));
        files.push_back({name(path), path.string(), static_cast<std::uint64_t>(status.st_size),
            status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec});
        return {};
    }

    std::string name(const fs::path& path) const { return path.lexically_relative(m_base).generic_string(); }

    fs::path m_base;
    fs::path m_canonicalRoot;
};

bool leavesBase(const fs::path& folder)
{
    const fs::path normal = folder.lexically_normal();
    return folder.is_absolute() || normal.empty() || *normal.begin() == "..";
}

} // namespace

Result<std::vector<LocalFile>> folderFiles(const std::string& base, const std::string& folder)
{
    if (leavesBase(folder))
        return fail(ErrorCode::InvalidArgument, fmt::format("file:{}: must lie beside the definition or below it", folder));
    try {
        const fs::path root = (fs::path(base) / folder).lexically_normal();
        if (!fs::exists(root))
            return fail(ErrorCode::NotFound, fmt::format("file:{}: there is no {}", folder, root.string()));
        Walk walk(base, root);
        TINTYPE_TRY(walk.visit(root, 0));
        std::sort(walk.files.begin(), walk.files.end(),
            [](const LocalFile& left, const LocalFile& right) { return left.path < right.path; });
        return std::move(walk.files);
    } catch (const fs::filesystem_error& error) {
        return fail(ErrorCode::Io, fmt::format("file:{}: cannot be read: {}", folder, error.code().message()));
    }
}

} // namespace tintype::control
