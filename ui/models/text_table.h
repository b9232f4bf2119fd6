// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <QStringList>
#include <vector>

namespace tintype::ui {

/// A short list that is told at once: rows of text, each with a key.
class TextTable : public QAbstractTableModel {
    Q_OBJECT

public:
    struct Row {
        QString key;
        QStringList cells;
    };

    /// @param numbers columns that are aligned right
    explicit TextTable(QStringList headers, QSet<int> numbers = {}, QObject* parent = nullptr);

    void setRows(std::vector<Row> rows);
    QString keyAt(int row) const; ///< empty for no row

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const QStringList m_headers;
    const QSet<int> m_numbers;
    std::vector<Row> m_rows;
};

} // namespace tintype::ui
