// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/private_host.h"

#include <QCoreApplication>
#include <QStandardPaths>
#include <csignal>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace tintype::cli {
namespace {

constexpr int kEndGraceMs = 15'000; ///< replicas finish their grace first
constexpr int kKillGraceMs = 2'000;
constexpr const char* kReady = "ready ";

} // namespace

PrivateHost::PrivateHost(std::string dataFolder, quint16 port)
    : m_dataFolder(std::move(dataFolder))
    , m_port(port)
{
    m_promise.start();
    m_process.setChildProcessModifier([] {
        ::setpgid(0, 0); // Ctrl-C on the terminal is for us: we end it in our own time,
        ::prctl(PR_SET_PDEATHSIG, SIGTERM); // unless we are killed
    });
    m_process.setProgram(QCoreApplication::applicationFilePath());
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &PrivateHost::readOutput);
    connect(&m_process, &QProcess::finished, this, [this] {
        const QByteArray said = m_process.readAllStandardError().trimmed();
        const QByteArray last = said.mid(said.lastIndexOf('\n') + 1);
        finish(fail(ErrorCode::Unavailable, "a host of its own could not be started: " + last.toStdString()));
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

QFuture<Result<control::HostAddress>> PrivateHost::start()
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
            finish(control::HostAddress{.url = line.mid(qstrlen(kReady)).toStdString(), .key = {}, .caFile = {}, .fingerprint = {}});
    }
}

void PrivateHost::finish(const Result<control::HostAddress>& address)
{
    if (std::exchange(m_finished, true))
        return;
    m_promise.addResult(address);
    m_promise.finish();
}

} // namespace tintype::cli
