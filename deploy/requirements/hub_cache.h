// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_listing.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace tintype::requirements {

/// A folder in the hub's standard cache layout, as huggingface_hub writes and reads it:
/// `models--org--name/{refs/<revision>, blobs/<hash>, snapshots/<commit>/<path>}`, the last being relative links to
/// blobs. Names and revisions must have passed checkRepository(), paths isSafePath().
class HubCache {
public:
    explicit HubCache(std::filesystem::path root)
        : m_root(std::move(root))
    {
    }

    const std::filesystem::path& root() const { return m_root; }
    std::filesystem::path blob(const std::string& repository, const std::string& hash) const;
    std::filesystem::path snapshot(const std::string& repository, const std::string& commit) const;

    /// What a branch or tag pointed to when it was fetched; a commit is itself.
    std::optional<std::string> commitOf(const std::string& repository, const std::string& revision) const;
    Result<> setCommitOf(const std::string& repository, const std::string& revision, const std::string& commit) const;

    /// Whether the snapshot has the file, in its size.
    bool holds(const std::string& repository, const std::string& commit, const HubFile& file) const;

    /// Links the file's blob into the snapshot.
    Result<> link(const std::string& repository, const std::string& commit, const HubFile& file) const;

    /// The text of a file of the snapshot, of at most 16 MiB.
    std::optional<std::string> read(
        const std::string& repository, const std::string& commit, const std::string& path) const;

    /// The files that the snapshot happens to have, without their hashes.
    std::vector<HubFile> filesOf(const std::string& repository, const std::string& commit) const;

    /// The hub's answer about a commit, kept as it came in `listings/<commit>.json`: a file of this program's own,
    /// which lets a complete snapshot be told from one that was interrupted without asking the hub.
    std::optional<HubListing> listing(const std::string& repository, const std::string& commit) const;
    Result<> saveListing(const std::string& repository, const std::string& commit, std::string_view json) const;

    /// Deletes a snapshot, what points to it, and the blobs that no other snapshot has; returns their bytes.
    Result<std::uint64_t> remove(const std::string& repository, const std::string& commit) const;

private:
    std::filesystem::path folder(const std::string& repository) const;

    std::filesystem::path m_root;
};

} // namespace tintype::requirements
