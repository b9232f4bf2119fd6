// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/pusher.h"

#include "deploy/control/hash_cache.h"
#include "deploy/domain/definition_yaml.h"

#include <QFile>
#include <QPromise>
#include <QTimer>
#include <algorithm>
#include <deque>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace tintype::control {
namespace {

constexpr std::uint64_t kChunkBytes = 8U << 20;
constexpr std::uint64_t kMaxDefinitionBytes = 1U << 20;
constexpr int kMaxFailures = 6; ///< of one chunk in a row
constexpr int kFirstPauseMs = 500;
constexpr qint64 kTellEveryMs = 100;
constexpr double kMillisecondsPerSecond = 1000;
constexpr std::string_view kFilePrefix = "file:";

Result<QByteArray> readPart(const std::string& path, std::uint64_t offset, std::uint64_t size)
{
    QFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::ReadOnly) || !file.seek(static_cast<qint64>(offset)))
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: cannot be read: {}", path, file.errorString().toStdString()));
    QByteArray bytes = file.read(static_cast<qint64>(size));
    if (static_cast<std::uint64_t>(bytes.size()) != size)
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: became shorter while it was sent", path));
    return bytes;
}

/// Folders that travel with a definition, in its order, each once.
std::vector<std::string> foldersOf(const domain::AppDefinition& definition)
{
    std::vector<std::string> folders;
    const auto add = [&](const std::string& folder) {
        if (std::find(folders.begin(), folders.end(), folder) == folders.end())
            folders.push_back(folder);
    };
    for (const domain::Requirement& requirement : definition.requirements) {
        if (requirement.kind == domain::Requirement::Kind::File)
            add(requirement.name);
    }
    if (definition.setup.model.starts_with(kFilePrefix))
        add(definition.setup.model.substr(kFilePrefix.size()));
    return folders;
}

struct Definition {
    std::string text;
    std::vector<LocalFile> files; ///< each once
};

Result<Definition> readAll(const std::string& file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error)
        return fail(ErrorCode::NotFound, fmt::format("{}: cannot be read: {}", file, error.message()));
    if (size > kMaxDefinitionBytes)
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: {} bytes are too many for a definition", file, size));
    TINTYPE_TRY_ASSIGN(const QByteArray text, readPart(file, 0, size));
    Definition result{text.toStdString(), {}};
    TINTYPE_TRY_ASSIGN(const domain::AppDefinition definition, domain::readDefinition(result.text, file));
    const std::string base = std::filesystem::absolute(file).parent_path().string();
    std::map<std::string, LocalFile> byPath;
    for (const std::string& folder : foldersOf(definition)) {
        TINTYPE_TRY_ASSIGN(const std::vector<LocalFile> files, folderFiles(base, folder));
        for (const LocalFile& found : files)
            byPath.emplace(found.path, found);
    }
    for (auto& [path, found] : byPath)
        result.files.push_back(std::move(found));
    return result;
}

struct Prepared {
    Deployment deployment;
    std::vector<LocalFile> files; ///< one for each of deployment.files
};

} // namespace

struct Pusher::Upload {
    Deployment deployment;
    std::map<std::string, std::string> sources; ///< sha256 → file on this machine
    std::deque<MissingBlob> queue;
    std::uint64_t bytesTotal = 0;
    std::uint64_t bytesDone = 0; ///< of blobs that are through
    int failures = 0;            ///< of the chunk that is being sent
    QPromise<Result<DeployReceipt>> promise;
};

Pusher::Pusher(Control& control, std::string cacheFile, QObject* parent)
    : QObject(parent)
    , m_control(control)
    , m_cacheFile(std::move(cacheFile))
    , m_cancelled(std::make_shared<std::atomic<bool>>(false))
{
    m_pool.setMaxThreadCount(1);
}

Pusher::~Pusher()
{
    cancel();
    m_pool.waitForDone();
}

void Pusher::cancel()
{
    *m_cancelled = true;
}

Future<Deployment> Pusher::prepare(const std::string& file, const PushOptions& options)
{
    *m_cancelled = false;
    m_clock.start();
    m_toldAt = 0;
    m_doneBefore = 0;
    auto promise = std::make_shared<QPromise<Result<Prepared>>>();
    promise->start();
    const auto work = [this, file, options, cancelled = m_cancelled]() -> Result<Prepared> {
        TINTYPE_TRY_ASSIGN(Definition definition, readAll(file));
        HashCache cache(m_cacheFile);
        std::uint64_t total = 0;
        for (const LocalFile& local : definition.files)
            total += cache.knows(local) ? 0 : local.size;
        Prepared prepared{options, std::move(definition.files)};
        prepared.deployment.definition = std::move(definition.text);
        std::uint64_t done = 0;
        const auto progress = [this, &done, total, &cancelled](std::uint64_t bytes) {
            done += bytes;
            QMetaObject::invokeMethod(
                this, [this, done, total] { tellProgress(PushProgress::Stage::Hashing, done, total); }, Qt::QueuedConnection);
            return !*cancelled;
        };
        for (const LocalFile& local : prepared.files) {
            TINTYPE_TRY_ASSIGN(std::string sha256, cache.hash(local, progress));
            prepared.deployment.files.push_back({local.path, std::move(sha256), local.size});
        }
        return prepared;
    };
    m_pool.start([promise, work] {
        promise->addResult(work());
        promise->finish();
    });
    return promise->future().then(this, [this](const Result<Prepared>& prepared) -> Result<Deployment> {
        if (!prepared)
            return tl::unexpected(prepared.error());
        m_files = prepared->files;
        return prepared->deployment;
    });
}

Future<DeployReceipt> Pusher::push(const Deployment& deployment)
{
    m_upload = std::make_unique<Upload>();
    m_upload->deployment = deployment;
    m_upload->promise.start();
    const auto future = m_upload->promise.future();
    std::vector<BlobReference> blobs;
    for (const FileReference& file : deployment.files) {
        const auto local = std::find_if(
            m_files.begin(), m_files.end(), [&](const LocalFile& candidate) { return candidate.path == file.path; });
        if (local != m_files.end() && m_upload->sources.emplace(file.sha256, local->absolute).second)
            blobs.push_back({file.sha256, file.size});
    }
    if (blobs.empty()) {
        begin({});
        return future;
    }
    m_control.missingBlobs(blobs).then(this, [this](const Result<std::vector<MissingBlob>>& missing) {
        if (missing)
            begin(*missing);
        else
            finishUpload(tl::unexpected(missing.error()));
    });
    return future;
}

void Pusher::begin(const std::vector<MissingBlob>& missing)
{
    m_upload->queue.assign(missing.begin(), missing.end());
    m_doneBefore = 0;
    for (const MissingBlob& blob : missing) {
        m_upload->bytesTotal += blob.size;
        m_doneBefore += blob.offset;
    }
    m_clock.start();
    m_toldAt = 0;
    uploadNext();
}

void Pusher::uploadNext()
{
    if (*m_cancelled) {
        finishUpload(fail(ErrorCode::Cancelled, "cancelled"));
    } else if (m_upload->queue.empty()) {
        m_control.deploy(m_upload->deployment).then(this, [this](const Result<DeployReceipt>& receipt) {
            finishUpload(receipt);
        });
    } else if (!m_upload->sources.contains(m_upload->queue.front().sha256)) {
        finishUpload(fail(ErrorCode::Protocol, "the host asks for a file that is not part of this push"));
    } else {
        sendChunk();
    }
}

void Pusher::sendChunk()
{
    const MissingBlob blob = m_upload->queue.front();
    const std::uint64_t size = std::min(kChunkBytes, blob.size - std::min(blob.offset, blob.size));
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    m_pool.start([promise, blob, size, path = m_upload->sources.at(blob.sha256)] {
        promise->addResult(readPart(path, blob.offset, size));
        promise->finish();
    });
    promise->future().then(this, [this, blob](const Result<QByteArray>& chunk) {
        if (!chunk) {
            finishUpload(tl::unexpected(chunk.error()));
            return;
        }
        m_control.putBlob(blob, *chunk).then(this, [this](const Result<std::uint64_t>& offset) {
            if (!offset) {
                onChunkFailed(offset.error());
                return;
            }
            MissingBlob& current = m_upload->queue.front();
            m_upload->failures = 0;
            current.offset = *offset;
            tellProgress(PushProgress::Stage::Uploading, m_upload->bytesDone + current.offset, m_upload->bytesTotal);
            if (current.offset >= current.size)
                commitBlob();
            else
                uploadNext();
        });
    });
}

/// A broken connection is tried again; a chunk in the wrong place (an answer was lost) goes on where the host stands.
void Pusher::onChunkFailed(const Error& error)
{
    const bool again = mayRetry(error.code) || error.code == ErrorCode::Conflict;
    if (!again || ++m_upload->failures > kMaxFailures) {
        finishUpload(tl::unexpected(error));
        return;
    }
    QTimer::singleShot(kFirstPauseMs << (m_upload->failures - 1), this, &Pusher::askOffset);
}

void Pusher::askOffset()
{
    if (*m_cancelled)
        return uploadNext();
    const MissingBlob& blob = m_upload->queue.front();
    m_control.missingBlobs({{blob.sha256, blob.size}}).then(this, [this](const Result<std::vector<MissingBlob>>& missing) {
        if (!missing) {
            onChunkFailed(missing.error());
        } else if (missing->empty()) { // it is there
            m_upload->bytesDone += m_upload->queue.front().size;
            m_upload->queue.pop_front();
            uploadNext();
        } else {
            m_upload->queue.front().offset = missing->front().offset;
            if (missing->front().offset >= missing->front().size && missing->front().size > 0)
                commitBlob();
            else
                uploadNext();
        }
    });
}

void Pusher::commitBlob()
{
    m_control.commitBlob(m_upload->queue.front().sha256).then(this, [this](const Result<>& committed) {
        if (!committed) {
            onChunkFailed(committed.error());
            return;
        }
        m_upload->bytesDone += m_upload->queue.front().size;
        m_upload->queue.pop_front();
        uploadNext();
    });
}

void Pusher::finishUpload(const Result<DeployReceipt>& outcome)
{
    const std::unique_ptr<Upload> upload = std::move(m_upload);
    upload->promise.addResult(outcome);
    upload->promise.finish();
}

void Pusher::tellProgress(PushProgress::Stage stage, std::uint64_t done, std::uint64_t total)
{
    const qint64 elapsed = std::max<qint64>(m_clock.elapsed(), 1);
    if (done < total && m_toldAt != 0 && elapsed - m_toldAt < kTellEveryMs)
        return;
    m_toldAt = elapsed;
    const double speed = static_cast<double>(done - std::min(m_doneBefore, done)) * kMillisecondsPerSecond / static_cast<double>(elapsed);
    const double left = static_cast<double>(total - std::min(done, total));
    Q_EMIT progressed({stage, done, total, speed, speed > 0 ? left / speed : 0});
}

} // namespace tintype::control
