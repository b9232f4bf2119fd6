// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/storage_routes.h"

#include "deploy/runtime/result_output.h"
#include "deploy/store/stores.h"
#include "deploy/wire/file_names.h"

#include <QDateTime>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFile = std::size_t{1} << 30;
constexpr std::size_t kMaxPart = std::size_t{256} << 20;
constexpr std::size_t kLongestAcl = 2048; ///< it becomes part of a URL
constexpr std::chrono::hours kStorageTokenLifetime{1};
constexpr std::chrono::hours kUploadLifetime{24};

std::string isoTime(TimePoint time)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::string text(const json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<int> partNumber(const std::string& digits)
{
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size())
        return fail(ErrorCode::InvalidArgument, "the number of the part is not a number");
    return number;
}

Result<std::vector<store::UploadPart>> partsOf(const std::string& body)
{
    const json object = json::parse(body, nullptr, /*allow_exceptions=*/false);
    const auto list = object.is_object() ? object.find("parts") : object.end();
    if (!object.is_object() || list == object.end() || !list->is_array())
        return fail(ErrorCode::InvalidArgument, "the body has no list \"parts\"");
    std::vector<store::UploadPart> parts;
    for (const json& entry : *list) {
        const char* name = entry.is_object() && entry.contains("partNumber") ? "partNumber" : "part_number";
        if (!entry.is_object() || !entry.contains(name) || !entry[name].is_number_integer())
            return fail(ErrorCode::InvalidArgument, fmt::format("parts[{}] has no partNumber", parts.size()));
        parts.push_back({entry[name].get<int>(), text(entry, "etag")});
    }
    return parts;
}

} // namespace

void StorageRoutes::add(http::RouteTable& table, const char* method, const char* pattern, Handler handler, std::size_t maxFile)
{
    http::Route route{.method = method, .pattern = pattern, .handle = [this, handler](http::Request call, http::Responder responder) {
                          (this->*handler)(std::move(call), std::move(responder));
                      }};
    if (maxFile > 0) {
        route.maxBody = maxFile;
        route.bodyToFile = true;
    }
    table.add(std::move(route));
}

void StorageRoutes::addTo(http::RouteTable& table)
{
    add(table, "POST", "/storage/auth/token", &StorageRoutes::giveToken);
    add(table, "POST", "/files/upload", &StorageRoutes::uploadWhole, kMaxFile);
    add(table, "POST", "/files/upload/multipart", &StorageRoutes::beginParts);
    add(table, "POST", "/storage/upload/initiate", &StorageRoutes::initiate);
    add(table, "POST", "/storage/upload/initiate-multipart", &StorageRoutes::initiate);
}

void StorageRoutes::addUploadsTo(http::RouteTable& table)
{
    add(table, "PUT", "/storage/upload/{upload}", &StorageRoutes::putWhole, kMaxFile);
    add(table, "PUT", "/storage/upload/{upload}/{part}", &StorageRoutes::putPart, kMaxPart);
    add(table, "POST", "/storage/upload/{upload}/complete", &StorageRoutes::complete);
    add(table, "PUT", "/files/{id}/{name}/multipart/{upload}/{part}", &StorageRoutes::putPart, kMaxPart);
    add(table, "POST", "/files/{id}/{name}/multipart/{upload}/complete", &StorageRoutes::complete);
}

void StorageRoutes::giveToken(http::Request call, http::Responder responder)
{
    const auto caller = admit(call);
    if (!caller)
        return responder.send(wireError(caller.error()));
    const TimePoint expires = wallClockNow() + kStorageTokenLifetime;
    const json answer{{"token", issueToken(m_context.host.stores().vault(), StorageToken{caller->keyId}, expires)},
        {"token_type", "Bearer"}, {"base_url", baseOf(m_context, call)}, {"expires_at", isoTime(expires)}};
    responder.send(http::Response::json(200, answer.dump()));
}

void StorageRoutes::uploadWhole(http::Request call, http::Responder responder)
{
    const auto upload = announced(call, call.headers.value("X-Fal-File-Name"), call.headers.value("Content-Type"));
    if (!upload)
        return responder.send(wireError(upload.error()));
    keep(*upload, call.bodyFile, std::make_shared<http::Responder>(std::move(responder)), done(call, *upload));
}

void StorageRoutes::beginParts(http::Request call, http::Responder responder)
{
    const auto upload = announced(call, call.headers.value("X-Fal-File-Name"), call.headers.value("Content-Type"));
    if (!upload)
        return responder.send(wireError(upload.error()));
    const std::string token = issueToken(m_context.host.stores().vault(), *upload, wallClockNow() + kUploadLifetime);
    responder.send(http::Response::json(200, json{{"access_url", urlOf(call, *upload)}, {"uploadId", token}}.dump()));
}

void StorageRoutes::initiate(http::Request call, http::Responder responder)
{
    const json body = json::parse(call.body, nullptr, /*allow_exceptions=*/false);
    if (!body.is_object())
        return responder.send(http::Response::error(400, "the body is not a JSON object", "bad_request"));
    const auto upload = announced(call, text(body, "file_name"), text(body, "content_type"));
    if (!upload)
        return responder.send(wireError(upload.error()));
    const std::string token = issueToken(m_context.host.stores().vault(), *upload, wallClockNow() + kUploadLifetime);
    const json answer{{"upload_url", fmt::format("{}/storage/upload/{}", baseOf(m_context, call), token)}, {"file_url", urlOf(call, *upload)}};
    responder.send(http::Response::json(200, answer.dump()));
}

void StorageRoutes::putWhole(http::Request call, http::Responder responder)
{
    const auto upload = uploadOf(call);
    if (!upload)
        return responder.send(wireError(upload.error()));
    if (isThere(*upload)) // a retry of a client that lost the answer; what is there stays
        return responder.send(done(call, *upload));
    keep(*upload, call.bodyFile, std::make_shared<http::Responder>(std::move(responder)), done(call, *upload));
}

void StorageRoutes::putPart(http::Request call, http::Responder responder)
{
    const auto upload = uploadOf(call);
    const auto number = upload ? partNumber(call.parameters.at("part")) : tl::unexpected(upload.error());
    if (!number)
        return responder.send(wireError(number.error()));
    const auto waiting = std::make_shared<http::Responder>(std::move(responder));
    m_background.run(
        [files = &m_context.host.stores().files(), id = upload->id, part = *number, bytes = call.bodyFile] {
            return files->putPart(id, part, bytes);
        },
        [waiting, part = *number](const Result<std::string>& etag) {
            if (!etag)
                return waiting->send(wireError(etag.error()));
            auto response = http::Response::json(200, json{{"partNumber", part}, {"etag", *etag}}.dump());
            response.headers.set("ETag", *etag);
            waiting->send(std::move(response));
        });
}

void StorageRoutes::complete(http::Request call, http::Responder responder)
{
    const auto upload = uploadOf(call);
    const auto parts = upload ? partsOf(call.body) : tl::unexpected(upload.error());
    if (!parts)
        return responder.send(wireError(parts.error()));
    if (isThere(*upload))
        return responder.send(done(call, *upload));
    const auto waiting = std::make_shared<http::Responder>(std::move(responder));
    m_background.runInOrder(
        upload->id,
        [files = &m_context.host.stores().files(), id = upload->id, list = *parts] { return files->join(id, list); },
        [this, waiting, upload = *upload, answer = done(call, *upload)](const Result<std::filesystem::path>& whole) {
            if (!whole)
                return waiting->send(wireError(whole.error()));
            keep(upload, whole->string(), waiting, answer);
        });
}

Result<runtime::Caller> StorageRoutes::admit(const http::Request& call) const
{
    if (const std::string text = bearerToken(call); !text.empty()) {
        const auto token = readStorageToken(m_context.host.stores().vault(), text);
        if (!token)
            return fail(ErrorCode::Unauthorized, "the token is not one of this host's, or it has expired");
        return runtime::Caller{.keyId = token->keyId};
    }
    TINTYPE_TRY_ASSIGN(auto caller, identify(m_context, call));
    if (!caller.isKnown())
        return fail(ErrorCode::Unauthorized, "uploads need a key: send the header Authorization: Key id:secret");
    return caller;
}

Result<Upload> StorageRoutes::announced(const http::Request& call, std::string_view name, std::string_view type) const
{
    TINTYPE_TRY_ASSIGN(const auto caller, admit(call));
    std::string acl = fileAcl(call.headers);
    if (acl.size() > kLongestAcl)
        return fail(ErrorCode::InvalidArgument, fmt::format("initial_acl is longer than {} bytes", kLongestAcl));
    return Upload{.id = store::randomName(), .name = cleanFileName(name), .contentType = cleanContentType(type),
        .keyId = caller.keyId, .acl = std::move(acl), .lifetime = fileLifetime(call.headers)};
}

Result<Upload> StorageRoutes::uploadOf(const http::Request& call) const
{
    auto upload = readUploadToken(m_context.host.stores().vault(), call.parameters.at("upload"));
    const auto id = call.parameters.find("id");
    if (!upload || (id != call.parameters.end() && id->second != upload->id))
        return fail(ErrorCode::NotFound, "there is no such upload, or it has expired");
    return *std::move(upload);
}

std::string StorageRoutes::urlOf(const http::Request& call, const Upload& upload) const
{
    return runtime::fileUrl(baseOf(m_context, call), upload.id, http::percentEncoded(upload.name));
}

http::Response StorageRoutes::done(const http::Request& call, const Upload& upload) const
{
    const std::string url = urlOf(call, upload);
    return http::Response::json(200, json{{"access_url", url}, {"file_url", url}}.dump());
}

bool StorageRoutes::isThere(const Upload& upload) const
{
    const auto found = store::FileStore::find(m_context.host.stores().reader(), upload.id);
    return found && *found;
}

void StorageRoutes::keep(const Upload& upload, const std::string& bytes, std::shared_ptr<http::Responder> responder, http::Response answer)
{
    store::Stores& stores = m_context.host.stores();
    const TimePoint now = wallClockNow();
    store::ServedFile file{.id = upload.id, .name = upload.name, .contentType = upload.contentType, .size = 0, .created = now,
        .expires = {}, .keyId = upload.keyId, .acl = upload.acl};
    if (upload.lifetime)
        file.expires = now + *upload.lifetime;
    stores.writer().write(
        [files = &stores.files(), file, bytes](store::Database& database) { return files->adopt(database, file, bytes); },
        [responder, answer](const Result<>& kept) { responder->send(kept ? answer : wireError(kept.error())); });
}

} // namespace tintype::wire
