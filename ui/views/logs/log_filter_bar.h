// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLineEdit;
class QPushButton;

namespace tintype::ui {

class Target;
class Theme;

/// Which of a host's log lines are asked for: app, level, since when, text; replica and request where somebody came with one.
class LogFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit LogFilterBar(const Theme& theme, QWidget* parent = nullptr);

    void setTarget(Target* target); ///< offers its apps
    void setQuery(const control::LogQuery& query);

    /// With the times that the choice means now.
    control::LogQuery query() const;

Q_SIGNALS:
    void edited();

private:
    QComboBox* addBox(const QString& name);
    QPushButton* addChip();
    void fillApps();
    void showChips();

    const Theme& m_theme;
    QPointer<Target> m_target;
    control::LogQuery m_query; ///< app, replica, request and the times of "custom"
    QHBoxLayout* m_row;
    QComboBox* m_app;
    QComboBox* m_level;
    QComboBox* m_since;
    QLineEdit* m_text;
    QPushButton* m_replica;
    QPushButton* m_request;
    QTimer m_typing;
};

} // namespace tintype::ui
