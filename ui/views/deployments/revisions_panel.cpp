// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/revisions_panel.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"
#include "ui/views/deployments/diff_view.h"
#include "ui/widgets/mark_delegate.h"
#include "ui/widgets/plain_table.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kMessageSteps = 60;

} // namespace

RevisionsPanel::RevisionsPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_table(makeTable(studio.theme, m_model, tr("Revisions"), RevisionModel::Outcome))
    , m_compared(new QLabel)
    , m_diff(new DiffView(studio.theme))
    , m_strategy(new QComboBox)
    , m_rollBack(new QPushButton(tr("Roll back")))
{
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->horizontalHeader()->setSectionResizeMode(RevisionModel::Message, QHeaderView::Interactive);
    m_table->horizontalHeader()->resizeSection(RevisionModel::Message, Theme::space(kMessageSteps));
    m_table->setItemDelegateForColumn(RevisionModel::Outcome, new MarkDelegate(studio.theme, RevisionModel::MarkRole, -1, m_table));
    m_strategy->addItem(tr("Rolling: the new one must be ready first"), static_cast<int>(control::Strategy::Rolling));
    m_strategy->addItem(tr("Recreate: at once"), static_cast<int>(control::Strategy::Recreate));
    m_strategy->setAccessibleName(tr("How replicas of the old revision give way"));
    m_compared->setProperty("role", QStringLiteral("muted"));

    auto* const bar = new QHBoxLayout;
    bar->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    bar->setSpacing(Theme::space(2));
    bar->addWidget(m_compared, 1);
    bar->addWidget(m_strategy);
    bar->addWidget(m_rollBack);
    auto* const lower = new QWidget;
    auto* const lowerColumn = new QVBoxLayout(lower);
    lowerColumn->setContentsMargins(0, 0, 0, 0);
    lowerColumn->setSpacing(0);
    lowerColumn->addLayout(bar);
    lowerColumn->addWidget(m_diff, 1);
    auto* const splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(lower);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);

    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RevisionsPanel::onSelection);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &RevisionsPanel::onSelection);
    connect(m_rollBack, &QPushButton::clicked, this, [this] {
        const auto revisions = chosen();
        if (revisions.size() == 1)
            Q_EMIT rollBackWanted(*revisions.front(), static_cast<control::Strategy>(m_strategy->currentData().toInt()));
    });
    onSelection();
}

RevisionsPanel::~RevisionsPanel() = default;

void RevisionsPanel::setApp(Target* target, const control::AppInfo& app)
{
    const bool isOther = target != m_target || app.name != m_app.name;
    const bool hasMoved = app.revision != m_app.revision || app.rolling != m_app.rolling || app.updatedAt != m_app.updatedAt;
    m_target = target;
    m_app = app;
    if (isOther)
        m_model.clear();
    if (isOther || hasMoved) {
        ask();
        onSelection();
    }
    m_model.setServing(app.revision, onItsWay());
}

/// The revision that a rollout wants to make the current one; empty = none.
std::string RevisionsPanel::onItsWay() const
{
    if (!m_target || !m_app.rolling)
        return {};
    for (const domain::ReplicaInfo& replica : m_target->replicas()) {
        if (replica.app == m_app.name && replica.revision != m_app.revision && domain::isStarting(replica.state))
            return replica.revision;
    }
    return {};
}

void RevisionsPanel::ask()
{
    if (!m_target)
        return;
    m_listGuard = std::make_unique<QObject>();
    m_target->control().revisions(m_app.name).then(m_listGuard.get(), [this](const Result<std::vector<control::RevisionInfo>>& answer) {
        if (!answer)
            return Q_EMIT failed(answer.error());
        std::string kept;
        if (const auto before = chosen(); before.size() == 1)
            kept = before.front()->id;
        m_model.setRevisions(*answer);
        m_model.setServing(m_app.revision, onItsWay());
        const int row = kept.empty() ? m_model.rowOf(m_app.revision) : m_model.rowOf(kept);
        if (row >= 0)
            m_table->selectRow(row);
        Q_EMIT loaded(*answer);
    });
}

std::vector<const control::RevisionInfo*> RevisionsPanel::chosen() const
{
    std::vector<const control::RevisionInfo*> revisions;
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    for (const QModelIndex& row : rows)
        revisions.push_back(m_model.at(row.row()));
    std::ranges::sort(revisions, {}, &control::RevisionInfo::number);
    return revisions;
}

void RevisionsPanel::onSelection()
{
    const auto revisions = chosen();
    const bool isOne = revisions.size() == 1;
    m_rollBack->setEnabled(isOne && revisions.front()->id != m_app.revision && !m_app.rolling);
    m_rollBack->setText(isOne ? tr("Roll back to revision %1").arg(revisions.front()->number) : tr("Roll back"));
    m_diffGuard.reset();
    m_compared->clear();
    const int current = m_model.rowOf(m_app.revision);
    if (revisions.size() == 2)
        return showDiff(*revisions[0], *revisions[1]);
    if (isOne && current >= 0 && revisions.front()->id != m_app.revision)
        return showDiff(*m_model.at(current), *revisions.front());
    m_diff->showNote(isOne ? tr("This revision serves. Choose another one to see how it differs, or two to compare them.")
                           : tr("Choose one revision to compare it with the one that serves, or two to compare them."));
}

void RevisionsPanel::showDiff(const control::RevisionInfo& from, const control::RevisionInfo& to)
{
    if (!m_target)
        return;
    m_compared->setText(tr("From revision %1 to %2").arg(from.number).arg(to.number));
    m_diff->showNote(tr("Asking the host…"));
    m_diffGuard = std::make_unique<QObject>();
    m_target->control().diff(m_app.name, from.id, to.id).then(m_diffGuard.get(), [this](const Result<control::RevisionDiff>& diff) {
        if (diff)
            m_diff->showDiff(*diff);
        else
            m_diff->showNote(tr("The host cannot compare them: %1").arg(qs(diff.error().message)));
    });
}

} // namespace tintype::ui
