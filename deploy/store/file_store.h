// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "deploy/store/database.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tintype::store {

/// A file that the host serves: a result or an upload.
struct ServedFile {
    std::string id; ///< of randomName(): unguessable, so that knowing it is the right to read
    std::string name;
    std::string contentType;
    std::uint64_t size = 0;
    TimePoint created;
    std::optional<TimePoint> expires;
    std::string keyId; ///< whose
    std::string acl;   ///< JSON of X-Fal-Object-Lifecycle-Preference's initial_acl; empty = public
};

/// Part of an upload that arrives in pieces, in any order.
struct UploadPart {
    int number = 0; ///< from 1
    std::string etag; ///< quoted
};

/// Files in `files/<2 letters>/<id>` and their rows.
class FileStore {
public:
    FileStore(std::filesystem::path folder, std::filesystem::path temporaries)
        : m_folder(std::move(folder))
        , m_temporaries(std::move(temporaries))
    {
    }

    std::filesystem::path pathOf(const std::string& id) const;

    /// On the writer's thread. The file stands before its row does. @error Conflict: the id is taken
    Result<> put(Database& database, const ServedFile& file, std::string_view bytes) const;
    Result<> adopt(Database& database, ServedFile file, const std::filesystem::path& bytes) const; ///< moves them; sets the size

    static Result<std::optional<ServedFile>> find(Database& database, const std::string& id);
    static Result<> forget(Database& database, const std::string& id); ///< the row; expire() takes the bytes

    /// Deletes files that ended before, at most `limit`; returns how many.
    Result<int> expire(Database& database, TimePoint now, int limit) const;

    /// Deletes the oldest until all together are not larger than that, at most `limit`; returns how many.
    Result<int> trim(Database& database, std::uint64_t mostBytes, int limit) const;

    // Multipart: parts lie in tmp/<upload>/ until they are joined. Upload ids are the caller's, made by randomName().
    Result<std::string> putPart(const std::string& upload, int number, const std::filesystem::path& bytes) const; ///< → ETag

    /// Joins the parts, given in any order, and forgets them; the caller owns the file.
    /// @error InvalidArgument: one is missing, there twice, empty beside others, or not what its ETag says
    Result<std::filesystem::path> join(const std::string& upload, std::vector<UploadPart> parts) const;

private:
    Result<> erase(Database& database, const std::string& id) const;

    std::filesystem::path m_folder;
    std::filesystem::path m_temporaries;
};

} // namespace tintype::store
