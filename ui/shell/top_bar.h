// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QComboBox;
class QLabel;
class QToolButton;

namespace tintype::ui {

struct Studio;

/// Which app, where, and the three things that are done with it: Run or Stop, Deploy. Shows how far a run is.
class TopBar : public QFrame {
    Q_OBJECT

public:
    explicit TopBar(Studio& studio, QWidget* parent = nullptr);

private:
    void fillDocuments();
    void selectTarget();
    void showRun();
    void showRunIcon();

    Studio& m_studio;
    QComboBox* m_document;
    QComboBox* m_target;
    QToolButton* m_run;
    QToolButton* m_deploy;
    QLabel* m_state;
};

} // namespace tintype::ui
