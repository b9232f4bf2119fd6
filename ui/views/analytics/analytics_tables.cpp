// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/analytics_tables.h"

#include "ui/theme/theme.h"
#include "ui/views/requests/request_table.h"

#include <QHeaderView>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr int kRows = 9; ///< that are seen at once

} // namespace

AnalyticsTables::AnalyticsTables(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_tabs(new QTabWidget)
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tabs);
    m_tabs->setDocumentMode(true);
    addRequests(theme, m_slowest, tr("Slowest requests"));
    addRequests(theme, m_failed, tr("Latest failed requests"));
    addFailures(theme);
    setMinimumHeight((kRows + 2) * theme.rowHeight());
}

void AnalyticsTables::addRequests(const Theme& theme, RequestModel& model, const QString& title)
{
    QTableView* const table = makeRequestTable(theme, model);
    table->setAccessibleName(title);
    m_tabs->addTab(table, title);
    connect(table, &QTableView::activated, this,
        [this](const QModelIndex& index) { Q_EMIT requestChosen(index.data(RequestModel::IdRole).toString()); });
}

void AnalyticsTables::addFailures(const Theme& theme)
{
    auto* const table = new QTableView;
    table->setModel(&m_failures);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(FailureModel::Sentence, QHeaderView::Stretch);
    table->setColumnWidth(FailureModel::Count, Theme::space(16));
    table->setColumnWidth(FailureModel::Status, Theme::space(16));
    table->setColumnWidth(FailureModel::Last, Theme::space(32));
    table->setAccessibleName(tr("Failures"));
    m_tabs->addTab(table, tr("Failures by kind"));
    connect(table, &QTableView::activated, this, [this](const QModelIndex& index) { Q_EMIT failureChosen(index.row()); });
}

void AnalyticsTables::showData(const AnalyticsData* data)
{
    m_slowest.clear();
    m_failed.clear();
    m_failures.setGroups(data ? data->failures : std::vector<FailureGroup>());
    if (!data)
        return;
    m_slowest.append(data->slowest, false);
    m_failed.append(data->failed, false);
}

void AnalyticsTables::setUtc(bool utc)
{
    m_slowest.setUtc(utc);
    m_failed.setUtc(utc);
    m_failures.setUtc(utc);
}

} // namespace tintype::ui
