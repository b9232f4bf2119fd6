// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/private_host.h"

#include <QStandardPaths>
#include <csignal>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace tintype::control {
namespace {

constexpr int kEndGraceMs = 15'000; ///< replicas finish their grace first
constexpr int kKillGraceMs = 2'000;
constexpr const char* kReady = "ready ";

} // namespace

PrivateHost::PrivateHost(const QString& program, std::string dataFolder, quint16 port)
    : m_dataFolder(std::move(dataFolder))
    , m_port(port)
{
    m_promise.start();
    m_process.setChildProcessModifier([] {
        ::setpgid(0, 0); // Ctrl-C on the terminal is for us: we end it in our own time,
        ::prctl(PR_SET_PDEATHSIG, SIGTERM); // unless we are killed
    });
    m_process.setProgram(program);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &PrivateHost::readOutput);
    connect(&m_process, &QProcess::finished, this, [this] {
        const QByteArray said = m_process.readAllStandardError().trimmed();
        const QByteArray last = said.mid(said.lastIndexOf('\n') + 1);
        if (m_finished)
            Q_EMIT ended(QString::fromUtf8(last));
        else
            finish(fail(ErrorCode::Unavailable, "a host of its own could not be started: " + last.toStdString()));
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(fail(ErrorCode::Unavailable, "the program that hosts apps could not be started: " + m_process.program().toStdString()));
    });
}

PrivateHost::~PrivateHost()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.disconnect(this);
    m_process.terminate();
    if (!m_process.waitForFinished(kEndGraceMs)) {
        m_process.kill();
        m_process.waitForFinished(kKillGraceMs);
    }
}

std::string PrivateHost::defaultDataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString() + "/tintype";
}

QFuture<Result<HostAddress>> PrivateHost::start()
{
    m_process.setArguments({QStringLiteral("serve"), QStringLiteral("--data"), QString::fromStdString(m_dataFolder),
        QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(m_port)});
    m_process.start();
    return m_promise.future();
}

void PrivateHost::readOutput()
{
    while (m_process.canReadLine()) {
        const QByteArray line = m_process.readLine().trimmed();
        if (line.startsWith(kReady))
            finish(HostAddress{.url = line.mid(qstrlen(kReady)).toStdString(), .key = {}, .caFile = {}, .fingerprint = {}});
    }
}

void PrivateHost::finish(const Result<HostAddress>& address)
{
    if (std::exchange(m_finished, true))
        return;
    m_promise.addResult(address);
    m_promise.finish();
}

} // namespace tintype::control
