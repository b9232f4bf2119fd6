// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/grid_model.h"

#include "ui/models/format.h"

namespace tintype::ui {

using State = GridCell::State;

void GridModel::setPlan(const GridPlan& plan)
{
    beginResetModel();
    m_plan = plan;
    m_sheet = 0;
    m_places.clear();
    m_cells.clear();
    for (int z = 0; z < plan.size(2); ++z) {
        for (int y = 0; y < plan.size(1); ++y) {
            for (int x = 0; x < plan.size(0); ++x)
                m_cells.push_back({State::Planned, plan.cell(x, y, z), {}, {}, 0});
        }
    }
    endResetModel();
    Q_EMIT tallyChanged();
}

void GridModel::setSheet(int z)
{
    if (z < 0 || z >= m_plan.size(2) || z == m_sheet)
        return;
    beginResetModel();
    m_sheet = z;
    endResetModel();
}

int GridModel::cellAt(const QModelIndex& index) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return -1;
    return (m_sheet * m_plan.size(1) + index.row()) * m_plan.size(0) + index.column();
}

GridModel::Tally GridModel::tally() const
{
    Tally tally;
    for (const GridCell& cell : m_cells) {
        tally.done += cell.state == State::Done;
        tally.failed += cell.state == State::Failed;
        tally.cancelled += cell.state == State::Cancelled;
        tally.open += cell.state == State::Waiting || cell.state == State::Running;
    }
    return tally;
}

void GridModel::changed(int cell)
{
    const int perSheet = m_plan.size(0) * m_plan.size(1);
    if (cell / perSheet != m_sheet)
        return;
    const int within = cell % perSheet;
    const QModelIndex where = index(within / m_plan.size(0), within % m_plan.size(0));
    Q_EMIT dataChanged(where, where);
}

void GridModel::setState(int cell, State state)
{
    m_cells[cell].state = state;
    changed(cell);
    Q_EMIT tallyChanged();
}

void GridModel::setWaiting(int cell, const Generation& call)
{
    m_cells[cell].generation = call;
    m_places.insert(call.id, cell);
    setState(cell, State::Waiting);
}

void GridModel::setFailed(int cell, const QString& sentence)
{
    m_cells[cell].generation.error = sentence;
    setState(cell, State::Failed);
}

void GridModel::setRunning(const QString& id, double progress)
{
    const int cell = cellOf(id);
    if (cell < 0)
        return;
    m_cells[cell].progress = progress;
    setState(cell, State::Running);
}

void GridModel::setFinished(const Generation& generation)
{
    const int cell = cellOf(generation.id);
    if (cell < 0)
        return;
    m_cells[cell].generation = generation;
    m_cells[cell].generation.pictures.clear();
    setState(cell, generation.error.isEmpty() ? State::Done : State::Failed);
}

void GridModel::setCancelled(const QString& id)
{
    if (const int cell = cellOf(id); cell >= 0)
        setState(cell, State::Cancelled);
}

void GridModel::setThumbnail(const QString& id, const QImage& image)
{
    const int cell = cellOf(id);
    if (cell < 0)
        return;
    m_cells[cell].thumbnail = image;
    changed(cell);
}

void GridModel::setPath(const QString& id, const QString& path)
{
    if (const int cell = cellOf(id); cell >= 0)
        m_cells[cell].path = path;
}

int GridModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_cells.isEmpty() ? 0 : m_plan.size(1);
}

int GridModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_cells.isEmpty() ? 0 : m_plan.size(0);
}

QVariant GridModel::data(const QModelIndex& index, int role) const
{
    const int at = cellAt(index);
    if (at < 0)
        return {};
    const GridCell& cell = m_cells[at];
    switch (role) {
    case Qt::DecorationRole:
        return cell.thumbnail.isNull() ? QVariant() : QVariant(cell.thumbnail);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: {
        QStringList lines;
        const std::array places{index.column(), index.row(), m_sheet};
        for (std::size_t axis = 0; axis < places.size(); ++axis)
            lines.push_back(m_plan.label(static_cast<int>(axis), places[axis]));
        if (cell.state == State::Done)
            lines.push_back(formatDuration(cell.generation.totalSeconds));
        lines.push_back(cell.generation.error);
        lines.removeAll(QString());
        return lines.join(u'\n');
    }
    case StateRole:
        return static_cast<int>(cell.state);
    case ProgressRole:
        return cell.progress;
    case ErrorRole:
        return cell.generation.error;
    case SecondsRole:
        return cell.generation.totalSeconds;
    default:
        return {};
    }
}

QVariant GridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const int axis = orientation == Qt::Horizontal ? 0 : 1;
    if (m_cells.isEmpty() || section < 0 || section >= m_plan.size(axis))
        return {};
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return m_plan.label(axis, section);
    return {};
}

} // namespace tintype::ui
