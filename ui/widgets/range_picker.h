// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/time_range.h"

#include <QWidget>

class QAction;
class QDateTimeEdit;
class QLabel;
class QMenu;
class QToolButton;

namespace tintype::ui {

class Theme;

/// Chooses a time range: the usual ones, one of one's own, UTC or local time, and a way back.
class RangePicker : public QWidget {
    Q_OBJECT

public:
    enum class Any { Offered, NotOffered }; ///< any time

    RangePicker(const Theme& theme, RangeChoice& choice, Any any, QWidget* parent = nullptr);

private:
    void fillMenu(Any any);
    QWidget* makeCustom();
    void showChoice();
    void showCustom();
    void applyCustom();

    RangeChoice& m_choice;
    QToolButton* m_button;
    QToolButton* m_back;
    QMenu* m_menu;
    QAction* m_utc = nullptr;
    QDateTimeEdit* m_since = nullptr;
    QDateTimeEdit* m_until = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace tintype::ui
