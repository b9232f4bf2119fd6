// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/worker.h"
#include "deploy/runtime/worker_exit.h"
#include "engine/protocol/frame.h"

#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <deque>

namespace tintype::runtime {

/// One worker process on this machine.
class WorkerProcess : public Worker {
    Q_OBJECT

public:
    explicit WorkerProcess(QString program, QObject* parent = nullptr);
    ~WorkerProcess() override;

    /// $TINTYPE_WORKER, else `tintype-worker` beside this program.
    static Result<QString> findProgram();

    void setEnvironment(const QProcessEnvironment& environment); ///< before start(); this process's own unless set

    void start() override;
    Result<> load(const LoadRequest& request) override;
    Result<> generate(const std::string& request, const GenerateRequest& input) override;
    void cancel(const std::string& request) override;
    void ping(quint64 number) override;
    void requestStats() override;
    void drain() override;
    void terminate() override;
    void closeInput(); ///< stop at once, within the grace that the worker gives its compute thread
    void kill() override;
    bool isRunning() const;
    qint64 processId() const override;

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
