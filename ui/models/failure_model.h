// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_data.h"

#include <QAbstractTableModel>

namespace tintype::ui {

/// Failed requests by the way in which they failed, the most frequent first.
class FailureModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Count, Status, Sentence, Last, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setGroups(const std::vector<FailureGroup>& groups);
    void setUtc(bool utc);
    const FailureGroup& at(int row) const { return m_groups[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<FailureGroup> m_groups;
    bool m_utc = false;
};

} // namespace tintype::ui
