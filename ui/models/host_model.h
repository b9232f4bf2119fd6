// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/targets.h"

#include <QAbstractTableModel>

namespace tintype::ui {

/// The hosts that the studio knows, and what each has and runs.
class HostModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, State, Url, Version, Machines, Apps, Since, ColumnCount };
    enum Role { MarkRole = Qt::UserRole, ReasonRole };

    explicit HostModel(const Targets& targets, QObject* parent = nullptr);

    Target* at(int row) const; ///< null for no row
    int rowOf(const Target* target) const; ///< -1 = not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void add(Target* target);
    void remove(Target* target);
    void tell(const Target* target);

    std::vector<Target*> m_rows;
};

/// "GPU-H100: 1 of 2 free, 80 GB each"; one line a machine type.
QString machineText(const control::MachineInfo& machine);

/// What to do about a host that does not answer as it should; empty = its own sentence says it.
QString hostAdvice(const Error& error);

} // namespace tintype::ui
