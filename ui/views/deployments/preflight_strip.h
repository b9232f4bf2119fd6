// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/preflight_check.h"
#include "ui/models/text_table.h"

#include <QFrame>

class QLabel;
class QTableView;
class QToolButton;

namespace tintype::ui {

class MarkLabel;
struct Studio;

/// One line below a definition: whether it will fit, what a deploy would upload, how it differs from what is live. Unfolds into the
/// differences, field by field, and the other hosts. Follows the current document and the current target by itself.
class PreflightStrip : public QFrame {
    Q_OBJECT

public:
    explicit PreflightStrip(Studio& studio, QWidget* parent = nullptr);

    PreflightCheck& check() { return m_check; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void follow();
    void showResult();
    void showDetails(const Preflight& preflight);

    Studio& m_studio;
    PreflightCheck m_check;
    MarkLabel* m_verdict;
    QLabel* m_facts;
    QToolButton* m_unfold;
    QWidget* m_details;
    QLabel* m_hosts;
    TextTable m_differences;
    QTableView* m_table;
};

} // namespace tintype::ui
