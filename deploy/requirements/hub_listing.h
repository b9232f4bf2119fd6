// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::requirements {

/// One file of a repository at a commit, as the hub lists it.
struct HubFile {
    enum class Hash {
        GitBlob, ///< SHA-1 of "blob <bytes>\0" and the content: small files
        Sha256, ///< of the content: files in large-file storage
    };
    std::string path; ///< relative, with '/', never leading out of the repository
    std::int64_t bytes = 0;
    Hash hashKind = Hash::GitBlob;
    std::string hash; ///< lower-case hex; the file's ETag, and its name among a cache's blobs

    bool operator==(const HubFile&) const = default;
};

/// A repository at a commit.
struct HubListing {
    std::string commit; ///< 40 hex digits
    std::vector<HubFile> files;

    bool operator==(const HubListing&) const = default;
};

/// Reads the hub's answer to `/api/models/{repository}/revision/{revision}?blobs=true`. Nothing in it is trusted: a
/// name that would lead out of a folder refuses the whole listing.
/// @error Protocol
Result<HubListing> parseListing(std::string_view json, const std::string& repository);

bool isCommit(std::string_view revision); ///< 40 lower-case hex digits

/// @error InvalidArgument: not `org/name`, or not usable as a branch, tag or commit
Result<> checkRepository(const std::string& repository, const std::string& revision);

/// A relative path without empty, `.` and `..` parts, control characters and backslashes, of bearable length.
bool isSafePath(std::string_view path);

} // namespace tintype::requirements
