// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/revision_model.h"

#include "ui/models/format.h"

#include <QRegularExpression>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr std::size_t kShortId = 8;

} // namespace

void RevisionModel::clear()
{
    beginResetModel();
    m_revisions.clear();
    m_endings.clear();
    m_current.clear();
    m_rolling.clear();
    endResetModel();
}

void RevisionModel::setRevisions(std::vector<control::RevisionInfo> revisions)
{
    std::ranges::sort(revisions, std::ranges::greater(), &control::RevisionInfo::number);
    beginResetModel();
    m_revisions = std::move(revisions);
    endResetModel();
}

/// The host tells the end of a rollout as a sentence of its history: "revision 3 serves", "revision 1f2e3d4c was given up: …".
void RevisionModel::setHistory(const std::vector<control::HistoryEntry>& entries)
{
    static const QRegularExpression served(QStringLiteral("^revision (\\d+) serves$"));
    static const QRegularExpression givenUp(QStringLiteral("^revision ([0-9a-f]{8}) was given up: (.*)$"),
        QRegularExpression::DotMatchesEverythingOption);
    m_endings.clear();
    for (const control::HistoryEntry& entry : entries) {
        if (entry.category != "deployment")
            continue;
        const QString text = qs(entry.text);
        if (const auto match = served.match(text); match.hasMatch())
            m_endings[match.captured(1).toStdString()].hasServed = true;
        else if (const auto failed = givenUp.match(text); failed.hasMatch())
            m_endings.try_emplace(failed.captured(1).toStdString(), Ending{false, failed.captured(2)}); // the newest counts
    }
    tellOutcomes();
}

void RevisionModel::setServing(const std::string& current, const std::string& rolling)
{
    if (m_current == current && m_rolling == rolling)
        return;
    m_current = current;
    m_rolling = rolling;
    tellOutcomes();
}

void RevisionModel::tellOutcomes()
{
    if (!m_revisions.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

const control::RevisionInfo* RevisionModel::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_revisions[static_cast<std::size_t>(row)] : nullptr;
}

int RevisionModel::rowOf(const std::string& id) const
{
    const auto found = std::ranges::find(m_revisions, id, &control::RevisionInfo::id);
    return found == m_revisions.end() ? -1 : static_cast<int>(found - m_revisions.begin());
}

int RevisionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_revisions.size());
}

int RevisionModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

const RevisionModel::Ending* RevisionModel::ending(const control::RevisionInfo& revision) const
{
    const auto served = m_endings.find(std::to_string(revision.number));
    if (served != m_endings.end())
        return &served->second;
    const auto failed = m_endings.find(revision.id.substr(0, kShortId));
    return failed == m_endings.end() ? nullptr : &failed->second;
}

Mark RevisionModel::mark(const control::RevisionInfo& revision) const
{
    if (revision.id == m_rolling)
        return Mark::Waiting;
    if (revision.id == m_current)
        return Mark::Good;
    const Ending* const end = ending(revision);
    return end && !end->failure.isEmpty() ? Mark::Bad : Mark::None;
}

QString RevisionModel::outcome(const control::RevisionInfo& revision) const
{
    if (revision.id == m_rolling)
        return tr("Rolling out");
    if (revision.id == m_current)
        return tr("Serves");
    const Ending* const end = ending(revision);
    if (!end)
        return tr("Not known");
    return end->failure.isEmpty() ? tr("Served") : tr("Given up: %1").arg(end->failure);
}

QVariant RevisionModel::data(const QModelIndex& index, int role) const
{
    const control::RevisionInfo* const revision = index.isValid() ? at(index.row()) : nullptr;
    if (!revision)
        return {};
    if (role == IdRole)
        return qs(revision->id);
    if (role == MarkRole)
        return index.column() == Outcome ? QVariant::fromValue(mark(*revision)) : QVariant();
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (index.column() == Number ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const bool isTip = role == Qt::ToolTipRole;
    switch (index.column()) {
    case Number: return isTip ? qs(revision->id) : QString::number(revision->number);
    case Message: return revision->message.empty() && !isTip ? tr("No message") : qs(revision->message);
    case Author: return revision->author.empty() ? tr("This machine") : qs(revision->author);
    case Created: return isTip ? formatDateTime(revision->createdAt, /*utc=*/true) + QStringLiteral(" UTC") : formatDateTime(revision->createdAt);
    case Outcome: return outcome(*revision);
    default: return {};
    }
}

QVariant RevisionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section == Number ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number: return tr("No.");
    case Message: return tr("Message");
    case Author: return tr("Author");
    case Created: return tr("Made");
    case Outcome: return tr("Result");
    default: return {};
    }
}

} // namespace tintype::ui
