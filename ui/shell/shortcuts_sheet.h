// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/sheet.h"

class QLineEdit;
class QTableWidget;

namespace tintype::ui {

class Commands;

/// Every command with its keys, which a user changes in place.
class ShortcutsSheet : public Sheet {
    Q_OBJECT

public:
    ShortcutsSheet(const Theme& theme, Commands& commands, QWidget* over);

    void show(); ///< fills the list anew and opens

private:
    void fill();
    void filter(const QString& text);
    QWidget* editorFor(const QString& id);

    Commands& m_commands;
    QLineEdit* m_search;
    QTableWidget* m_table;
    QLabel* m_notice;
};

} // namespace tintype::ui
