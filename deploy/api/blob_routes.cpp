// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/store/stores.h"

#include <fmt/format.h>
#include <memory>

namespace tintype::api {
namespace {

constexpr std::size_t kMaxChunk = std::size_t{32} << 20;
constexpr std::size_t kMaxList = std::size_t{16} << 20;
constexpr std::int64_t kLargestBlob = std::int64_t{1} << 44;
constexpr std::size_t kMostBlobs = 100'000;

struct Blob {
    std::string sha256;
    std::int64_t size = 0;
};

Result<std::vector<Blob>> readBlobs(const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto body, readBody(call.request, "BlobList"));
    const auto list = body.find("blobs");
    if (list == body.end() || !list->is_array() || list->size() > kMostBlobs)
        return fail(ErrorCode::InvalidArgument, fmt::format("body: blobs is not a list of at most {} blobs", kMostBlobs));
    std::vector<Blob> blobs;
    for (const nlohmann::json& entry : *list) {
        const std::string source = fmt::format("body: blobs[{}]", blobs.size());
        TINTYPE_TRY(checkFields(entry, "Blob", source));
        const JsonFields fields(entry, source);
        TINTYPE_TRY_ASSIGN(std::string hash, sha256Field(fields));
        TINTYPE_TRY_ASSIGN(const auto size, fields.integer("size", 0, 0, kLargestBlob));
        blobs.push_back({std::move(hash), size});
    }
    return blobs;
}

Json missingJson(const store::BlobStore& store, const std::vector<Blob>& blobs)
{
    Json missing = Json::array();
    for (const Blob& blob : blobs) {
        if (!store.keep(blob.sha256))
            missing.push_back(
                {{"sha256", blob.sha256}, {"size", blob.size}, {"offset", store.uploadedBytes(blob.sha256)}});
    }
    return {{"missing", missing}};
}

void tellMissing(const Context& context, const CallPointer& call)
{
    const auto blobs = readBlobs(*call);
    if (!blobs)
        return call->reply(tl::unexpected(blobs.error()));
    const store::BlobStore& store = context.host.stores().blobs();
    context.background.run([&store, list = *blobs] { return jsonAnswer(missingJson(store, list)); },
        [call](http::Response response) { call->reply(std::move(response)); });
}

struct Chunk {
    std::string sha256;
    std::uint64_t offset = 0;
    std::uint64_t size = 0; ///< of the whole blob
    std::string file;
};

Result<Chunk> readChunk(const Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto offset, integerOf(call.request, "offset", 0, kLargestBlob));
    TINTYPE_TRY_ASSIGN(const auto size, integerOf(call.request, "size", 0, kLargestBlob));
    if (!offset || !size)
        return fail(ErrorCode::InvalidArgument, "the query names no offset of this chunk or no size of the whole blob");
    return Chunk{call.parameter("sha256"), static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*size),
        call.request.bodyFile};
}

http::Response append(const store::BlobStore& store, const Chunk& chunk)
{
    if (store.has(chunk.sha256)) // a repeated chunk of what was complete
        return jsonAnswer({{"offset", chunk.size}});
    const auto offset = store.append(chunk.sha256, chunk.offset, chunk.size, chunk.file);
    if (offset)
        return jsonAnswer({{"offset", *offset}});
    if (offset.error().code != ErrorCode::Conflict)
        return http::Response::error(offset.error());
    return jsonAnswer({{"detail", offset.error().message}, {"error_type", errorCodeName(ErrorCode::Conflict)},
                          {"offset", store.uploadedBytes(chunk.sha256)}},
        httpStatus(ErrorCode::Conflict));
}

void putChunk(const Context& context, const CallPointer& call)
{
    const auto chunk = readChunk(*call);
    if (!chunk)
        return call->reply(tl::unexpected(chunk.error()));
    const store::BlobStore& store = context.host.stores().blobs();
    context.background.runInOrder(chunk->sha256, [&store, part = *chunk] { return append(store, part); },
        [call](http::Response response) { call->reply(std::move(response)); });
}

Result<http::Response> commit(const store::BlobStore& store, const std::string& hash)
{
    if (const auto committed = store.commit(hash); !committed) {
        const Error& error = committed.error();
        if (error.code == ErrorCode::Io && store.uploadedBytes(hash) == 0)
            return fail(ErrorCode::NotFound, fmt::format("blob {}: nothing of it has arrived", hash));
        const bool isCallersFault = error.code == ErrorCode::Corrupt; // what he sent, not what this host keeps
        return fail(isCallersFault ? ErrorCode::InvalidArgument : error.code, error.message);
    }
    return noContent();
}

void commitBlob(const Context& context, const CallPointer& call)
{
    const std::string& hash = call->parameter("sha256");
    const store::BlobStore& store = context.host.stores().blobs();
    context.background.runInOrder(hash, [&store, hash] { return commit(store, hash); },
        [call](Result<http::Response> response) { call->reply(std::move(response)); });
}

} // namespace

ApiRoutes blobRoutes(Context& context)
{
    return {
        {.method = "POST",
            .pattern = "/v1/blobs/missing",
            .summary = "Which of these this host does not have, and how much of each has arrived",
            .body = "BlobList",
            .answer = "MissingBlobs",
            .handle = [&context](const CallPointer& call) { tellMissing(context, call); },
            .maxBody = kMaxList},
        {.method = "PUT",
            .pattern = "/v1/blobs/{sha256}",
            .summary = "The next chunk, at most 32 MiB; 409 names the offset that is expected",
            .query = {{"offset", "integer", "of the chunk"}, {"size", "integer", "of the whole blob"}},
            .answer = "Offset",
            .handle = [&context](const CallPointer& call) { putChunk(context, call); },
            .maxBody = kMaxChunk,
            .bodyToFile = true},
        {.method = "POST",
            .pattern = "/v1/blobs/{sha256}/commit",
            .summary = "Verify what has arrived and keep it",
            .body = "Empty",
            .answer = "nothing",
            .handle = [&context](const CallPointer& call) { commitBlob(context, call); }},
    };
}

} // namespace tintype::api
