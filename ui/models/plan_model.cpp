// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/plan_model.h"

#include "ui/models/format.h"

#include <QFont>

namespace tintype::ui {
namespace {

bool isChange(const domain::EffectiveValue& value) { return value.value != value.current; }

QString sourceText(domain::ValueSource source)
{
    switch (source) {
    case domain::ValueSource::File: return PlanModel::tr("the file");
    case domain::ValueSource::Inherited: return PlanModel::tr("the app, as it is");
    case domain::ValueSource::Default: break;
    }
    return PlanModel::tr("default");
}

} // namespace

void PlanModel::setValues(const std::vector<domain::EffectiveValue>& values, bool changesOnly)
{
    beginResetModel();
    m_values.clear();
    for (const domain::EffectiveValue& value : values) {
        if (!changesOnly || isChange(value))
            m_values.push_back(value);
    }
    endResetModel();
}

int PlanModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_values.size()); }
int PlanModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant PlanModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const domain::EffectiveValue& value = m_values[static_cast<std::size_t>(index.row())];
    if (role == ChangedRole)
        return isChange(value);
    if (role == Qt::FontRole && index.column() == After && isChange(value) && !value.current.empty()) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Setting: return qs(value.name);
    case Now: return value.current.empty() ? tr("–") : qs(value.current);
    case After: return qs(value.value);
    case From: return sourceText(value.source);
    default: return {};
    }
}

QVariant PlanModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Setting: return tr("Setting");
    case Now: return tr("Now");
    case After: return tr("After");
    case From: return tr("From");
    default: return {};
    }
}

} // namespace tintype::ui
