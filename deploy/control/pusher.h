// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/control.h"
#include "deploy/control/folder_files.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace tintype::control {

/// How far a push is.
struct PushProgress {
    enum class Stage { Hashing, Uploading };
    Stage stage = Stage::Hashing;
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    double bytesPerSecond = 0;
    double etaSeconds = 0;
};

/// How a push names and treats what it sends: a Deployment without definition and files.
using PushOptions = Deployment;

/// Brings a definition and the files that belong to it to a host: reads, hashes (on another thread), uploads what the
/// host lacks in chunks that are taken up where they broke off, and posts the deployment. One at a time.
class Pusher : public QObject {
    Q_OBJECT

public:
    /// @param cacheFile of HashCache
    Pusher(Control& control, std::string cacheFile, QObject* parent = nullptr);
    ~Pusher() override;

    /// Reads app.yaml, checks it, and hashes what its `file:` requirements and model name. No host is asked.
    Future<Deployment> prepare(const std::string& file, const PushOptions& options);

    /// What the deployment of prepare() would change. Nothing is uploaded.
    Future<DeployPlan> check(const Deployment& deployment) { return m_control.check(deployment); }

    /// Uploads the files of prepare() that the host lacks, and deploys.
    Future<DeployReceipt> push(const Deployment& deployment);

    void cancel();

Q_SIGNALS:
    void progressed(const tintype::control::PushProgress& progress);

private:
    struct Upload;

    void begin(const std::vector<MissingBlob>& missing);
    void uploadNext();
    void sendChunk();
    void onChunkFailed(const Error& error);
    void askOffset();
    void commitBlob();
    void finishUpload(const Result<DeployReceipt>& outcome);
    void tellProgress(PushProgress::Stage stage, std::uint64_t done, std::uint64_t total);

    Control& m_control;
    const std::string m_cacheFile;
    std::vector<LocalFile> m_files;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
    std::unique_ptr<Upload> m_upload;
    QElapsedTimer m_clock;         ///< since the stage began
    qint64 m_toldAt = 0;           ///< when progress was told last, on that clock
    std::uint64_t m_doneBefore = 0; ///< bytes that had been done when the stage began
    QThreadPool m_pool;            ///< reads files
};

} // namespace tintype::control
