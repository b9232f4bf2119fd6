// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_search.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace tintype::ui {

class Theme;

/// What is searched in a log, how, and what was found.
class LogSearchBar : public QWidget {
    Q_OBJECT

public:
    explicit LogSearchBar(const Theme& theme, QWidget* parent = nullptr);

    /// Puts pattern and ways of searching into `filter`.
    void fill(LogFilter& filter) const;
    void setPattern(const QString& pattern);
    void setOnlyMatches(bool only);
    void setFocusToPattern(); ///< with all of it selected

    /// @param current number of the match where the user is, from 0
    void showFound(const LogSearch& search, std::optional<std::int64_t> current);

Q_SIGNALS:
    void edited();
    void stepWanted(bool isForward);
    void leaveWanted(); ///< Escape with nothing to clear

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QToolButton* addToggle(const QString& text, const QString& icon, const QString& tip);
    QToolButton* addStep(const QString& icon, const QString& tip, bool isForward);

    const Theme& m_theme;
    QLineEdit* m_pattern;
    QToolButton* m_regex;
    QToolButton* m_case;
    QToolButton* m_only;
    QSpinBox* m_context;
    QLabel* m_found;
    QToolButton* m_previous;
    QToolButton* m_next;
};

} // namespace tintype::ui
