// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/effective_settings.h"

#include <QAbstractTableModel>
#include <vector>

namespace tintype::ui {

/// What a deploy does to the settings of an app: now, after it, and where the value comes from.
class PlanModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Setting, Now, After, From, ColumnCount };
    enum Role { ChangedRole = Qt::UserRole };

    using QAbstractTableModel::QAbstractTableModel;

    /// @param changesOnly leaves out what stays as it is
    void setValues(const std::vector<domain::EffectiveValue>& values, bool changesOnly);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<domain::EffectiveValue> m_values;
};

} // namespace tintype::ui
