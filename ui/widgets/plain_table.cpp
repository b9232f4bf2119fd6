// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plain_table.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QTableView>
#include <algorithm>

namespace tintype::ui {

QTableView* makeTable(const Theme& theme, QAbstractItemModel& model, const QString& accessibleName, int stretchedColumn)
{
    auto* const table = new QTableView;
    table->setModel(&model);
    table->setAccessibleName(accessibleName);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setFrameShape(QFrame::NoFrame);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(stretchedColumn, QHeaderView::Stretch);
    return table;
}

void fitHeight(QTableView& table, int mostRows)
{
    const int rows = std::min(table.model()->rowCount(), mostRows);
    table.setVisible(rows > 0);
    table.setFixedHeight(table.horizontalHeader()->sizeHint().height() + rows * table.verticalHeader()->defaultSectionSize()
        + 2 * table.frameWidth());
}

} // namespace tintype::ui
