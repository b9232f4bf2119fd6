// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/failure_model.h"

#include "ui/models/format.h"

#include <array>

namespace tintype::ui {
namespace {

bool isNumber(int column) { return column == FailureModel::Count || column == FailureModel::Status; }

} // namespace

void FailureModel::setGroups(const std::vector<FailureGroup>& groups)
{
    beginResetModel();
    m_groups = groups;
    endResetModel();
}

void FailureModel::setUtc(bool utc)
{
    m_utc = utc;
    if (!m_groups.empty())
        Q_EMIT dataChanged(index(0, Last), index(rowCount() - 1, Last));
}

int FailureModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_groups.size()); }
int FailureModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant FailureModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const FailureGroup& group = at(index.row());
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return index.column() == Sentence ? qs(group.error) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Count: return formatCount(group.count);
    case Status: return QString::number(group.status);
    case Sentence: return QString((group.errorType.empty() ? QString() : qs(group.errorType) + QStringLiteral(": ")) + qs(group.error).simplified());
    case Last: return formatTime(group.last, m_utc);
    default: return {};
    }
}

QVariant FailureModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const std::array titles{tr("Count"), tr("Status"), tr("What failed"), tr("Last")};
    return role == Qt::DisplayRole ? QVariant(titles[static_cast<std::size_t>(section)]) : QVariant();
}

} // namespace tintype::ui
