// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/deployment_model.h"

#include "ui/models/deployment_node.h"

#include <algorithm>

namespace tintype::ui {
DeploymentModel::DeploymentModel(const Targets& targets, QObject* parent)
    : QAbstractItemModel(parent)
    , m_targets(targets)
    , m_root(std::make_unique<Node>())
    , m_now(wallClockNow())
{
    for (const auto& target : m_targets.all())
        addHost(target.get());
    connect(&targets, &Targets::added, this, &DeploymentModel::addHost);
    connect(&targets, &Targets::aboutToRemove, this, &DeploymentModel::removeHost);
}

DeploymentModel::~DeploymentModel() = default;

// Rows

DeploymentModel::Node* DeploymentModel::node(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex DeploymentModel::indexOf(const Node& node) const
{
    if (!node.parent)
        return {};
    const Nodes& siblings = node.parent->children;
    const auto place = std::ranges::find(siblings, &node, [](const auto& sibling) { return sibling.get(); });
    return createIndex(static_cast<int>(place - siblings.begin()), 0, const_cast<Node*>(&node));
}

QModelIndex DeploymentModel::index(int row, int column, const QModelIndex& parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column, node(parent)->children[static_cast<std::size_t>(row)].get())
                                         : QModelIndex();
}

QModelIndex DeploymentModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(*node(child)->parent) : QModelIndex();
}

int DeploymentModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(node(parent)->children.size());
}

int DeploymentModel::columnCount(const QModelIndex&) const { return ColumnCount; }

DeploymentModel::Kind DeploymentModel::kind(const QModelIndex& index) const { return node(index)->kind; }
Target* DeploymentModel::target(const QModelIndex& index) const { return node(index)->target; }

const control::AppInfo* DeploymentModel::app(const QModelIndex& index) const
{
    const Node* const row = node(index);
    if (!index.isValid() || row->kind == Kind::Host)
        return nullptr;
    return row->kind == Kind::App ? &row->app : &row->parent->app;
}

const domain::ReplicaInfo* DeploymentModel::replica(const QModelIndex& index) const
{
    return index.isValid() && node(index)->kind == Kind::Replica ? &node(index)->replica : nullptr;
}

QModelIndex DeploymentModel::find(const Target* target, const std::string& app) const
{
    const Node* const host = hostNode(target);
    if (!host)
        return {};
    if (app.empty())
        return indexOf(*host);
    const auto found = std::ranges::find(host->children, app, [](const auto& child) { return child->key; });
    return found == host->children.end() ? QModelIndex() : indexOf(**found);
}

// Following the snapshots

DeploymentModel::Node* DeploymentModel::hostNode(const Target* target) const
{
    const auto found = std::ranges::find(m_root->children, target, [](const auto& host) { return host->target; });
    return found == m_root->children.end() ? nullptr : found->get();
}

void DeploymentModel::addHost(Target* target)
{
    const auto& all = m_targets.all();
    const auto place = std::ranges::find(all, target, [](const auto& known) { return known.get(); });
    const int row = std::min(static_cast<int>(place - all.begin()), rowCount());
    beginInsertRows({}, row, row);
    auto host = std::make_unique<Node>();
    host->parent = m_root.get();
    host->target = target;
    Node& added = **m_root->children.insert(m_root->children.begin() + row, std::move(host));
    endInsertRows();
    const auto follow = [this, target](auto signal, auto act) {
        connect(target, signal, this, [this, target, act] {
            if (Node* const known = hostNode(target))
                (this->*act)(*known);
        });
    };
    follow(&Target::appsChanged, &DeploymentModel::syncApps);
    follow(&Target::replicasChanged, &DeploymentModel::syncReplicas);
    follow(&Target::connectionChanged, &DeploymentModel::tellRow);
    syncApps(added);
}

void DeploymentModel::removeHost(const Target* target)
{
    Node* const host = hostNode(target);
    if (!host)
        return;
    target->disconnect(this);
    const int row = indexOf(*host).row();
    beginRemoveRows({}, row, row);
    m_root->children.erase(m_root->children.begin() + row);
    endRemoveRows();
}

void DeploymentModel::syncApps(Node& host)
{
    Nodes wanted;
    for (const control::AppInfo& app : host.target->apps()) {
        auto node = std::make_unique<Node>();
        node->kind = Kind::App;
        node->target = host.target;
        node->key = app.name;
        node->app = app;
        wanted.push_back(std::move(node));
    }
    syncChildren(host, std::move(wanted));
    syncReplicas(host);
}

void DeploymentModel::syncReplicas(Node& host)
{
    for (const auto& app : host.children) {
        app->replicas.clear();
        Nodes wanted;
        for (const domain::ReplicaInfo& replica : host.target->replicas()) {
            if (replica.app != app->app.name)
                continue;
            app->replicas.push_back(replica);
            auto node = std::make_unique<Node>();
            node->kind = Kind::Replica;
            node->target = host.target;
            node->key = replica.id;
            node->replica = replica;
            if (node->isLive() || m_showsEnded)
                wanted.push_back(std::move(node));
        }
        syncChildren(*app, std::move(wanted));
        tellRow(*app);
    }
    tellRow(host);
}

/// Makes the rows under `parent` those of `wanted`: what is gone goes, what is there stays, what is new comes.
void DeploymentModel::syncChildren(Node& parent, Nodes wanted)
{
    Nodes& rows = parent.children;
    const QModelIndex parentIndex = indexOf(parent);
    const auto remove = [&](std::size_t row) {
        beginRemoveRows(parentIndex, static_cast<int>(row), static_cast<int>(row));
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
        endRemoveRows();
    };
    const auto has = [](const Nodes& nodes, const std::string& key) {
        return std::ranges::any_of(nodes, [&](const auto& node) { return node->key == key; });
    };
    for (std::size_t row = rows.size(); row-- > 0;) {
        if (!has(wanted, rows[row]->key))
            remove(row);
    }
    for (std::size_t row = 0; row < wanted.size(); ++row) {
        while (row < rows.size() && rows[row]->key != wanted[row]->key && has(rows, wanted[row]->key))
            remove(row); // the order is another now: what stands in the way comes again further down
        if (row < rows.size() && rows[row]->key == wanted[row]->key) {
            const bool isSame = rows[row]->kind == Kind::Replica && rows[row]->replica == wanted[row]->replica;
            rows[row]->app = std::move(wanted[row]->app);
            rows[row]->replica = std::move(wanted[row]->replica);
            if (!isSame)
                tellRow(*rows[row]);
            continue;
        }
        wanted[row]->parent = &parent;
        beginInsertRows(parentIndex, static_cast<int>(row), static_cast<int>(row));
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(row), std::move(wanted[row]));
        endInsertRows();
    }
}

void DeploymentModel::tellRow(const Node& node)
{
    const QModelIndex first = indexOf(node);
    Q_EMIT dataChanged(first, first.siblingAtColumn(ColumnCount - 1));
}

void DeploymentModel::tellUnder(const Node& node, Column first, Column last)
{
    if (node.children.empty())
        return;
    const QModelIndex parent = indexOf(node);
    Q_EMIT dataChanged(index(0, first, parent), index(rowCount(parent) - 1, last, parent));
    for (const auto& child : node.children)
        tellUnder(*child, first, last);
}

void DeploymentModel::setShowsEnded(bool shows)
{
    if (m_showsEnded == shows)
        return;
    m_showsEnded = shows;
    for (const auto& host : m_root->children)
        syncReplicas(*host);
}

void DeploymentModel::setNow(TimePoint now)
{
    m_now = now;
    for (const auto& host : m_root->children) {
        for (const auto& app : host->children) {
            if (!app->children.empty())
                tellRow(*app);
            tellUnder(*app, Up, EndsIn);
        }
    }
}

void DeploymentModel::setRevisionNumbers(const std::vector<control::RevisionInfo>& revisions)
{
    for (const control::RevisionInfo& revision : revisions)
        m_numbers[revision.id] = revision.number;
    for (const auto& host : m_root->children)
        tellUnder(*host, Revision, Revision);
}

} // namespace tintype::ui
