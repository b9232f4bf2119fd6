// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPointer>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace tintype::ui {

class Theme;

/// A panel inside the window, over the right side of `over`, for what elsewhere would be a modal dialog: title, content, buttons.
/// What lies under it stays usable. Escape and the cross close it; the focus goes back to where it was.
class Sheet : public QFrame {
    Q_OBJECT

public:
    /// @param over the widget that it covers (its parent); it follows that one's size
    Sheet(const Theme& theme, const QString& title, QWidget* over);

    void setTitle(const QString& title);
    QVBoxLayout* content() const { return m_content; }

    /// From left to right; the primary one is filled and answers Ctrl+Return.
    QPushButton* addButton(const QString& text, bool isPrimary = false);

    void open();
    void dismiss();

Q_SIGNALS:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void place();

    const Theme& m_theme;
    QLabel* m_title;
    QVBoxLayout* m_content;
    QHBoxLayout* m_buttons;
    QPointer<QWidget> m_focusBefore;
};

} // namespace tintype::ui
