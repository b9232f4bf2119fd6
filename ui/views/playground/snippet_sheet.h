// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/snippets.h"
#include "ui/widgets/sheet.h"

class QPlainTextEdit;
class QTabBar;

namespace tintype::ui {

/// The call of the form as text for other programs.
class SnippetSheet : public Sheet {
    Q_OBJECT

public:
    SnippetSheet(const Theme& theme, QWidget* over);

    void setCall(const SnippetCall& call);

private:
    void showText();
    void copy();

    SnippetCall m_call;
    QTabBar* m_tabs;
    QPlainTextEdit* m_text;
};

} // namespace tintype::ui
