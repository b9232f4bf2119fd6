// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/spool_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>
#include <utility>

namespace tintype::http {

SpoolFile::SpoolFile(int descriptor, std::string path)
    : m_descriptor(descriptor)
    , m_path(std::move(path))
{
}

Result<SpoolFile> SpoolFile::create(const std::string& folder)
{
    std::string path = folder + "/body-XXXXXX";
    const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
    if (descriptor < 0)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be written: {}", folder, std::strerror(errno)));
    return SpoolFile(descriptor, std::move(path));
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_path(std::exchange(other.m_path, {}))
{
}

SpoolFile::~SpoolFile()
{
    close();
    if (!m_path.empty())
        ::unlink(m_path.c_str());
}

bool SpoolFile::append(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void SpoolFile::close()
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

} // namespace tintype::http
