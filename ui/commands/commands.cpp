// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commands.h"

#include "ui/theme/theme.h"

#include <QSettings>
#include <algorithm>
#include <cassert>

namespace tintype::ui {
namespace {

QString keyOf(const QString& id)
{
    return QStringLiteral("shortcuts/") + id;
}

/// The text, and the keys that do the same.
QString tipOf(const CommandSpec& spec, const QKeySequence& shortcut)
{
    const QString text = spec.tip.isEmpty() ? spec.text : spec.tip;
    return shortcut.isEmpty() ? text : QString(text + QStringLiteral(" (") + shortcut.toString(QKeySequence::NativeText) + QLatin1Char(')'));
}

} // namespace

Commands::Commands(const Theme& theme, QSettings& settings, QObject* parent)
    : QObject(parent)
    , m_theme(theme)
    , m_settings(settings)
{
}

QAction* Commands::add(const CommandSpec& spec, std::function<void()> run)
{
    assert(!find(spec.id));
    auto* const action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    if (!spec.icon.isEmpty())
        action->setIcon(m_theme.icon(spec.icon));
    const QVariant chosen = m_settings.value(keyOf(spec.id));
    const QKeySequence shortcut = chosen.isValid() ? QKeySequence(chosen.toString()) : spec.shortcut;
    action->setShortcut(shortcut);
    action->setToolTip(tipOf(spec, shortcut));
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    m_commands.push_back({spec, action});
    Q_EMIT added();
    return action;
}

QAction* Commands::find(const QString& id) const
{
    const auto found = std::ranges::find(m_commands, id, [](const Command& command) { return command.spec.id; });
    return found == m_commands.end() ? nullptr : found->action;
}

QString Commands::setShortcut(const QString& id, const QKeySequence& shortcut)
{
    QString loser;
    for (const Command& command : m_commands) {
        const bool isIt = command.spec.id == id;
        if (!isIt && (shortcut.isEmpty() || command.action->shortcut() != shortcut))
            continue;
        const QKeySequence keys = isIt ? shortcut : QKeySequence();
        if (!isIt)
            loser = command.spec.id;
        command.action->setShortcut(keys);
        command.action->setToolTip(tipOf(command.spec, keys));
        m_settings.setValue(keyOf(command.spec.id), keys.toString(QKeySequence::PortableText));
        Q_EMIT shortcutChanged(command.spec.id);
    }
    return loser;
}

void Commands::resetShortcut(const QString& id)
{
    const auto found = std::ranges::find(m_commands, id, [](const Command& command) { return command.spec.id; });
    if (found == m_commands.end())
        return;
    setShortcut(id, found->spec.shortcut);
    m_settings.remove(keyOf(id));
}

} // namespace tintype::ui
