// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QAction;

namespace tintype::ui {

class Theme;

/// What stands where a list, chart or picture would: why there is nothing, and what to do next. Put it into a QStackedLayout
/// with what it stands for.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    EmptyState(const Theme& theme, const QString& icon, const QString& title, const QString& sentence, QWidget* parent = nullptr);

    void setText(const QString& title, const QString& sentence);
    void setAction(QAction* action); ///< shown as a button; not owned; null = none

private:
    const Theme& m_theme;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_sentence;
    QPushButton* m_button;
};

} // namespace tintype::ui
