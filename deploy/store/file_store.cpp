// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/file_store.h"

#include "deploy/store/digest.h"
#include "deploy/store/names.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

namespace tintype::store {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxPart = 10'000;

Result<> writeWhole(const fs::path& path, std::string_view bytes)
{
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (stream)
        return {};
    fs::remove(path, error);
    return fail(ErrorCode::Io, fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
}

/// Before its bytes are touched.
Result<> checkNew(Database& database, const std::string& id)
{
    TINTYPE_TRY(checkName(id, "file"));
    TINTYPE_TRY_ASSIGN(const auto known, FileStore::find(database, id));
    return known ? fail(ErrorCode::Conflict, fmt::format("file {}: exists already", id)) : Result<>();
}

Result<> insertRow(Database& database, const ServedFile& file)
{
    TINTYPE_TRY_ASSIGN(Statement insert,
        database.prepare("INSERT INTO files (id, name, content_type, size, created, expires, key, acl) VALUES (?,?,?,?,?,?,?,?)"));
    insert.bind(file.id).bind(file.name).bind(file.contentType).bind(static_cast<std::int64_t>(file.size));
    insert.bind(toMilliseconds(file.created));
    if (file.expires)
        insert.bind(toMilliseconds(*file.expires));
    else
        insert.bindNull();
    return insert.bind(file.keyId).bind(file.acl).run();
}

std::string partName(int number) { return fmt::format("{:05}", number); }

std::string etagOf(const std::string& hash) { return '"' + hash.substr(0, 32) + '"'; }

/// @param isOnly an empty part of several is a client that lost its bytes: fal_client.upload(bytes) above 100 MiB
Result<> checkPart(const fs::path& file, const UploadPart& part, bool isOnly)
{
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error)
        return fail(ErrorCode::InvalidArgument, fmt::format("part {} of the upload is missing", part.number));
    if (size == 0 && !isOnly)
        return fail(ErrorCode::InvalidArgument, fmt::format("part {} of the upload is empty", part.number));
    TINTYPE_TRY_ASSIGN(const std::string hash, sha256OfFile(file.string()));
    if (part.etag != etagOf(hash) && '"' + part.etag + '"' != etagOf(hash))
        return fail(
            ErrorCode::InvalidArgument, fmt::format("part {} of the upload is not the one that its ETag names", part.number));
    return {};
}

bool concatenate(const fs::path& folder, const std::vector<UploadPart>& parts, const fs::path& whole)
{
    std::ofstream out(whole, std::ios::binary | std::ios::trunc);
    for (const UploadPart& part : parts) {
        std::ifstream in(folder / partName(part.number), std::ios::binary);
        if (in.peek() != std::ifstream::traits_type::eof()) // inserting nothing would be a failure
            out << in.rdbuf();
        if (in.bad())
            return false;
    }
    out.close();
    return static_cast<bool>(out);
}

} // namespace

fs::path FileStore::pathOf(const std::string& id) const { return m_folder / id.substr(0, 2) / id; }

Result<> FileStore::put(Database& database, const ServedFile& file, std::string_view bytes) const
{
    TINTYPE_TRY(checkNew(database, file.id));
    TINTYPE_TRY(writeWhole(pathOf(file.id), bytes));
    return insertRow(database, file);
}

Result<> FileStore::adopt(Database& database, ServedFile file, const fs::path& bytes) const
{
    TINTYPE_TRY(checkNew(database, file.id));
    std::error_code error;
    fs::create_directories(pathOf(file.id).parent_path(), error);
    file.size = fs::file_size(bytes, error);
    if (!error)
        fs::rename(bytes, pathOf(file.id), error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("an upload cannot be kept: {}", error.message()));
    return insertRow(database, file);
}

Result<std::optional<ServedFile>> FileStore::find(Database& database, const std::string& id)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT id, name, content_type, size, created, expires, key, acl FROM files WHERE id = ?"));
    TINTYPE_TRY_ASSIGN(const bool hasRow, select.bind(id).step());
    if (!hasRow)
        return std::nullopt;
    ServedFile file{.id = select.text(0), .name = select.text(1), .contentType = select.text(2),
        .size = static_cast<std::uint64_t>(select.integer(3)), .created = fromMilliseconds(select.integer(4)), .expires = {},
        .keyId = select.text(6), .acl = select.text(7)};
    if (!select.isNull(5))
        file.expires = fromMilliseconds(select.integer(5));
    return file;
}

Result<> FileStore::forget(Database& database, const std::string& id)
{
    TINTYPE_TRY_ASSIGN(Statement update, database.prepare("UPDATE files SET expires = 0 WHERE id = ?"));
    return update.bind(id).run();
}

Result<int> FileStore::expire(Database& database, TimePoint now, int limit) const
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT id FROM files WHERE expires IS NOT NULL AND expires <= ? LIMIT ?"));
    select.bind(toMilliseconds(now)).bind(limit);
    std::vector<std::string> ended;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            break;
        ended.push_back(select.text(0));
    }
    for (const std::string& id : ended)
        TINTYPE_TRY(erase(database, id));
    return static_cast<int>(ended.size());
}

Result<int> FileStore::trim(Database& database, std::uint64_t mostBytes, int limit) const
{
    TINTYPE_TRY_ASSIGN(Statement sum, database.prepare("SELECT total(size) FROM files"));
    TINTYPE_TRY(sum.step());
    double tooMany = sum.number(0) - static_cast<double>(mostBytes);
    if (tooMany <= 0)
        return 0;
    TINTYPE_TRY_ASSIGN(Statement select, database.prepare("SELECT id, size FROM files ORDER BY created LIMIT ?"));
    select.bind(limit);
    std::vector<std::string> oldest;
    while (tooMany > 0) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            break;
        oldest.push_back(select.text(0));
        tooMany -= select.number(1);
    }
    for (const std::string& id : oldest)
        TINTYPE_TRY(erase(database, id));
    return static_cast<int>(oldest.size());
}

Result<> FileStore::erase(Database& database, const std::string& id) const
{
    std::error_code error; // bytes that are gone already are no failure
    fs::remove(pathOf(id), error);
    TINTYPE_TRY_ASSIGN(Statement remove, database.prepare("DELETE FROM files WHERE id = ?"));
    return remove.bind(id).run();
}

Result<std::string> FileStore::putPart(const std::string& upload, int number, const fs::path& bytes) const
{
    TINTYPE_TRY(checkName(upload, "upload"));
    if (number < 1 || number > kMaxPart)
        return fail(ErrorCode::InvalidArgument, fmt::format("part {}: parts are numbered from 1 to {}", number, kMaxPart));
    TINTYPE_TRY_ASSIGN(const std::string hash, sha256OfFile(bytes.string()));
    const fs::path folder = m_temporaries / upload;
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error)
        fs::rename(bytes, folder / partName(number), error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("part {} cannot be kept: {}", number, error.message()));
    return etagOf(hash);
}

Result<fs::path> FileStore::join(const std::string& upload, std::vector<UploadPart> parts) const
{
    TINTYPE_TRY(checkName(upload, "upload"));
    std::ranges::sort(parts, {}, &UploadPart::number);
    if (parts.empty())
        return fail(ErrorCode::InvalidArgument, "an upload has at least one part");
    const fs::path folder = m_temporaries / upload;
    for (std::size_t index = 0; index < parts.size(); ++index) {
        const int number = static_cast<int>(index) + 1;
        if (parts[index].number != number)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("part {} of the upload is {}", number, parts[index].number < number ? "there twice" : "missing"));
        TINTYPE_TRY(checkPart(folder / partName(number), parts[index], parts.size() == 1));
    }
    const fs::path whole = m_temporaries / (upload + ".joined");
    std::error_code error;
    if (!concatenate(folder, parts, whole)) {
        fs::remove(whole, error);
        return fail(ErrorCode::Io, "an upload cannot be joined: no space left on the disk");
    }
    fs::remove_all(folder, error);
    return whole;
}

} // namespace tintype::store
