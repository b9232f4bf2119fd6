// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generation.h"

#include <QAbstractTableModel>
#include <QVector>

namespace tintype::ui {

/// What two calls were asked and how long they took, side by side: rows that differ first.
class GenerationDifference : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, First, Second, Change, ColumnCount };
    enum Role { DiffersRole = Qt::UserRole };

    struct Row {
        QString name;
        QString first;
        QString second;
        QString change; ///< "−0.42 s (−18 %)"; empty for what is no number
        bool isNumber = false;

        bool differs() const { return first != second; }
        bool operator==(const Row&) const = default;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setGenerations(const Generation& first, const Generation& second);
    void setShowsAll(bool showsAll); ///< else the rows that differ, and the times
    bool showsAll() const { return m_showsAll; }
    const QVector<Row>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void sortRows();

    QVector<Row> m_parameters;
    QVector<Row> m_timings;
    QVector<Row> m_rows;
    bool m_showsAll = false;
};

} // namespace tintype::ui
