// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/folder_files.h"
#include "engine/base/result.h"

#include <functional>
#include <map>
#include <string>

namespace tintype::control {

/// SHA-256 of files, remembered by path, size and time of change, so that weights are read once. One thread at a time.
class HashCache {
public:
    /// @param file where it is kept; one that is damaged or missing is an empty cache
    explicit HashCache(std::string file);
    ~HashCache(); ///< saves; a cache that cannot be written is not worth an error

    /// $XDG_CACHE_HOME/tintype/hashes.json
    static std::string defaultFile();

    /// Told while a file is read: bytes since the last call. Returns false to stop.
    using Progress = std::function<bool(std::uint64_t bytes)>;

    /// 64 hex digits. @error Io · Conflict: the file changes while it is read · Cancelled
    Result<std::string> hash(const LocalFile& file, const Progress& progress);
    bool knows(const LocalFile& file) const;

private:
    struct Entry {
        std::uint64_t size = 0;
        std::int64_t modified = 0;
        std::string sha256;
    };

    void load();
    void save() const;

    const std::string m_file;
    std::map<std::string, Entry> m_entries; ///< by absolute path
    bool m_changed = false;
};

/// SHA-256 of a file's bytes.
Result<std::string> hashFile(const std::string& path, const HashCache::Progress& progress);

} // namespace tintype::control
