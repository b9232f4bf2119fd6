// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/call_journal.h"

#include "engine/base/json_object.h"
#include "engine/base/json_text.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace tintype::store {
namespace {

constexpr std::size_t kLargeFile = std::size_t{16} << 20;

/// What a record tells of a call.
std::string lineOf(const domain::Request& request)
{
    JsonText json;
    json.beginObject().field("id", request.id).field("app", request.app).field("endpoint", request.endpoint);
    json.field("via", static_cast<int>(request.via)).field("submitted", toMilliseconds(request.submittedAt));
    json.field("key", request.keyId).field("webhook", request.webhook).field("store_io", request.storeInputOutput);
    if (request.storeInputOutput)
        json.field("input", request.input);
    return '\n' + json.endObject().take(); // in front, so that one that was cut off does not spoil the next
}

Result<domain::Request> readLine(const std::string& line)
{
    TINTYPE_TRY_ASSIGN(const auto fields, JsonObject::parse(line, "call"));
    domain::Request request;
    TINTYPE_TRY_ASSIGN(request.id, fields.string("id"));
    TINTYPE_TRY_ASSIGN(request.app, fields.string("app"));
    TINTYPE_TRY_ASSIGN(request.endpoint, fields.string("endpoint"));
    TINTYPE_TRY_ASSIGN(const auto via, fields.integer("via", 0, static_cast<int>(domain::Via::Websocket)));
    TINTYPE_TRY_ASSIGN(const auto submitted, fields.integer("submitted", 0, INT64_MAX));
    TINTYPE_TRY_ASSIGN(request.keyId, fields.string("key"));
    TINTYPE_TRY_ASSIGN(request.webhook, fields.string("webhook"));
    TINTYPE_TRY_ASSIGN(request.storeInputOutput, fields.boolean("store_io"));
    request.via = static_cast<domain::Via>(via);
    request.submittedAt = fromMilliseconds(submitted);
    if (request.storeInputOutput) {
        TINTYPE_TRY_ASSIGN(request.input, fields.string("input"));
    }
    return request;
}

int openFile(const std::filesystem::path& file, int flags)
{
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0600);
}

} // namespace

CallJournal::CallJournal(std::filesystem::path file, int descriptor)
    : m_file(std::move(file))
    , m_descriptor(descriptor)
{
}

CallJournal::CallJournal(CallJournal&& other) noexcept
    : m_file(std::move(other.m_file))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_size(other.m_size)
    , m_openBytes(other.m_openBytes)
    , m_lines(std::move(other.m_lines))
    , m_leftOver(std::move(other.m_leftOver))
{
}

CallJournal::~CallJournal()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Error CallJournal::failure(const char* what) const
{
    return {ErrorCode::Io, fmt::format("{}: cannot be {}: {}", m_file.string(), what, std::strerror(errno)), {}};
}

Result<CallJournal> CallJournal::open(const std::filesystem::path& file)
{
    CallJournal journal(file, openFile(file, 0));
    if (journal.m_descriptor < 0)
        return tl::unexpected(journal.failure("opened"));
    TINTYPE_TRY(journal.readLeftOver());
    return journal;
}

Result<> CallJournal::readLeftOver()
{
    std::ifstream stream(m_file, std::ios::binary);
    if (!stream)
        return tl::unexpected(failure("read"));
    for (std::string line; std::getline(stream, line);) {
        m_size += line.size() + 1;
        auto request = readLine(line);
        if (!request)
            continue; // the empty one at the front, or one that a full disk has cut off
        m_openBytes += line.size() + 1;
        m_lines.emplace(request->id, '\n' + line);
        m_leftOver.push_back(*std::move(request));
    }
    return stream.bad() ? tl::unexpected(failure("read")) : Result<>();
}

Result<> CallJournal::begin(const domain::Request& request)
{
    if (m_size > kLargeFile && m_size > 2 * m_openBytes)
        std::ignore = tidy(); // a line can still be added to a file that cannot be made smaller
    const auto [entry, isNew] = m_lines.emplace(request.id, lineOf(request));
    if (!isNew)
        return {};
    m_openBytes += entry->second.size();
    auto written = write(entry->second);
    if (!written)
        end(request.id);
    return written;
}

void CallJournal::end(const std::string& id)
{
    const auto found = m_lines.find(id);
    if (found == m_lines.end())
        return;
    m_openBytes -= found->second.size();
    m_lines.erase(found);
}

Result<> CallJournal::tidy()
{
    if (m_size == m_openBytes)
        return {};
    std::filesystem::path fresh = m_file;
    fresh += ".new";
    const int descriptor = openFile(fresh, O_TRUNC);
    if (descriptor < 0)
        return tl::unexpected(failure("tidied"));
    const int old = std::exchange(m_descriptor, descriptor);
    const std::size_t oldSize = std::exchange(m_size, 0);
    std::string lines;
    lines.reserve(m_openBytes);
    for (const auto& [id, line] : m_lines)
        lines += line;
    auto written = write(lines);
    if (written && std::rename(fresh.c_str(), m_file.c_str()) != 0)
        written = tl::unexpected(failure("tidied"));
    if (!written) {
        m_descriptor = old;
        m_size = oldSize;
        ::unlink(fresh.c_str()); // on a full disk it takes what others need
    }
    ::close(written ? old : descriptor);
    return written;
}

Result<> CallJournal::write(std::string_view text)
{
    while (!text.empty()) {
        const auto count = ::write(m_descriptor, text.data(), text.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return tl::unexpected(failure("written"));
        m_size += static_cast<std::size_t>(count);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

} // namespace tintype::store
