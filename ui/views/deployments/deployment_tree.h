// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

namespace tintype::ui {

class DeploymentModel;
class Theme;

/// Hosts, apps and replicas. New branches stand open; which row is chosen survives what comes and goes around it.
class DeploymentTree : public QTreeView {
    Q_OBJECT

public:
    DeploymentTree(const Theme& theme, DeploymentModel& model, QWidget* parent = nullptr);

    void choose(const QModelIndex& index);

Q_SIGNALS:
    void chosen(const QModelIndex& index);

protected:
    void rowsInserted(const QModelIndex& parent, int first, int last) override;
};

} // namespace tintype::ui
