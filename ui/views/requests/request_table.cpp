// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/requests/request_table.h"

#include "ui/models/request_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/mark_delegate.h"

#include <QHeaderView>
#include <QTableView>
#include <array>

namespace tintype::ui {
namespace {

/// The widest that each column shows as a rule; the app is given what is left.
constexpr std::array<const char*, RequestModel::ColumnCount> kWidest{"23 Nov 00:00:00", "shapes-flux-dev", "/endpoint", "Succeeded     ", "Status",
    "00 min 00 s", "000 ms ", "00.0 s  ", "00.0 s Execution", "00000000", "00000000"};

} // namespace

QTableView* makeRequestTable(const Theme& theme, RequestModel& model)
{
    auto* const table = new QTableView;
    table->setModel(&model);
    table->setItemDelegateForColumn(RequestModel::State, new MarkDelegate(theme, RequestModel::MarkRole, -1, table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->hide();
    table->setAccessibleName(RequestModel::tr("Requests"));
    QHeaderView* const header = table->horizontalHeader();
    header->setHighlightSections(false);
    const auto applySizes = [table, header, &theme] {
        table->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
        const QFontMetrics metrics(theme.font(TextStyle::Body));
        for (int column = 0; column < RequestModel::ColumnCount; ++column)
            header->resizeSection(column, metrics.horizontalAdvance(QLatin1String(kWidest[static_cast<std::size_t>(column)])) + Theme::space(4));
    };
    applySizes();
    QObject::connect(&theme, &Theme::changed, table, [table, &theme] { table->verticalHeader()->setDefaultSectionSize(theme.rowHeight()); });
    return table;
}

} // namespace tintype::ui
