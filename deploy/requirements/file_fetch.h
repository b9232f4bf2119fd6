// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/blob_file.h"
#include "deploy/requirements/hub_client.h"

#include <QObject>
#include <QThreadPool>

namespace tintype::requirements {

/// Brings one file of a commit into a cache's blobs: goes on where an earlier try ended, tries again what may pass,
/// checks size and hash. Destroying it leaves the partial file for the next try. Disk and hash work run on the pool,
/// one piece at a time, and the socket waits for them.
class FileFetch : public QObject {
    Q_OBJECT

public:
    struct Target {
        std::string commit;
        HubFile file;
        std::filesystem::path blob;
    };

    FileFetch(HubClient& hub, QThreadPool& pool, Target target, QObject* parent);
    ~FileFetch() override;

    void start(); ///< finished() follows once
    std::int64_t bytesDone() const { return m_bytesDone; }
    const HubFile& file() const { return m_target.file; }

Q_SIGNALS:
    void finished(const std::optional<tintype::Error>& failure);

private:
    void prepare();
    void proceed();
    void request();
    void checkAnswer();
    void takeBytes();
    void write(const QByteArray& bytes);
    void concludeCall();
    void tryAgain(const HubFailure& failure);
    void verify();
    void dropCall();
    void end(const std::optional<Error>& failure);

    HubClient& m_hub;
    QThreadPool& m_pool;
    const Target m_target;
    RetryCounter m_retries;
    std::stop_source m_stop;
    std::shared_ptr<BlobFile> m_blob; ///< in use by the pool while m_isWriting
    HubCall* m_call = nullptr;
    std::optional<HubFailure> m_callFailure;
    bool m_callEnded = false;
    bool m_isWriting = false;
    bool m_startsOver = false; ///< the next piece is the file's first, whatever is there
    std::int64_t m_bytesDone = 0;
    std::int64_t m_mostBytes = 0;
};

} // namespace tintype::requirements
