// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>

namespace tintype::store {

/// The folder of everything that a host keeps (layout: README.md), locked for one host at a time.
class DataFolder {
public:
    /// Makes what is missing, readable by its owner only.
    /// @error Io · Unavailable: another host runs on it
    static Result<DataFolder> open(const std::string& path);

    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path operator/(const char* name) const { return m_path / name; }

private:
    DataFolder(std::filesystem::path path, int lock)
        : m_path(std::move(path))
        , m_lock(lock)
    {
    }

    std::filesystem::path m_path;
    int m_lock;
};

} // namespace tintype::store
