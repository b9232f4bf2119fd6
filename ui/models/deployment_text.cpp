// SPDX-License-Identifier: GPL-3.0-or-later
// The part of DeploymentModel that says what a row says.
#include "ui/models/app_state.h"
#include "ui/models/deployment_node.h"
#include "ui/models/format.h"

#include <cmath>

namespace tintype::ui {
namespace {

constexpr double kMillisecondsPerSecond = 1000;
constexpr int kShortId = 8;

double secondsBetween(TimePoint from, TimePoint to)
{
    return std::max(0.0, static_cast<double>((to - from).count()) / kMillisecondsPerSecond);
}

/// Whole seconds, for values that tick.
QString formatTicking(double seconds)
{
    constexpr double kMinute = 60;
    return seconds < kMinute ? DeploymentModel::tr("%1 s").arg(static_cast<int>(seconds)) : formatDuration(seconds);
}

} // namespace

QString DeploymentModel::revisionText(const std::string& id) const
{
    const QString shortId = qs(id.substr(0, kShortId));
    const auto number = m_numbers.find(id);
    return number == m_numbers.end() ? shortId : tr("r%1 · %2").arg(number->second).arg(shortId);
}

QVariant DeploymentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section >= Up ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const bool isTip = role == Qt::ToolTipRole;
    switch (section) {
    case Name: return isTip ? QString() : tr("Host, app, replica");
    case State: return isTip ? QString() : tr("State");
    case Revision: return isTip ? tr("The revision that serves") : tr("Revision");
    case Up: return isTip ? tr("Time since the replica was ready") : tr("Up");
    case InFlight: return isTip ? tr("Requests that are being computed") : tr("In flight");
    case Queued: return isTip ? tr("Requests that wait") : tr("Queue");
    case Memory: return isTip ? tr("Memory that the replicas hold now") : tr("Memory");
    case EndsIn: return isTip ? tr("What is left of keep_alive: an idle replica goes then, if nothing comes") : tr("Ends in");
    default: return {};
    }
}

QVariant DeploymentModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node& row = *node(index);
    const auto column = static_cast<Column>(index.column());
    const auto state = [&row] {
        return row.kind == Kind::Host ? stateOf(*row.target)
            : row.kind == Kind::App   ? stateOf(row.app, row.replicas)
                                      : stateOf(row.replica);
    };
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::TextAlignmentRole: return QVariant(Qt::AlignVCenter | (column >= Up ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole: return column == State ? state().reason : QString();
    case Qt::AccessibleTextRole:
        return QString(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() + QLatin1String(": ") + text(row, column));
    case MarkRole: return column == State ? QVariant::fromValue(state().mark) : QVariant();
    case ReasonRole: return column == State ? state().reason : QString();
    case ValueRole: return value(row, column);
    default: return {};
    }
}

QString DeploymentModel::text(const Node& node, Column column) const
{
    switch (node.kind) {
    case Kind::Host: return hostText(node, column);
    case Kind::App: return appText(node, column);
    case Kind::Replica: return replicaText(node, column);
    }
    return {};
}

QString DeploymentModel::hostText(const Node& node, Column column) const
{
    if (column == Name)
        return node.target->name();
    return column == State ? stateOf(*node.target).word : QString();
}

QString DeploymentModel::appText(const Node& node, Column column) const
{
    switch (column) {
    case Name: return node.app.ephemeral ? tr("%1 (temporary)").arg(qs(node.app.name)) : qs(node.app.name);
    case State: return stateOf(node.app, node.replicas).word;
    case Revision: return revisionText(node.app.revision);
    case InFlight: return formatCount(node.app.running);
    case Queued: return formatCount(node.app.queued);
    case Memory: {
        const auto bytes = value(node, Memory).toULongLong();
        return bytes > 0 ? formatBytes(bytes) : QString();
    }
    default: return {};
    }
}

QString DeploymentModel::replicaText(const Node& node, Column column) const
{
    const domain::ReplicaInfo& replica = node.replica;
    switch (column) {
    case Name: {
        const QString place = qs(replica.device.empty() ? replica.machineType : replica.machineType + ", " + replica.device);
        return place.isEmpty() ? qs(replica.id.substr(0, kShortId)) : tr("%1 on %2").arg(qs(replica.id.substr(0, kShortId)), place);
    }
    case State: return stateOf(replica).word;
    case Revision: return revisionText(replica.revision);
    case Up: return replica.readyAt ? formatTicking(value(node, Up).toDouble()) : QString();
    case InFlight: return formatCount(replica.inFlight);
    case Memory: return replica.memoryUsed > 0 ? formatBytes(replica.memoryUsed) : QString();
    case EndsIn: return replica.expiresAt && node.isLive() ? formatTicking(value(node, EndsIn).toDouble()) : QString();
    default: return {};
    }
}

QVariant DeploymentModel::value(const Node& node, Column column) const
{
    const domain::ReplicaInfo& replica = node.replica;
    const bool isApp = node.kind == Kind::App;
    if (node.kind == Kind::Host)
        return {};
    switch (column) {
    case Up:
        if (isApp || !replica.readyAt)
            return {};
        return std::floor(secondsBetween(*replica.readyAt, replica.endedAt.value_or(m_now)));
    case InFlight: return isApp ? node.app.running : replica.inFlight;
    case Queued: return isApp ? QVariant(node.app.queued) : QVariant();
    case Memory: {
        std::uint64_t bytes = replica.memoryUsed;
        for (const domain::ReplicaInfo& one : node.replicas)
            bytes += one.memoryUsed;
        return static_cast<qulonglong>(bytes);
    }
    case EndsIn: return replica.expiresAt ? QVariant(std::ceil(secondsBetween(m_now, *replica.expiresAt))) : QVariant();
    default: return {};
    }
}

} // namespace tintype::ui
