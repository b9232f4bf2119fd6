// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QRegularExpression>

class QLabel;
class QLineEdit;
class QToolButton;

namespace tintype::ui {

class DefinitionEditor;
class Theme;

/// Search and replace in an editor, below it. Return finds the next, Shift+Return the one before, Escape closes.
class FindBar : public QFrame {
    Q_OBJECT

public:
    FindBar(const Theme& theme, DefinitionEditor& editor, QWidget* parent = nullptr);

    void open(bool withReplace);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void layOut(const Theme& theme);
    QRegularExpression pattern() const;
    QString replacement(const QRegularExpressionMatch& match) const;
    void find(bool isForward, bool mayStay);
    void replaceOne();
    void replaceAll();
    void close();

    DefinitionEditor& m_editor;
    QLineEdit* m_what;
    QLineEdit* m_with;
    QToolButton* m_case;
    QToolButton* m_regex;
    QLabel* m_notice;
    QWidget* m_replaceRow;
};

} // namespace tintype::ui
