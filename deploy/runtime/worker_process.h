// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/worker_exit.h"
#include "engine/base/generation.h"
#include "engine/base/result.h"
#include "engine/protocol/messages.h"

#include <QObject>
#include <QProcess>
#include <QString>
#include <deque>
#include <optional>
#include <string>

namespace tintype::runtime {

/// One worker process: its frames as typed calls and signals. Nothing blocks; the destructor kills what still runs.
class WorkerProcess : public QObject {
    Q_OBJECT

public:
    explicit WorkerProcess(QString program, QObject* parent = nullptr);
    ~WorkerProcess() override;

    /// $TINTYPE_WORKER, else `tintype-worker` beside this program.
    static Result<QString> findProgram();

    /// Starts the process and greets it. Call once; stopped() follows exactly once, whatever happens.
    void start();

    /// `request` names the call in the signals that answer it.
    /// @error InvalidArgument: a text is not UTF-8, a number not finite
    Result<> load(const LoadRequest& request);
    Result<> generate(const std::string& request, const GenerateRequest& input);

    void cancel(const std::string& request); ///< an empty name cancels the load
    void ping(quint64 number);
    void requestStats();

    void drain();      ///< finish what was accepted, then exit
    void closeInput(); ///< stop at once, within the grace that the worker gives its compute thread
    void kill();

    bool isRunning() const;
    qint64 processId() const;

Q_SIGNALS:
    void greeted(const tintype::protocol::Hello& hello);
    void loadProgressed(const tintype::LoadProgress& progress);
    void loaded(const tintype::ModelCard& card);
    void progressed(const std::string& request, const tintype::Progress& progress);
    void finished(const std::string& request, const tintype::GenerateResult& result);
    void failed(const std::string& request, const tintype::Error& error);
    void ponged(quint64 number);
    void statsArrived(const tintype::protocol::Stats& stats);
    void wroteLine(const std::string& line); ///< of its stderr

    /// The process is gone. Without a reason if it was asked to end and ended well; unanswered requests fail with it.
    void stopped(const std::optional<tintype::Error>& reason);

private:
    Result<> send(const protocol::Message& message);
    void readFrames();
    void readLines();
    void publish(const protocol::Message& message);
    void breakOff(Error reason);
    void onFinished(int exitCode, QProcess::ExitStatus status);
    void onErrorOccurred(QProcess::ProcessError error);

    const QString m_program;
    QProcess m_process;
    protocol::FrameDecoder m_decoder;
    std::string m_lineInProgress;
    std::deque<std::string> m_lastLines;
    bool m_greeted = false;
    bool m_endRequested = false;
    std::optional<Error> m_reason; ///< why this side ended it
};

} // namespace tintype::runtime
