// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/digest.h"

#include <filesystem>
#include <memory>
#include <stop_token>

namespace tintype::requirements {

/// A blob on its way into a cache: `<hash>.incomplete` beside where it will lie, and the digest of what it holds.
/// Locked against every other writer, of this process or another. Every call may block on the disk: not for the control
/// thread. One caller at a time.
class BlobFile {
public:
    /// Goes on with what an earlier try left.
    /// @param stop ends the reading of what is there
    /// @error Conflict: another writer has it · Io · Cancelled
    static Result<std::shared_ptr<BlobFile>> open(std::filesystem::path blob, HubFile file, std::stop_token stop);
    ~BlobFile();
    BlobFile(const BlobFile&) = delete;
    BlobFile& operator=(const BlobFile&) = delete;

    std::int64_t bytes() const { return m_bytes; }
    bool isInPlace() const { return m_isInPlace; } ///< the blob itself is there already

    /// @error Io: the disk is full (with the bytes that are still needed), or fails
    Result<> append(std::span<const char> bytes);
    Result<> restart(); ///< drops what it holds

    /// Compares the hash and moves the file into place; a file that is not what the hub lists is deleted.
    /// @error Corrupt · Io
    Result<> finish();

private:
    BlobFile(std::filesystem::path blob, HubFile file);
    Result<> openPartial();
    Result<> readWhatIsThere(std::stop_token stop);
    Error ioError(int error) const;

    const std::filesystem::path m_blob;
    const std::filesystem::path m_partial;
    const HubFile m_file;
    Digest m_digest;
    int m_descriptor = -1;
    std::int64_t m_bytes = 0;
    bool m_isInPlace = false;
};

/// The message for a disk that lacks `bytes`.
Error diskFull(const std::string& folder, std::int64_t bytes);

} // namespace tintype::requirements
