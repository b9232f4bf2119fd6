// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/store/app_store.h"
#include "engine/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace tintype::store {

/// A name for a folder of exactly these files: equal for revisions that share them. 32 hex digits.
std::string folderNameOf(const std::vector<StoredFile>& files);

/// What a store of blobs holds.
struct BlobTotals {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::uint64_t unreferencedCount = 0;
    std::uint64_t unreferencedBytes = 0;
};

/// Content-addressed files, `blobs/<sha256>`: what several revisions have in common is there once. Touches only the disk,
/// so any thread may use it; one blob is written by one caller at a time.
class BlobStore {
public:
    BlobStore(std::filesystem::path folder, std::filesystem::path temporaries)
        : m_folder(std::move(folder))
        , m_temporaries(std::move(temporaries))
    {
    }

    bool has(const std::string& sha256) const;

    /// As has(); what is there stays as if it had just arrived (see collect()).
    bool keep(const std::string& sha256) const;
    std::filesystem::path pathOf(const std::string& sha256) const { return m_folder / sha256; }

    /// How much of an interrupted upload is there already.
    std::uint64_t uploadedBytes(const std::string& sha256) const;

    /// Adds the bytes of a file to an upload; returns the new offset.
    /// @error Conflict: `offset` is not where the upload stands (the message names it) · Io: disk full
    Result<std::uint64_t> append(
        const std::string& sha256, std::uint64_t offset, std::uint64_t size, const std::filesystem::path& chunk) const;

    /// Verifies and keeps it. Hashes it all: not for the control thread.
    /// @error NotFound: nothing was uploaded · Corrupt: the content has another hash; the upload is gone
    Result<> commit(const std::string& sha256) const;

    /// Makes a folder with the files under their names: hard links where the disk allows, else copies. The folder is as new
    /// afterwards, even if all was there.
    /// @error NotFound: names the blob that is missing
    Result<> materialize(const std::vector<StoredFile>& files, const std::filesystem::path& folder) const;

    /// Deletes what nothing refers to; returns the bytes. What arrived within `grace` stays: its revision may be on its way.
    Result<std::uint64_t> collect(
        const std::set<std::string>& referenced, std::chrono::seconds grace = std::chrono::hours(24)) const;
    Result<BlobTotals> totals(const std::set<std::string>& referenced) const;

private:
    std::filesystem::path partOf(const std::string& sha256) const { return m_temporaries / (sha256 + ".part"); }

    std::filesystem::path m_folder;
    std::filesystem::path m_temporaries;
};

} // namespace tintype::store
