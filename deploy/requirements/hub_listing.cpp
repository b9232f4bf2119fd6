// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_listing.h"

#include "engine/base/json_fields.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <regex>

namespace tintype::requirements {
namespace {

constexpr std::size_t kMaxPathBytes = 1024;
constexpr std::size_t kMaxPartBytes = 240; // file systems allow 255; a partial file's name has a suffix
constexpr std::size_t kCommitDigits = 40;
constexpr std::size_t kSha256Digits = 64;

bool isHex(std::string_view text, std::size_t digits)
{
    return text.size() == digits
        && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error unreadable(const std::string& repository, const std::string& why)
{
    return {ErrorCode::Protocol, fmt::format("{}: the hub's list of files cannot be used: {}", repository, why), {}};
}

Result<std::int64_t> byteCount(const JsonFields& fields)
{
    if (!fields.has("size"))
        return tl::unexpected(fields.refuse("size", "is missing"));
    return fields.integer("size", 0, 0, std::numeric_limits<std::int64_t>::max());
}

Result<HubFile> parseFile(const nlohmann::json& json, const std::string& repository)
{
    if (!json.is_object())
        return tl::unexpected(unreadable(repository, "an entry is not an object"));
    const JsonFields fields(json, "entry");
    HubFile file;
    TINTYPE_TRY_ASSIGN(file.path, fields.string("rfilename", ""));
    if (!isSafePath(file.path))
        return tl::unexpected(unreadable(repository, "a file name leads out of the repository"));
    const auto lfs = json.find("lfs");
    if (lfs != json.end() && lfs->is_object()) {
        const JsonFields large(*lfs, file.path);
        file.hashKind = HubFile::Hash::Sha256;
        TINTYPE_TRY_ASSIGN(file.bytes, byteCount(large));
        TINTYPE_TRY_ASSIGN(file.hash, large.string("sha256", ""));
    } else {
        TINTYPE_TRY_ASSIGN(file.bytes, byteCount(JsonFields(json, file.path)));
        TINTYPE_TRY_ASSIGN(file.hash, fields.string("blobId", ""));
    }
    if (!isHex(file.hash, file.hashKind == HubFile::Hash::Sha256 ? kSha256Digits : kCommitDigits))
        return tl::unexpected(unreadable(repository, file.path + " has no hash"));
    return file;
}

} // namespace

bool isCommit(std::string_view revision)
{
    return isHex(revision, kCommitDigits);
}

bool isSafePath(std::string_view path)
{
    if (path.empty() || path.size() > kMaxPathBytes)
        return false;
    for (const char c : path) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\')
            return false;
    }
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view part = path.substr(begin, end - begin);
        if (part.empty() || part == "." || part == ".." || part.size() > kMaxPartBytes)
            return false;
        begin = end + 1;
    }
    return true;
}

Result<> checkRepository(const std::string& repository, const std::string& revision)
{
    static const std::regex form(R"(^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$)");
    const bool isName = std::regex_match(repository, form) && repository.find("--") == std::string::npos
        && repository.find("..") == std::string::npos;
    if (!isName)
        return fail(
            ErrorCode::InvalidArgument, fmt::format("'{}' is not a repository of the hub (org/name)", repository));
    static const std::regex revisionForm(R"(^[\w./-]{1,200}$)");
    if (!std::regex_match(revision, revisionForm) || !isSafePath(revision))
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: '{}' is not a revision", repository, revision));
    return {};
}

Result<HubListing> parseListing(std::string_view json, const std::string& repository)
{
    const auto unusable = [&repository](const Error& error) { return unreadable(repository, error.message); };
    const auto parsed = JsonFields::parseObject(json, "answer").map_error(unusable);
    if (!parsed)
        return tl::unexpected(parsed.error());
    HubListing listing;
    TINTYPE_TRY_ASSIGN(listing.commit, JsonFields(*parsed, "answer").string("sha", "").map_error(unusable));
    const auto siblings = parsed->find("siblings");
    if (!isCommit(listing.commit) || siblings == parsed->end() || !siblings->is_array())
        return tl::unexpected(unreadable(repository, "commit or files are missing"));
    for (const auto& entry : *siblings) {
        auto file = parseFile(entry, repository);
        if (!file)
            return tl::unexpected(file.error().code == ErrorCode::Protocol ? file.error() : unusable(file.error()));
        listing.files.push_back(*std::move(file));
    }
    return listing;
}

} // namespace tintype::requirements
