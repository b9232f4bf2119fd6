// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcuts_sheet.h"

#include "ui/commands/commands.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace tintype::ui {

ShortcutsSheet::ShortcutsSheet(const Theme& theme, Commands& commands, QWidget* over)
    : Sheet(theme, tr("Keyboard shortcuts"), over)
    , m_commands(commands)
    , m_search(new QLineEdit)
    , m_table(new QTableWidget)
    , m_notice(new QLabel)
{
    m_search->setPlaceholderText(tr("Find a command"));
    m_search->setAccessibleName(tr("Find a command"));
    m_search->setClearButtonEnabled(true);
    m_notice->setProperty("role", QStringLiteral("muted"));
    m_notice->setWordWrap(true);
    m_notice->setText(tr("Click a shortcut and press the new keys."));
    m_table->setColumnCount(2);
    m_table->setHorizontalHeaderLabels({tr("Command"), tr("Keys")});
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(theme.controlHeight() + Theme::space(2));
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    content()->addWidget(m_search);
    content()->addWidget(m_notice);
    content()->addWidget(m_table, 1);
    connect(m_search, &QLineEdit::textChanged, this, &ShortcutsSheet::filter);
}

void ShortcutsSheet::show()
{
    fill();
    filter(m_search->text());
    open();
    m_search->setFocus();
}

void ShortcutsSheet::fill()
{
    QMap<QString, QString> ids; // by what the user reads
    for (const Commands::Command& command : m_commands.all())
        ids.insert(command.spec.group + QStringLiteral(": ") + command.action->text(), command.spec.id);
    m_table->setRowCount(static_cast<int>(ids.size()));
    int row = 0;
    for (auto command = ids.cbegin(); command != ids.cend(); ++command, ++row) {
        m_table->setItem(row, 0, new QTableWidgetItem(command.key()));
        m_table->setCellWidget(row, 1, editorFor(command.value()));
    }
}

QWidget* ShortcutsSheet::editorFor(const QString& id)
{
    auto* const cell = new QWidget;
    auto* const row = new QHBoxLayout(cell);
    row->setContentsMargins(0, Theme::space(1), 0, Theme::space(1));
    auto* const edit = new QKeySequenceEdit(m_commands.find(id)->shortcut());
    auto* const reset = new QToolButton;
    reset->setText(tr("Reset"));
    row->addWidget(edit);
    row->addWidget(reset);
    connect(edit, &QKeySequenceEdit::editingFinished, this, [this, edit, id] {
        const QKeySequence keys(edit->keySequence().isEmpty() ? QKeySequence() : QKeySequence(edit->keySequence()[0]));
        if (keys == m_commands.find(id)->shortcut())
            return;
        const QString loser = m_commands.setShortcut(id, keys);
        m_notice->setText(loser.isEmpty() ? tr("Saved.") : tr("Saved. “%1” has lost these keys.").arg(m_commands.find(loser)->text()));
    });
    connect(reset, &QToolButton::clicked, this, [this, id] { m_commands.resetShortcut(id); });
    connect(&m_commands, &Commands::shortcutChanged, edit, [this, edit, id](const QString& changed) {
        if (changed == id)
            edit->setKeySequence(m_commands.find(id)->shortcut());
    });
    return cell;
}

void ShortcutsSheet::filter(const QString& text)
{
    for (int row = 0; row < m_table->rowCount(); ++row)
        m_table->setRowHidden(row, !m_table->item(row, 0)->text().contains(text, Qt::CaseInsensitive));
}

} // namespace tintype::ui
