// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/deployment_tree.h"

#include "ui/models/deployment_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/mark_delegate.h"

#include <QHeaderView>

namespace tintype::ui {
namespace {

constexpr int kNameSteps = 52;
constexpr int kStateSteps = 48;
constexpr int kRevisionSteps = 28;
constexpr int kNumberSteps = 17;

} // namespace

DeploymentTree::DeploymentTree(const Theme& theme, DeploymentModel& model, QWidget* parent)
    : QTreeView(parent)
{
    setModel(&model);
    setAccessibleName(tr("Deployed apps"));
    setUniformRowHeights(true);
    setSelectionBehavior(SelectRows);
    setAllColumnsShowFocus(true);
    setExpandsOnDoubleClick(true);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    setItemDelegateForColumn(DeploymentModel::State, new MarkDelegate(theme, DeploymentModel::MarkRole, DeploymentModel::ReasonRole, this));
    header()->setStretchLastSection(false);
    header()->resizeSection(DeploymentModel::Name, Theme::space(kNameSteps));
    header()->resizeSection(DeploymentModel::Revision, Theme::space(kRevisionSteps));
    for (int column = DeploymentModel::Up; column < DeploymentModel::ColumnCount; ++column)
        header()->resizeSection(column, Theme::space(kNumberSteps));
    header()->setMinimumSectionSize(Theme::space(kNumberSteps) / 2);
    header()->resizeSection(DeploymentModel::State, Theme::space(kStateSteps));
    expandAll();
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) { Q_EMIT chosen(index); });
}

void DeploymentTree::choose(const QModelIndex& index)
{
    if (index.isValid())
        setCurrentIndex(index.siblingAtColumn(0));
}

void DeploymentTree::rowsInserted(const QModelIndex& parent, int first, int last)
{
    QTreeView::rowsInserted(parent, first, last);
    if (first == 0 && parent.isValid() && model()->rowCount(parent) == last + 1)
        expand(parent); // its first children
}

} // namespace tintype::ui
