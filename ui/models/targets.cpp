// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/targets.h"

#include "deploy/control/host_book.h"
#include "ui/models/format.h"

#include <algorithm>

namespace tintype::ui {

Targets::Targets(std::string bookFile, MakeControl makeControl, QObject* parent)
    : QAbstractListModel(parent)
    , m_bookFile(std::move(bookFile))
    , m_makeControl(std::move(makeControl))
{
}

Targets::~Targets() = default;

Target* Targets::insert(int row, const QString& name, const control::HostAddress& address, bool isLocal)
{
    beginInsertRows({}, row, row);
    const auto place = m_targets.insert(
        m_targets.begin() + row, std::make_unique<Target>(name, address, isLocal, m_makeControl(address)));
    Target* const target = place->get();
    endInsertRows();
    const auto changed = [this, target] {
        const auto at = std::ranges::find(m_targets, target, &std::unique_ptr<Target>::get);
        const QModelIndex where = index(static_cast<int>(at - m_targets.begin()));
        Q_EMIT dataChanged(where, where);
    };
    connect(target, &Target::connectionChanged, this, changed);
    connect(target, &Target::hostInfoChanged, this, changed);
    if (isLocal) {
        connect(target, &Target::connectionChanged, this, [this, target] {
            if (target->connection().kind == control::ConnectionState::Kind::Retrying)
                Q_EMIT localLost();
        });
    }
    Q_EMIT added(target);
    target->start();
    return target;
}

void Targets::erase(int row)
{
    Target* const target = m_targets[static_cast<std::size_t>(row)].get();
    Q_EMIT aboutToRemove(target);
    beginRemoveRows({}, row, row);
    const std::unique_ptr<Target> removed = std::move(m_targets[static_cast<std::size_t>(row)]);
    m_targets.erase(m_targets.begin() + row);
    endRemoveRows();
    if (m_current == target)
        setCurrent(m_targets.empty() ? nullptr : m_targets.front().get());
}

void Targets::setLocal(const control::HostAddress& address)
{
    Target* const before = m_targets.empty() || !m_targets.front()->isLocal() ? nullptr : m_targets.front().get();
    if (before && before->address() == address) {
        before->start();
        return;
    }
    const bool wasCurrent = !m_current || m_current == before;
    Target* const local = insert(0, tr("This machine"), address, true);
    if (wasCurrent)
        setCurrent(local);
    if (before)
        erase(1);
}

Result<> Targets::load()
{
    TINTYPE_TRY_ASSIGN(const control::HostBook book, control::HostBook::load(m_bookFile));
    for (const auto& [name, address] : book.hosts) {
        if (!find(qs(name)))
            insert(static_cast<int>(m_targets.size()), qs(name), address, false);
    }
    return {};
}

Result<> Targets::add(const QString& name, const control::HostAddress& address)
{
    if (name.trimmed().isEmpty())
        return fail(ErrorCode::InvalidArgument, "A host needs a name.");
    if (find(name))
        return fail(ErrorCode::InvalidArgument, "A host named " + name.toStdString() + " is there already.");
    TINTYPE_TRY_ASSIGN(control::HostBook book, control::HostBook::load(m_bookFile));
    book.hosts[name.toStdString()] = address;
    TINTYPE_TRY(book.save(m_bookFile));
    insert(static_cast<int>(m_targets.size()), name, address, false);
    return {};
}

Result<> Targets::remove(const QString& name)
{
    const auto found = std::ranges::find(m_targets, name, [](const auto& target) { return target->name(); });
    if (found == m_targets.end() || (*found)->isLocal())
        return fail(ErrorCode::NotFound, "There is no host named " + name.toStdString() + " to remove.");
    TINTYPE_TRY_ASSIGN(control::HostBook book, control::HostBook::load(m_bookFile));
    book.hosts.erase(name.toStdString());
    if (book.current == name.toStdString())
        book.current.clear();
    TINTYPE_TRY(book.save(m_bookFile));
    erase(static_cast<int>(found - m_targets.begin()));
    return {};
}

void Targets::setCurrent(Target* target)
{
    if (target == m_current)
        return;
    m_current = target;
    Q_EMIT currentChanged(target);
}

Target* Targets::find(const QString& name) const
{
    const auto found = std::ranges::find(m_targets, name, [](const auto& target) { return target->name(); });
    return found == m_targets.end() ? nullptr : found->get();
}

int Targets::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_targets.size());
}

QVariant Targets::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Target& target = *m_targets[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return target.name();
    if (role == Qt::ToolTipRole) {
        const QString state = target.trouble() ? qs(target.trouble()->message) : target.isConnected() ? tr("connected") : tr("connecting");
        return QString(qs(target.address().url) + QStringLiteral(" · ") + state);
    }
    return {};
}

} // namespace tintype::ui
