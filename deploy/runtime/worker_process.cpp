// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/worker_process.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <fmt/format.h>
#include <utility>

namespace tintype::runtime {
namespace {

constexpr std::size_t kKeptLines = 20;
constexpr std::size_t kMaxLineBytes = 4096;

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

Error unreadable(const Error& error)
{
    return {error.code, "the worker's answer cannot be read: " + error.message, error.detail};
}

} // namespace

WorkerProcess::WorkerProcess(QString program, QObject* parent)
    : Worker(parent)
    , m_program(std::move(program))
{
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &WorkerProcess::readFrames);
    connect(&m_process, &QProcess::readyReadStandardError, this, &WorkerProcess::readLines);
    connect(&m_process, &QProcess::finished, this, &WorkerProcess::onFinished);
    connect(&m_process, &QProcess::errorOccurred, this, &WorkerProcess::onErrorOccurred);
}

WorkerProcess::~WorkerProcess()
{
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished(); // a matter of milliseconds after a kill
}

Result<QString> WorkerProcess::findProgram()
{
    const QString chosen = qEnvironmentVariable("TINTYPE_WORKER");
    const QString program
        = chosen.isEmpty() ? QCoreApplication::applicationDirPath() + QStringLiteral("/tintype-worker") : chosen;
    const QFileInfo file(program);
    if (file.isFile() && file.isExecutable())
        return program;
    return fail(ErrorCode::NotFound,
        fmt::format("{}: not a program that can be run; set TINTYPE_WORKER to where tintype-worker is",
            program.toStdString()));
}

void WorkerProcess::setEnvironment(const QProcessEnvironment& environment)
{
    m_process.setProcessEnvironment(environment);
}

void WorkerProcess::start()
{
    m_process.start(m_program, QStringList());
    // Cannot fail: all that it carries is in this program.
    std::ignore = send(protocol::Hello{.build = QCoreApplication::applicationVersion().toStdString(), .device = {}});
}

Result<> WorkerProcess::load(const LoadRequest& request)
{
    return send(protocol::Load{request});
}

Result<> WorkerProcess::generate(const std::string& request, const GenerateRequest& input)
{
    return send(protocol::Generate{.request = request, .input = input});
}

void WorkerProcess::cancel(const std::string& request)
{
    std::ignore = send(protocol::Cancel{request});
}

void WorkerProcess::ping(quint64 number)
{
    std::ignore = send(protocol::Ping{number});
}

void WorkerProcess::requestStats()
{
    std::ignore = send(protocol::StatsRequest{});
}

void WorkerProcess::drain()
{
    m_endRequested = true;
    std::ignore = send(protocol::Drain{});
}

void WorkerProcess::terminate()
{
    m_endRequested = true;
    m_process.terminate();
}

void WorkerProcess::closeInput()
{
    m_endRequested = true;
    m_process.closeWriteChannel();
}

void WorkerProcess::kill()
{
    m_endRequested = true;
    m_process.kill();
}

bool WorkerProcess::isRunning() const
{
    return m_process.state() != QProcess::NotRunning;
}

qint64 WorkerProcess::processId() const
{
    return m_process.processId();
}

Result<> WorkerProcess::send(const protocol::Message& message)
{
    TINTYPE_TRY_ASSIGN(const auto frame, protocol::encode(message));
    // QProcess keeps what the pipe does not take; a worker that is gone is told by stopped().
    if (isRunning())
        m_process.write(reinterpret_cast<const char*>(frame.data()), static_cast<qint64>(frame.size()));
    return {};
}

void WorkerProcess::readFrames()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    m_decoder.feed({reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
    while (!m_reason) {
        auto frame = m_decoder.next();
        if (!frame)
            return breakOff(unreadable(frame.error()));
        if (!*frame)
            return;
        const auto message = protocol::decode(**std::move(frame));
        if (!message)
            return breakOff(unreadable(message.error()));
        publish(*message);
    }
}

void WorkerProcess::publish(const protocol::Message& message)
{
    if (!std::exchange(m_greeted, true) && !std::holds_alternative<protocol::Hello>(message))
        return breakOff({ErrorCode::Protocol, "the worker's first frame is not hello", {}});
    std::visit(
        Overloaded{
            [this](const protocol::Hello& hello) {
                if (hello.protocol != protocol::kProtocolVersion)
                    return breakOff({ErrorCode::Protocol,
                        fmt::format("the worker speaks protocol {}, this program {}: install both from one build",
                            hello.protocol, protocol::kProtocolVersion),
                        {}});
                Q_EMIT greeted(hello);
            },
            [this](const protocol::LoadProgressed& message_) { Q_EMIT loadProgressed(message_.progress); },
            [this](const protocol::Loaded& message_) { Q_EMIT loaded(message_.card); },
            [this](const protocol::Progressed& message_) { Q_EMIT progressed(message_.request, message_.progress); },
            [this](const protocol::Finished& message_) { Q_EMIT finished(message_.request, message_.result); },
            [this](const protocol::Failed& message_) { Q_EMIT failed(message_.request, message_.error); },
            [this](const protocol::Pong& pong) { Q_EMIT ponged(pong.number); },
            [this](const protocol::Stats& stats) { Q_EMIT statsArrived(stats); },
            [this](const auto&) {
                breakOff({ErrorCode::Protocol, "the worker sent a message that only a host sends", {}});
            },
        },
        message);
}

void WorkerProcess::breakOff(Error reason)
{
    m_reason = std::move(reason);
    m_process.kill();
}

void WorkerProcess::readLines()
{
    const QByteArray bytes = m_process.readAllStandardError();
    for (const char byte : bytes) {
        if (byte != '\n' && m_lineInProgress.size() < kMaxLineBytes)
            m_lineInProgress += byte;
        if (byte != '\n' || m_lineInProgress.empty())
            continue;
        m_lastLines.push_back(std::exchange(m_lineInProgress, {}));
        if (m_lastLines.size() > kKeptLines)
            m_lastLines.pop_front();
        Q_EMIT wroteLine(m_lastLines.back());
    }
}

void WorkerProcess::onFinished(int exitCode, QProcess::ExitStatus status)
{
    readFrames();
    readLines();
    if (!m_lineInProgress.empty())
        m_lastLines.push_back(std::exchange(m_lineInProgress, {}));
    if (m_reason) {
        Q_EMIT stopped(m_reason);
        return;
    }
    const bool bySignal = status == QProcess::CrashExit;
    auto reason = workerExitError(
        {.code = exitCode, .bySignal = bySignal, .lastLines = {m_lastLines.begin(), m_lastLines.end()}});
    if (m_endRequested && bySignal)
        reason.reset();
    else if (const auto end = m_decoder.finish(); !reason && !end)
        reason = unreadable(end.error());
    else if (!reason && !m_endRequested)
        reason = Error{ErrorCode::Unavailable, "the worker ended before it was asked to", {}};
    Q_EMIT stopped(reason);
}

void WorkerProcess::onErrorOccurred(QProcess::ProcessError error)
{
    if (error != QProcess::FailedToStart)
        return; // the others are told by finished(), or concern a pipe of a process that is ending
    Q_EMIT stopped(Error{ErrorCode::Unavailable,
        fmt::format("{}: cannot be started: {}", m_program.toStdString(), m_process.errorString().toStdString()), {}});
}

} // namespace tintype::runtime
