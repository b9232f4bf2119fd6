// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/generate_options.h"
#include "deploy/cli/interrupt.h"
#include "deploy/cli/progress_display.h"
#include "deploy/runtime/worker_process.h"

#include <QObject>
#include <memory>
#include <optional>

namespace tintype::cli {

/// One run of `tintype generate`: a worker of its own loads the model, draws, and ends.
class GenerateCommand : public QObject {
    Q_OBJECT

public:
    explicit GenerateCommand(const GenerateOptions& options);
    ~GenerateCommand() override;

    /// Runs the event loop until done. Returns the program's exit code.
    int execute();

private:
    Result<> prepareOutputs();
    Result<> startWorker();
    void onInterrupted();
    void onProgressed(const Progress& progress);
    void onFinished(const GenerateResult& result);
    void onStopped(const std::optional<Error>& reason);
    void showWorkerLine(const std::string& line);
    Result<> writeOutputs(const GenerateResult& result);
    Result<> report(const GenerateResult& result);
    void endWith(const Result<>& outcome);
    int failWith(const Error& error);

    const GenerateOptions& m_options;
    Interrupt m_interrupt;
    ProgressDisplay m_display;
    std::unique_ptr<runtime::WorkerProcess> m_worker;
    std::optional<ModelCard> m_card;
    bool m_interrupted = false;
    bool m_previewFailed = false;
    std::optional<Result<>> m_outcome;
};

} // namespace tintype::cli
