// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/grid_plan.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QImage>
#include <QVector>

namespace tintype::ui {

/// A cell of a grid that is being filled.
struct GridCell {
    enum class State { Planned, Waiting, Running, Done, Failed, Cancelled };

    State state = State::Planned;
    Generation generation; ///< without its pictures
    QString path;          ///< of its first picture; empty until the history has it
    QImage thumbnail;
    double progress = 0;   ///< 0..1 of Running
};

/// The cells of one sheet (z) of a grid. Holds what it is told; runs nothing. GUI thread.
class GridModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role { StateRole = Qt::UserRole, ProgressRole, ErrorRole, SecondsRole };

    struct Tally {
        int done = 0;
        int failed = 0;
        int cancelled = 0;
        int open = 0; ///< waiting or running
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setPlan(const GridPlan& plan); ///< @pre plan.check()
    const GridPlan& plan() const { return m_plan; }
    void setSheet(int z);
    int sheet() const { return m_sheet; }

    const QVector<GridCell>& cells() const { return m_cells; } ///< all sheets, x fastest
    int cellAt(const QModelIndex& index) const;                ///< -1 for none
    int cellOf(const QString& id) const { return m_places.value(id, -1); } ///< -1 if it is no job of this grid
    Tally tally() const;

    void setWaiting(int cell, const Generation& call);       ///< its id names it from now on
    void setFailed(int cell, const QString& sentence);
    void setRunning(const QString& id, double progress);
    void setFinished(const Generation& generation);          ///< done, or failed
    void setCancelled(const QString& id);
    void setThumbnail(const QString& id, const QImage& image);
    void setPath(const QString& id, const QString& path);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override; ///< decoration: QImage
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void tallyChanged();

private:
    void changed(int cell);
    void setState(int cell, GridCell::State state);

    GridPlan m_plan;
    QVector<GridCell> m_cells;
    QHash<QString, int> m_places;
    int m_sheet = 0;
};

} // namespace tintype::ui
