// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "engine/base/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace tintype::store {

/// What a revision's commit says besides its files.
struct RevisionNote {
    std::string message;
    std::string author; ///< key id
    TimePoint time;
};

/// The bare git repositories of the apps, `apps/<name>.git`: a revision is a commit of its definition and small files, a
/// child of the revision before it. Blobs are named by their hash, never in git. Any git program can read it.
class RevisionRepository {
public:
    explicit RevisionRepository(std::filesystem::path folder);

    /// @param files path → content  @return the commit, 40 hex digits
    Result<std::string> commit(
        const std::string& app, const std::map<std::string, std::string>& files, const RevisionNote& note) const;

    Result<std::map<std::string, std::string>> read(const std::string& app, const std::string& revision) const;

    /// Unified text of what differs between two revisions.
    Result<std::string> diff(const std::string& app, const std::string& from, const std::string& to) const;

    Result<> remove(const std::string& app) const;

private:
    std::filesystem::path pathOf(const std::string& app) const { return m_folder / (app + ".git"); }

    std::filesystem::path m_folder;
};

} // namespace tintype::store
