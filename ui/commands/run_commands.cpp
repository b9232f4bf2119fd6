// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/run_commands.h"

#include "ui/commands/commands.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"

#include <QCoreApplication>

namespace tintype::ui {
namespace {

QString text(const char* source)
{
    return QCoreApplication::translate("run", source);
}

void startRun(Studio& studio)
{
    AppDocument* const document = studio.workspace.current();
    Target* const target = studio.targets.current();
    if (!document || !target)
        return;
    if (document->isModified()) {
        if (const Result<> saved = document->save(); !saved) {
            studio.run.refuse(*document, saved.error());
            return;
        }
    }
    studio.run.start(*document, *target);
}

} // namespace

void addRunCommands(Studio& studio)
{
    QAction* const start = studio.commands.add({.id = QStringLiteral("run.start"), .group = text("Run"), .text = text("Run"),
        .icon = QStringLiteral("media-playback-start"), .shortcut = Qt::Key_F5,
        .tip = text("Run the app on the target until Stop is pressed")}, [&studio] { startRun(studio); });
    QAction* const stop = studio.commands.add({.id = QStringLiteral("run.stop"), .group = text("Run"), .text = text("Stop"),
        .icon = QStringLiteral("media-playback-stop"), .shortcut = Qt::SHIFT | Qt::Key_F5,
        .tip = text("Stop the app that runs, and give its memory back")}, [&studio] { studio.run.stop(); });

    const auto enable = [&studio, start, stop] {
        const bool isActive = studio.run.isActive();
        start->setEnabled(!isActive && studio.workspace.current() && studio.targets.current());
        stop->setEnabled(isActive && studio.run.state() != RunSession::State::Stopping);
    };
    QObject::connect(&studio.run, &RunSession::stateChanged, start, enable);
    QObject::connect(&studio.workspace, &Workspace::currentChanged, start, enable);
    QObject::connect(&studio.targets, &Targets::currentChanged, start, enable);
    enable();
}

} // namespace tintype::ui
