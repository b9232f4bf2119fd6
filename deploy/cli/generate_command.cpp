// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/generate_command.h"

#include "deploy/cli/generate_report.h"
#include "deploy/cli/output_file.h"
#include "deploy/cli/standard_output.h"
#include "deploy/runtime/worker_log.h"

#include <QCoreApplication>
#include <QTimer>
#include <chrono>
#include <filesystem>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

using runtime::WorkerProcess;

constexpr const char* kRequest = "generate";
constexpr std::chrono::seconds kWorkerEndGrace{3};

} // namespace

GenerateCommand::GenerateCommand(const GenerateOptions& options)
    : m_options(options)
{
    connect(&m_interrupt, &Interrupt::interrupted, this, &GenerateCommand::onInterrupted);
}

GenerateCommand::~GenerateCommand() = default;

int GenerateCommand::execute()
{
    if (const auto prepared = prepareOutputs(); !prepared)
        return failWith(prepared.error());
    if (const auto started = startWorker(); !started)
        return failWith(started.error());
    QCoreApplication::exec();
    m_worker.reset();
    if (!m_outcome.value())
        return failWith(m_outcome->error());
    return 0;
}

Result<> GenerateCommand::prepareOutputs()
{
    for (const std::string& file : pictureFiles(m_options))
        TINTYPE_TRY(checkWritable(file));
    if (!m_options.latentsFile.empty())
        TINTYPE_TRY(checkWritable(m_options.latentsFile));
    if (m_options.previewFolder.empty())
        return {};
    std::error_code error;
    std::filesystem::create_directories(m_options.previewFolder, error);
    if (error)
        return fail(
            ErrorCode::Io, fmt::format("{}: cannot be created: {}", m_options.previewFolder, error.message()));
    return checkWritable(m_options.previewFolder + "/step-0001.jpg");
}

Result<> GenerateCommand::startWorker()
{
    TINTYPE_TRY_ASSIGN(QString program, WorkerProcess::findProgram());
    m_worker = std::make_unique<WorkerProcess>(std::move(program));
    connect(m_worker.get(), &WorkerProcess::loadProgressed, this,
        [this](const LoadProgress& progress) { m_display.showLoading(progress); });
    connect(m_worker.get(), &WorkerProcess::loaded, this, [this](const ModelCard& card) { m_card = card; });
    connect(m_worker.get(), &WorkerProcess::progressed, this,
        [this](const std::string&, const Progress& progress) { onProgressed(progress); });
    connect(m_worker.get(), &WorkerProcess::finished, this,
        [this](const std::string&, const GenerateResult& result) { onFinished(result); });
    connect(m_worker.get(), &WorkerProcess::failed, this,
        [this](const std::string&, const Error& error) { endWith(tl::unexpected(error)); });
    connect(m_worker.get(), &WorkerProcess::wroteLine, this, &GenerateCommand::showWorkerLine);
    connect(m_worker.get(), &WorkerProcess::stopped, this, &GenerateCommand::onStopped);
    m_worker->start();
    TINTYPE_TRY(m_worker->load(m_options.load));
    return m_worker->generate(kRequest, m_options.input); // waits in the worker until the model is there
}

void GenerateCommand::onInterrupted()
{
    const bool isFirst = !std::exchange(m_interrupted, true);
    if (m_outcome)
        return; // the work is done and its files are whole
    if (isFirst && m_card) {
        m_display.note("cancelling after this step; once more to end at once");
        m_worker->cancel(kRequest);
    } else {
        m_worker->kill(); // a model that is loading has nothing to lose
    }
}

void GenerateCommand::onProgressed(const Progress& progress)
{
    m_display.showStep(progress);
    if (!progress.preview || m_options.previewFolder.empty() || m_previewFailed)
        return;
    auto staged = StagedFile::write(
        fmt::format("{}/step-{:04}.jpg", m_options.previewFolder, progress.step), progress.preview->bytes);
    const Result<> written = staged ? staged->commit() : Result<>(tl::unexpected(staged.error()));
    if (!written) {
        m_previewFailed = true;
        m_display.note("warning: no more previews: " + written.error().message);
    }
}

void GenerateCommand::onFinished(const GenerateResult& result)
{
    m_worker->closeInput(); // it ends while the files are written
    Result<> outcome = writeOutputs(result);
    if (outcome)
        outcome = report(result);
    endWith(outcome);
}

Result<> GenerateCommand::writeOutputs(const GenerateResult& result)
{
    const std::vector<std::string> files = pictureFiles(m_options);
    if (result.images.size() != files.size())
        return fail(ErrorCode::Protocol,
            fmt::format("the worker drew {} pictures where {} were asked for", result.images.size(), files.size()));
    std::vector<StagedFile> staged;
    for (std::size_t index = 0; index < files.size(); ++index) {
        TINTYPE_TRY_ASSIGN(auto file, StagedFile::write(files[index], result.images[index].bytes));
        staged.push_back(std::move(file));
    }
    if (!m_options.latentsFile.empty()) {
        TINTYPE_TRY_ASSIGN(auto file, StagedFile::write(m_options.latentsFile, result.latents));
        staged.push_back(std::move(file));
    }
    for (StagedFile& file : staged)
        TINTYPE_TRY(file.commit());
    return {};
}

Result<> GenerateCommand::report(const GenerateResult& result)
{
    const ModelCard card = m_card.value_or(ModelCard{});
    for (const std::string& warning : result.warnings)
        m_display.note("warning: " + warning);
    if (m_options.json)
        return print(resultAsJson(m_options, card, result));
    m_display.note(summaryOf(card, result));
    for (const std::string& file : pictureFiles(m_options))
        TINTYPE_TRY(print(file + "\n"));
    return m_options.latentsFile.empty() ? Result<>() : print(m_options.latentsFile + "\n");
}

/// What the worker logs is for a developer, but a line that is a warning or no log line at all may explain a failure.
void GenerateCommand::showWorkerLine(const std::string& line)
{
    const auto [level, text] = runtime::parseWorkerLogLine(line);
    if (level.empty())
        m_display.note(text);
    else if (level == "warning" || level == "critical")
        m_display.note(level + ": " + text);
}

void GenerateCommand::endWith(const Result<>& outcome)
{
    if (m_outcome)
        return; // the first reason is the one that counts
    m_outcome = outcome;
    m_worker->closeInput();
    QTimer::singleShot(kWorkerEndGrace, m_worker.get(), &WorkerProcess::kill);
}

void GenerateCommand::onStopped(const std::optional<Error>& reason)
{
    if (!m_outcome) {
        const Error cancelled{ErrorCode::Cancelled, "cancelled", {}};
        const Error ended{ErrorCode::Unavailable, "the worker ended before the picture was done", {}};
        m_outcome = tl::unexpected(m_interrupted ? cancelled : reason.value_or(ended));
    }
    QCoreApplication::quit();
}

int GenerateCommand::failWith(const Error& error)
{
    m_display.note(error.message);
    if (m_options.json)
        std::ignore = print(errorAsJson(error));
    return exitCode(error.code);
}

} // namespace tintype::cli
