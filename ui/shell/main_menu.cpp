// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_menu.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/short_path.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"

#include <QMap>

namespace tintype::ui {
MainMenu::MainMenu(Studio& studio, QWidget* parent)
    : QMenu(parent)
    , m_studio(studio)
{
    connect(this, &QMenu::aboutToShow, this, &MainMenu::fill);
}

void MainMenu::fill()
{
    clear();
    addRecentFiles();
    QMap<QString, QMenu*> groups;
    for (const Commands::Command& command : m_studio.commands.all()) {
        QMenu*& group = groups[command.spec.group];
        if (!group)
            group = addMenu(command.spec.group);
        group->addAction(command.action);
    }
}

void MainMenu::addRecentFiles()
{
    QMenu* const recent = addMenu(m_studio.theme.icon(QStringLiteral("document-open")), tr("Open recent"));
    for (const QString& path : m_studio.workspace.recentFiles())
        recent->addAction(shortPath(path), this, [this, path] {
            (void)m_studio.workspace.open(path);
            m_studio.navigator.showPage(PageId::Apps);
        });
    recent->setEnabled(!recent->isEmpty());
    addSeparator();
}

} // namespace tintype::ui
