// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "ui/models/mark.h"

#include <QAbstractTableModel>
#include <map>
#include <vector>

namespace tintype::ui {

/// The revisions of one app, newest first, and what became of each.
class RevisionModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Number, Message, Author, Created, Outcome, ColumnCount };
    enum Role { MarkRole = Qt::UserRole, IdRole };

    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    void setRevisions(std::vector<control::RevisionInfo> revisions);

    /// Tells how rollouts ended, from an app's history (newest first).
    void setHistory(const std::vector<control::HistoryEntry>& entries);

    /// The revision that serves now, and the one that is on its way; empty = none.
    void setServing(const std::string& current, const std::string& rolling);

    const control::RevisionInfo* at(int row) const; ///< null for no row
    int rowOf(const std::string& id) const;         ///< -1 = not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Ending {
        bool hasServed = false;
        QString failure; ///< why it was given up the last time; empty = it was not
    };

    Mark mark(const control::RevisionInfo& revision) const;
    QString outcome(const control::RevisionInfo& revision) const;
    const Ending* ending(const control::RevisionInfo& revision) const;
    void tellOutcomes();

    std::vector<control::RevisionInfo> m_revisions;
    std::map<std::string, Ending> m_endings; ///< by number ("12") or the start of an id ("1f2e3d4c"), as history has it
    std::string m_current;
    std::string m_rolling;
};

} // namespace tintype::ui
