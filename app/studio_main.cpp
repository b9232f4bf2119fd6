// SPDX-License-Identifier: GPL-3.0-or-later
// The studio: what a window needs, wired together.
#include "deploy/control/host_book.h"
#include "deploy/control/http_control.h"
#include "ui/commands/commands.h"
#include "ui/commands/run_commands.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/shell/local_host.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

namespace {

using namespace tintype;

struct Options {
    QStringList files;
    QString dataFolder; ///< of the host of this machine; empty = the user's, and a host that serves already is taken
};

Options parseArguments(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Edit, run, try, deploy and watch apps."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption data(QStringLiteral("data"),
        QStringLiteral("Start a host with its data in this folder, whether or not another one serves."), QStringLiteral("DIR"));
    parser.addOption(data);
    parser.addPositionalArgument(QStringLiteral("file"), QStringLiteral("Definitions (app.yaml) to open."), QStringLiteral("[file...]"));
    parser.process(application);
    return {parser.positionalArguments(), parser.value(data)};
}

/// The example that the first start opens: beside an installed program, or in the source tree.
QString examplePath()
{
    const QDir programs(QCoreApplication::applicationDirPath());
    for (const char* const candidate : {"../share/tintype/examples/shapes-flux/app.yaml", "../../../examples/shapes-flux/app.yaml"}) {
        if (const QString path = programs.absoluteFilePath(QLatin1String(candidate)); QFile::exists(path))
            return QFileInfo(path).canonicalFilePath();
    }
    return {};
}

std::unique_ptr<control::Control> makeControl(const control::HostAddress& address)
{
    return std::make_unique<control::HttpControl>(address);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("tintype"));
    QApplication::setApplicationDisplayName(QStringLiteral("Tintype"));
    QApplication::setApplicationVersion(QStringLiteral(TINTYPE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("tintype-studio"));
    const Options options = parseArguments(application);

    const QString configuration = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation);
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    QSettings settings(configuration + QStringLiteral("/studio.ini"), QSettings::IniFormat);
    ui::Theme theme(application, settings);
    ui::Commands commands(theme, settings);
    ui::Navigator navigator;
    ui::Targets targets(control::HostBook::defaultFile(), makeControl);
    ui::Workspace workspace(settings, data + QStringLiteral("/studio/recovery"));
    ui::RunSession run;
    ui::Studio studio{theme, settings, commands, navigator, targets, workspace, run};
    ui::addRunCommands(studio);

    ui::LocalHost localHost({.program = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("tintype")),
                                .dataFolder = options.dataFolder.toStdString(),
                                .mayAttach = options.dataFolder.isEmpty()},
        makeControl);
    QObject::connect(&localHost, &ui::LocalHost::serving, &targets, &ui::Targets::setLocal);
    QObject::connect(&targets, &ui::Targets::localLost, &localHost, &ui::LocalHost::recover);
    localHost.start();

    workspace.restore(examplePath());
    for (const QString& file : options.files)
        (void)workspace.open(file);
    ui::MainWindow window(studio, &localHost);
    window.show();
    if (const Result<> loaded = targets.load(); !loaded)
        window.showNotice(loaded.error());
    return QApplication::exec();
}
