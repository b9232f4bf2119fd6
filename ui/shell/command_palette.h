// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace tintype::ui {

class Commands;
class Theme;

/// Every command by a few letters of its name (Ctrl+K): a list under a line of text, over the window. Enter runs, Escape closes.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    CommandPalette(const Theme& theme, const Commands& commands, QWidget* window);

    void open();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void filter(const QString& text);
    void runCurrent();
    void moveBy(int rows);

    const Theme& m_theme;
    const Commands& m_commands;
    QLineEdit* m_line;
    QListView* m_list;
    QStandardItemModel* m_model;
    QSortFilterProxyModel* m_filtered;
};

/// How well `pattern` fits `text`, letters in order, beginnings of words first; 0 = not at all.
int fuzzyScore(const QString& pattern, const QString& text);

} // namespace tintype::ui
