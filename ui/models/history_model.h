// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "deploy/control/page.h"

#include <QAbstractTableModel>
#include <vector>

namespace tintype::ui {

/// What happened to an app, newest first, as far as it was asked for.
class HistoryModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, Category, Actor, Text, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setFirst(const control::Page<control::HistoryEntry>& page); ///< in place of what is there
    void append(const control::Page<control::HistoryEntry>& page);   ///< the one after the last
    const std::string& next() const { return m_next; }               ///< cursor of the next page; empty = all is there
    const std::vector<control::HistoryEntry>& entries() const { return m_entries; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<control::HistoryEntry> m_entries;
    std::string m_next;
};

} // namespace tintype::ui
