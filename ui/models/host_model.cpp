// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/host_model.h"

#include "ui/models/app_state.h"
#include "ui/models/format.h"

#include <algorithm>

namespace tintype::ui {
namespace {

/// GPUs in full, the sizes of the processor as their number: they are cuts of the same machine.
QString machinesText(const control::HostInfo& host)
{
    QStringList gpus;
    std::uint64_t largest = 0;
    for (const control::MachineInfo& machine : host.machines) {
        if (machine.type.isGpu)
            gpus.append(machineText(machine));
        else
            largest = std::max(largest, machine.type.memoryBytes);
    }
    if (largest > 0)
        gpus.append(HostModel::tr("CPU up to %1").arg(formatBytes(largest)));
    return gpus.join(QStringLiteral("; "));
}

bool mentions(const Error& error, const char* word) { return error.message.find(word) != std::string::npos; }

} // namespace

QString machineText(const control::MachineInfo& machine)
{
    const int all = static_cast<int>(machine.type.devices.size());
    if (!machine.type.isGpu)
        return HostModel::tr("%1: room for %2, %3 each").arg(qs(machine.type.name)).arg(machine.freeDevices).arg(formatBytes(machine.type.memoryBytes));
    return HostModel::tr("%1: %2 of %3 free, %4 each")
        .arg(qs(machine.type.name)).arg(machine.freeDevices).arg(all).arg(formatBytes(machine.type.memoryBytes));
}

QString hostAdvice(const Error& error)
{
    if (mentions(error, "fingerprint") && error.code == ErrorCode::Unauthorized)
        return HostModel::tr("Compare the certificate it shows now with the fingerprint that the host prints when it starts, and pin it if they are the same. If they are not, somebody else answers.");
    if (mentions(error, "certificate"))
        return HostModel::tr("Look at its certificate, and pin it if its fingerprint is the one that the host prints when it starts.");
    switch (error.code) {
    case ErrorCode::Unauthorized:
        return HostModel::tr("Enter another key. On the host, `tintype keys create --scope admin` makes one.");
    case ErrorCode::Unavailable:
    case ErrorCode::Timeout:
        return HostModel::tr("Check address and port, and that `tintype serve` runs there and a firewall lets it through.");
    case ErrorCode::Protocol: return HostModel::tr("Something else than a Tintype host answers at this address.");
    default: return {};
    }
}

HostModel::HostModel(const Targets& targets, QObject* parent)
    : QAbstractTableModel(parent)
{
    for (const auto& target : targets.all())
        add(target.get());
    connect(&targets, &Targets::added, this, &HostModel::add);
    connect(&targets, &Targets::aboutToRemove, this, &HostModel::remove);
}

void HostModel::add(Target* target)
{
    const int row = target->isLocal() ? 0 : rowCount();
    beginInsertRows({}, row, row);
    m_rows.insert(m_rows.begin() + row, target);
    endInsertRows();
    for (const auto signal : {&Target::connectionChanged, &Target::hostInfoChanged, &Target::appsChanged})
        connect(target, signal, this, [this, target] { tell(target); });
}

void HostModel::remove(Target* target)
{
    const int row = rowOf(target);
    if (row < 0)
        return;
    target->disconnect(this);
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

void HostModel::tell(const Target* target)
{
    if (const int row = rowOf(target); row >= 0)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

Target* HostModel::at(int row) const { return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)] : nullptr; }

int HostModel::rowOf(const Target* target) const
{
    const auto found = std::ranges::find(m_rows, target);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int HostModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int HostModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant HostModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Target& host = *m_rows[static_cast<std::size_t>(index.row())];
    const auto& info = host.hostInfo();
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (index.column() == Apps ? Qt::AlignRight : Qt::AlignLeft));
    if (index.column() == State && (role == MarkRole || role == ReasonRole || role == Qt::ToolTipRole)) {
        const ShownState state = stateOf(host);
        return role == MarkRole ? QVariant::fromValue(state.mark) : QVariant(state.reason);
    }
    if (role == Qt::ToolTipRole && index.column() == Machines && info) {
        QStringList lines;
        for (const control::MachineInfo& machine : info->machines)
            lines.append(machineText(machine));
        return lines.join(QLatin1Char('\n'));
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name: return host.name();
    case State: return stateOf(host).word;
    case Url: return qs(host.address().url);
    case Version: return info ? qs(info->version) : QString();
    case Machines: return info ? machinesText(*info) : QString();
    case Apps: return host.isConnected() ? formatCount(static_cast<std::int64_t>(host.apps().size())) : QString();
    case Since: return info ? formatDateTime(info->startedAt) : QString();
    default: return {};
    }
}

QVariant HostModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section == Apps ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Host");
    case State: return tr("State");
    case Url: return tr("Address");
    case Version: return tr("Version");
    case Machines: return tr("Machines");
    case Apps: return tr("Apps");
    case Since: return tr("Runs since");
    default: return {};
    }
}

} // namespace tintype::ui
