// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/file_fetch.h"

#include "deploy/requirements/pool_task.h"

#include <QTimer>
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace tintype::requirements {
namespace {

constexpr std::chrono::milliseconds kLockPoll{200};
constexpr int kRangeNotSatisfiable = 416;

} // namespace

FileFetch::FileFetch(HubClient& hub, QThreadPool& pool, Target target, QObject* parent)
    : QObject(parent)
    , m_hub(hub)
    , m_pool(pool)
    , m_target(std::move(target))
    , m_retries(hub.settings().retry)
{
}

FileFetch::~FileFetch()
{
    m_stop.request_stop();
}

void FileFetch::start()
{
    prepare();
}

void FileFetch::prepare()
{
    runInPool(
        m_pool, this,
        [target = m_target, stop = m_stop.get_token()] { return BlobFile::open(target.blob, target.file, stop); },
        [this](const Result<std::shared_ptr<BlobFile>>& blob) {
            if (!blob && blob.error().code == ErrorCode::Conflict)
                return QTimer::singleShot(kLockPoll, this, &FileFetch::prepare);
            if (!blob)
                return end(blob.error());
            m_blob = *blob;
            m_bytesDone = m_mostBytes = m_blob->bytes();
            proceed();
        });
}

void FileFetch::proceed()
{
    if (m_bytesDone == m_target.file.bytes)
        verify();
    else
        request();
}

void FileFetch::request()
{
    m_callEnded = false;
    m_callFailure.reset();
    m_call = m_hub.file(m_target.commit, m_target.file.path, m_bytesDone, this);
    connect(m_call, &HubCall::started, this, &FileFetch::checkAnswer);
    connect(m_call, &HubCall::arrived, this, &FileFetch::takeBytes);
    connect(m_call, &HubCall::finished, this, [this](const std::optional<HubFailure>& failure) {
        m_callEnded = true;
        m_callFailure = failure;
        takeBytes();
    });
}

void FileFetch::checkAnswer()
{
    const HubFile& file = m_target.file;
    const bool isOther = (!m_call->commit().empty() && m_call->commit() != m_target.commit)
        || (m_call->hash().size() == file.hash.size() && m_call->hash() != file.hash);
    if (isOther) {
        return end(Error{ErrorCode::Corrupt,
            fmt::format("{}: {}: the hub sends another file than it lists", m_hub.repository(), file.path), {}});
    }
    const std::int64_t firstByte = m_call->status() == 206 ? m_call->firstByte() : 0;
    if (firstByte != 0 && firstByte != m_bytesDone) {
        return end(Error{ErrorCode::Protocol,
            fmt::format("{}: {}: byte {} was asked for, the hub sends from {}", m_hub.repository(), file.path,
                m_bytesDone, firstByte),
            {}});
    }
    m_startsOver = firstByte == 0 && m_bytesDone > 0; // a server that knows no ranges sends all of it
    const std::int64_t announced = m_call->announcedBytes();
    if (announced >= 0 && firstByte + announced != file.bytes) {
        end(Error{ErrorCode::Corrupt,
            fmt::format("{}: {}: the hub lists {} bytes and sends {}", m_hub.repository(), file.path, file.bytes,
                firstByte + announced),
            {}});
    }
}

void FileFetch::takeBytes()
{
    if (m_isWriting || !m_call)
        return;
    const QByteArray bytes = m_call->take();
    if (!bytes.isEmpty())
        write(bytes);
    else if (m_callEnded)
        concludeCall();
}

void FileFetch::write(const QByteArray& bytes)
{
    const bool startsOver = std::exchange(m_startsOver, false);
    const std::int64_t before = startsOver ? 0 : m_bytesDone;
    if (before + bytes.size() > m_target.file.bytes) {
        return end(Error{ErrorCode::Corrupt,
            fmt::format("{}: {}: the hub sends more than the {} bytes that it lists", m_hub.repository(),
                m_target.file.path, m_target.file.bytes),
            {}});
    }
    m_isWriting = true;
    runInPool(
        m_pool, this,
        [blob = m_blob, bytes, startsOver]() -> Result<> {
            if (startsOver)
                TINTYPE_TRY(blob->restart());
            return blob->append({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        },
        [this, after = std::int64_t{before + bytes.size()}](const Result<>& result) {
            m_isWriting = false;
            if (!result)
                return end(result.error());
            m_bytesDone = after;
            if (after > m_mostBytes) // a server without ranges that breaks off again and again makes no progress
                m_retries.reset();
            m_mostBytes = std::max(m_mostBytes, after);
            takeBytes();
        });
}

void FileFetch::concludeCall()
{
    dropCall();
    if (m_bytesDone == m_target.file.bytes)
        return verify();
    if (m_callFailure && m_callFailure->status != kRangeNotSatisfiable)
        return tryAgain(*m_callFailure);
    // An answer that ended too early, or a partial file that the server does not take for one of its own.
    tryAgain({{ErrorCode::Unavailable,
                  fmt::format("{}: {}: the connection ended at {} of {} bytes", m_hub.repository(), m_target.file.path,
                      m_bytesDone, m_target.file.bytes),
                  {}},
        true, {}, 0});
}

void FileFetch::tryAgain(const HubFailure& failure)
{
    const auto wait = m_retries.waitAfter(failure);
    if (!wait)
        return end(failure.error);
    QTimer::singleShot(*wait, this, &FileFetch::request);
}

void FileFetch::verify()
{
    runInPool(
        m_pool, this, [blob = m_blob] { return blob->finish(); },
        [this](const Result<>& result) {
            if (result)
                return end(std::nullopt);
            end(Error{result.error().code, m_hub.repository() + ": " + result.error().message, {}});
        });
}

void FileFetch::dropCall()
{
    if (!m_call)
        return;
    m_call->disconnect(this);
    std::exchange(m_call, nullptr)->deleteLater();
}

void FileFetch::end(const std::optional<Error>& failure)
{
    dropCall();
    m_blob.reset(); // gives the lock back
    Q_EMIT finished(failure);
}

} // namespace tintype::requirements
