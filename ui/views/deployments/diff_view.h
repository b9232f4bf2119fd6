// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"

#include <QPlainTextEdit>

class QSyntaxHighlighter;

namespace tintype::ui {

class Theme;

/// A unified diff in the theme's colours, and the files that differ below it.
class DiffView : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit DiffView(const Theme& theme, QWidget* parent = nullptr);

    void showDiff(const control::RevisionDiff& diff);
    void showNote(const QString& sentence); ///< why there is no diff to see

private:
    QSyntaxHighlighter* m_highlighter;
};

} // namespace tintype::ui
