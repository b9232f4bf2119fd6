// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"

#include <QWidget>
#include <optional>
#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;

namespace tintype::ui {

class SettingRow;
class Theme;

/// The live settings of an app, with sliders. What the user has moved and not applied yet stays while the app's own values change.
class ScalePanel : public QWidget {
    Q_OBJECT

public:
    explicit ScalePanel(const Theme& theme, QWidget* parent = nullptr);
    ~ScalePanel() override;

    /// Another app begins anew; the same one keeps what was not applied.
    void setApp(const control::AppInfo& app);
    control::AppChange change() const; ///< what differs from the app
    void revert();

Q_SIGNALS:
    void applied(const tintype::control::AppChange& change);

private:
    void addRows(QGridLayout& grid);
    void update();
    bool isChanged() const;

    control::AppInfo m_app;
    std::vector<SettingRow*> m_rows;
    QComboBox* m_auth;
    QLabel* m_now;
    QLabel* m_problem;
    QPushButton* m_apply;
    QPushButton* m_revert;
};

} // namespace tintype::ui
