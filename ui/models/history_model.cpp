// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/history_model.h"

#include "ui/models/format.h"

namespace tintype::ui {
namespace {

QString categoryText(const std::string& category)
{
    if (category == "runner")
        return HistoryModel::tr("Replica");
    if (category == "deployment")
        return HistoryModel::tr("Deployment");
    if (category == "config")
        return HistoryModel::tr("Settings");
    return qs(category);
}

} // namespace

void HistoryModel::setFirst(const control::Page<control::HistoryEntry>& page)
{
    beginResetModel();
    m_entries = page.items;
    m_next = page.next;
    endResetModel();
}

void HistoryModel::append(const control::Page<control::HistoryEntry>& page)
{
    m_next = page.next;
    if (page.items.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(page.items.size()) - 1);
    m_entries.insert(m_entries.end(), page.items.begin(), page.items.end());
    endInsertRows();
}

int HistoryModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_entries.size()); }
int HistoryModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant HistoryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const control::HistoryEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case Time: return role == Qt::ToolTipRole ? formatDateTime(entry.time, /*utc=*/true) + QStringLiteral(" UTC") : formatDateTime(entry.time);
    case Category: return categoryText(entry.category);
    case Actor: return entry.actor.empty() ? tr("Host") : qs(entry.actor);
    case Text: return qs(entry.text);
    default: return {};
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time");
    case Category: return tr("About");
    case Actor: return tr("By");
    case Text: return tr("What happened");
    default: return {};
    }
}

} // namespace tintype::ui
