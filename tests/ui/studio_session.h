// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/http_control.h"
#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/run_commands.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/shell/local_host.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>

namespace tintype::test {

/// The studio as main() wires it, with a real host of its own in a folder that goes away.
struct StudioSession {
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("studio.ini")), QSettings::IniFormat};
    ui::Theme theme{*qApp, settings};
    ui::Commands commands{theme, settings};
    ui::Navigator navigator;
    ui::Targets targets{folder.filePath(QStringLiteral("hosts.json")).toStdString(), makeControl};
    ui::Workspace workspace{settings, folder.filePath(QStringLiteral("recovery"))};
    ui::RunSession run;
    ui::Studio studio{theme, settings, commands, navigator, targets, workspace, run};
    ui::LocalHost localHost{{.program = program(), .dataFolder = folder.filePath(QStringLiteral("host")).toStdString(), .mayAttach = false}, makeControl};
    std::unique_ptr<ui::MainWindow> window;

    StudioSession()
    {
        ui::addRunCommands(studio);
        QObject::connect(&localHost, &ui::LocalHost::serving, &targets, &ui::Targets::setLocal);
        QObject::connect(&targets, &ui::Targets::localLost, &localHost, &ui::LocalHost::recover);
        localHost.start();
        workspace.restore(QStringLiteral(TINTYPE_EXAMPLE));
        window = std::make_unique<ui::MainWindow>(studio, &localHost);
        window->show();
    }

    void trigger(const char* id) { commands.find(QLatin1String(id))->trigger(); }

    /// The process of the host of this machine, found by its data folder; 0 = there is none.
    qint64 hostProcess() const
    {
        const QByteArray data = folder.filePath(QStringLiteral("host")).toUtf8();
        const QStringList processes = QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[1-9]*")}, QDir::Dirs);
        for (const QString& process : processes) {
            QFile commandLine(QStringLiteral("/proc/%1/cmdline").arg(process));
            if (!commandLine.open(QIODevice::ReadOnly))
                continue;
            const QList<QByteArray> words = commandLine.readAll().split('\0');
            if (words.contains("serve") && words.contains(data))
                return process.toLongLong();
        }
        return 0;
    }

    static QString program() { return QStringLiteral(TINTYPE_PROGRAM); }
    static std::unique_ptr<control::Control> makeControl(const control::HostAddress& address)
    {
        return std::make_unique<control::HttpControl>(address);
    }
};

/// A `tintype serve` with TLS and a key, as one in a rack.
class RackHost {
public:
    bool start()
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(StudioSession::program(), {QStringLiteral("serve"), QStringLiteral("--data"), m_folder.path(), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--tls")});
        while (m_process.waitForReadyRead(30'000)) {
            const QByteArray line = m_process.readLine().trimmed();
            if (line.startsWith("ready ")) {
                m_url = line.mid(6).toStdString();
                break;
            }
        }
        QProcess keys;
        keys.start(StudioSession::program(), {QStringLiteral("keys"), QStringLiteral("create"), QStringLiteral("--scope"), QStringLiteral("admin"), QStringLiteral("--json"), QStringLiteral("--data"), m_folder.path()});
        keys.waitForFinished(30'000);
        const QByteArray text = keys.readAllStandardOutput();
        const qsizetype start = text.indexOf("\"key\":") + 6;
        m_key = text.mid(text.indexOf('"', start) + 1, text.indexOf('"', text.indexOf('"', start) + 1) - text.indexOf('"', start) - 1).toStdString();
        return !m_url.empty() && m_key.find(':') != std::string::npos;
    }

    ~RackHost()
    {
        m_process.terminate();
        m_process.waitForFinished(15'000);
    }

    QString authority() const { return m_folder.filePath(QStringLiteral("tls/ca.pem")); }
    const std::string& key() const { return m_key; }
    control::HostAddress address() const { return {.url = m_url, .key = m_key, .caFile = authority().toStdString(), .fingerprint = {}}; }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    std::string m_url;
    std::string m_key;
};

} // namespace tintype::test
