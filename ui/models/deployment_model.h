// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mark.h"
#include "ui/models/targets.h"

#include <QAbstractItemModel>
#include <map>
#include <memory>
#include <vector>

namespace tintype::ui {

/// What runs where: hosts, their apps, the apps' replicas. Follows the snapshots of all targets, row by row, so that selection and
/// open branches stay.
class DeploymentModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, State, Revision, Up, InFlight, Queued, Memory, EndsIn, ColumnCount };
    enum Role {
        MarkRole = Qt::UserRole, ///< Mark, of State
        ReasonRole,              ///< why it is in this state, a sentence; may be empty
        ValueRole,               ///< the number behind the text
    };
    enum class Kind { Host, App, Replica };

    explicit DeploymentModel(const Targets& targets, QObject* parent = nullptr);
    ~DeploymentModel() override;

    /// Replicas that ended within the last 24 h are rows too.
    void setShowsEnded(bool shows);
    bool showsEnded() const { return m_showsEnded; }

    /// The time that "up" and "ends in" are told for.
    void setNow(TimePoint now);

    void setRevisionNumbers(const std::vector<control::RevisionInfo>& revisions);
    bool knowsRevision(const std::string& id) const { return m_numbers.contains(id); }
    QString revisionText(const std::string& id) const; ///< "r3 · 1f2e3d4c"; without the number while that is not known

    Kind kind(const QModelIndex& index) const;
    Target* target(const QModelIndex& index) const;               ///< null for no row
    const control::AppInfo* app(const QModelIndex& index) const;  ///< of an app or replica; else null
    const domain::ReplicaInfo* replica(const QModelIndex& index) const; ///< of a replica; else null
    QModelIndex find(const Target* target, const std::string& app = {}) const; ///< the row of a host, or of an app of it

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node;
    using Nodes = std::vector<std::unique_ptr<Node>>;

    Node* node(const QModelIndex& index) const;
    QModelIndex indexOf(const Node& node) const;
    Node* hostNode(const Target* target) const;
    void addHost(Target* target);
    void removeHost(const Target* target);
    void syncApps(Node& host);
    void syncReplicas(Node& host);
    void syncChildren(Node& parent, Nodes wanted);
    void tellRow(const Node& node);
    void tellUnder(const Node& node, Column first, Column last);

    QString text(const Node& node, Column column) const;
    QString hostText(const Node& node, Column column) const;
    QString appText(const Node& node, Column column) const;
    QString replicaText(const Node& node, Column column) const;
    QVariant value(const Node& node, Column column) const;

    const Targets& m_targets;
    const std::unique_ptr<Node> m_root;
    std::map<std::string, int> m_numbers; ///< of revisions, by id
    TimePoint m_now;
    bool m_showsEnded = false;
};

} // namespace tintype::ui
