// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "ui/models/plan_model.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QTableView;

namespace tintype::ui {

class Target;
class Theme;

/// What a deploy would do, before it is done.
class PlanView : public QWidget {
    Q_OBJECT

public:
    explicit PlanView(const Theme& theme, QWidget* parent = nullptr);

    void showPlan(const control::DeployPlan& plan, const Target& target);

private:
    void showValues();

    control::DeployPlan m_plan;
    PlanModel m_model;
    QLabel* m_title;
    QLabel* m_facts;
    QLabel* m_warnings;
    QCheckBox* m_all;
    QTableView* m_table;
};

} // namespace tintype::ui
