// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <functional>
#include <vector>

class QSettings;

namespace tintype::ui {

class Theme;

/// What a user can do, told once: menus, buttons, palette and the list of shortcuts show the same action.
struct CommandSpec {
    QString id;    ///< stable, "run.start": settings keep its shortcut under this name
    QString group; ///< how the palette and the list of shortcuts group it: "Run", "Playground"
    QString text;  ///< "Deploy…"
    QString icon;  ///< Breeze name; may be empty
    QKeySequence shortcut; ///< unless the user has chosen another
    QString tip;   ///< a sentence; empty = text
};

/// All commands of the studio. GUI thread.
class Commands : public QObject {
    Q_OBJECT

public:
    struct Command {
        CommandSpec spec;
        QAction* action; ///< owned by Commands
    };

    Commands(const Theme& theme, QSettings& settings, QObject* parent = nullptr);

    /// Adds one; what happens when it is triggered is `run`. Enable, disable and connect the action as any other.
    QAction* add(const CommandSpec& spec, std::function<void()> run);

    QAction* find(const QString& id) const; ///< null if there is none
    const std::vector<Command>& all() const { return m_commands; }

    /// Another shortcut for a command, kept in the settings; an empty one takes it away. Returns the command that had it until now, which
    /// loses it, or nothing.
    QString setShortcut(const QString& id, const QKeySequence& shortcut);
    void resetShortcut(const QString& id);

Q_SIGNALS:
    void added();
    void shortcutChanged(const QString& id);

private:
    const Theme& m_theme;
    QSettings& m_settings;
    std::vector<Command> m_commands;
};

} // namespace tintype::ui
