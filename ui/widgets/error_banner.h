// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/error.h"

#include <QFrame>
#include <functional>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace tintype::ui {

class Theme;

/// The one way an error, a warning or a notice is shown: a strip at the top of a page with a sentence, details that unfold, a way on,
/// and a copy button. Hidden while there is nothing to say; never modal, never takes the focus.
class ErrorBanner : public QFrame {
    Q_OBJECT

public:
    enum class Severity { Info, Warning, Error };

    explicit ErrorBanner(const Theme& theme, QWidget* parent = nullptr);

    void showError(const Error& error);
    void showMessage(Severity severity, const QString& sentence, const QString& details = {});

    /// A button that does something about it; clear() takes it away.
    void setAction(const QString& text, std::function<void()> run);
    void clear();

Q_SIGNALS:
    void dismissed();

private:
    void restyle();

    const Theme& m_theme;
    Severity m_severity = Severity::Info;
    QLabel* m_icon;
    QLabel* m_sentence;
    QPlainTextEdit* m_details;
    QToolButton* m_more;
    QToolButton* m_action;
    std::function<void()> m_run;
};

} // namespace tintype::ui
