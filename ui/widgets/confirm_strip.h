// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <functional>

class QLabel;
class QPushButton;

namespace tintype::ui {

/// Asks for a yes inside the page, where elsewhere a message box would stand. Hidden until it asks; a second question takes the place of
/// the first. The safe answer has the focus, Escape gives it.
class ConfirmStrip : public QFrame {
    Q_OBJECT

public:
    explicit ConfirmStrip(QWidget* parent = nullptr);

    /// @param verb on the button that does it: "Delete"
    void ask(const QString& question, const QString& verb, std::function<void()> run);
    void cancel();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QLabel* m_question;
    QPushButton* m_yes;
    QPushButton* m_no;
    std::function<void()> m_run;
};

} // namespace tintype::ui
