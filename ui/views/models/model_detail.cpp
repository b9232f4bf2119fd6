// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/models/model_detail.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

namespace tintype::ui {
namespace {

constexpr int kCommitLength = 12;

QLabel* label(const char* role)
{
    auto* const made = new QLabel;
    made->setProperty("role", QString::fromLatin1(role));
    made->setWordWrap(true);
    made->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return made;
}

/// All revisions, those in use first.
QString needLines(const control::ModelInfo& model)
{
    QStringList lines;
    for (const bool inUse : {true, false}) {
        for (const control::ModelNeed& need : model.neededBy) {
            if (need.inUse == inUse)
                lines += (inUse ? ModelDetail::tr("%1, revision %2: in use") : ModelDetail::tr("%1, revision %2"))
                             .arg(qs(need.app), QString::number(need.number));
        }
    }
    return lines.isEmpty() ? ModelDetail::tr("No revision on this host.") : lines.join(QLatin1Char('\n'));
}

} // namespace

ModelDetail::ModelDetail(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_name(label("heading"))
    , m_kind(label("muted"))
    , m_facts(new QFormLayout)
    , m_size(addFact(tr("Size")))
    , m_parameters(addFact(tr("Parameters")))
    , m_memory(addFact(tr("Memory, estimated")))
    , m_measured(addFact(tr("Memory, measured")))
    , m_licence(addFact(tr("Licence")))
    , m_source(addFact(tr("Source")))
    , m_needs(addFact(tr("Needed by")))
    , m_kept(label("muted"))
    , m_table(new QTableView)
    , m_delete(new QPushButton(tr("Delete…")))
{
    m_facts->setHorizontalSpacing(Theme::space(4));
    m_facts->setVerticalSpacing(Theme::space(1));
    m_facts->setLabelAlignment(Qt::AlignLeft);
    m_table->setModel(&m_components);
    m_table->setAccessibleName(tr("Components"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ComponentList::ClassName, QHeaderView::Stretch);
    m_delete->setProperty("role", QStringLiteral("danger"));

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(4), Theme::space(4), Theme::space(4), Theme::space(4));
    column->setSpacing(Theme::space(2));
    column->addWidget(m_name);
    column->addWidget(m_kind);
    column->addLayout(m_facts);
    column->addSpacing(Theme::space(2));
    column->addWidget(m_table, 1);
    column->addWidget(m_kept);
    column->addWidget(m_delete, 0, Qt::AlignLeft);
    connect(m_delete, &QPushButton::clicked, this, &ModelDetail::deleteWanted);
}

QLabel* ModelDetail::addFact(const QString& name)
{
    QLabel* const value = label("");
    auto* const caption = new QLabel(name);
    caption->setProperty("role", QStringLiteral("muted"));
    m_facts->addRow(caption, value);
    return value;
}

void ModelDetail::setModel(const control::ModelInfo& model)
{
    const QString unknown = tr("Unknown");
    m_name->setText(qs(model.name));
    m_kind->setText(model.pipeline.empty() ? tr("No model_index.json: this is no model in diffusers layout.") : qs(model.pipeline));
    m_size->setText(formatBytes(model.bytes));
    m_parameters->setText(model.parameters == 0 ? unknown : parametersText(model.parameters) + QStringLiteral("   ") + precisionText(model));
    m_memory->setText(model.memoryBytes == 0 ? unknown : tr("%1 for one replica").arg(formatBytes(model.memoryBytes)));
    m_measured->setText(model.memoryPeak == 0 ? tr("No replica ran in the last 24 h") : formatBytes(model.memoryPeak));
    m_licence->setText(model.licence.empty() ? tr("Its README does not tell") : qs(model.licence));
    const QString commit = qs(model.commit).left(kCommitLength);
    m_source->setText(commit.isEmpty() ? sourceText(model) : tr("%1, commit %2").arg(sourceText(model), commit));
    m_needs->setText(needLines(model));
    m_components.setComponents(model.components);
    m_table->setVisible(!model.components.empty());
    const QString kept = keptBecauseText(model);
    m_kept->setText(kept);
    m_kept->setVisible(!kept.isEmpty());
    m_isRemovable = model.removable;
    setBusy(false);
}

void ModelDetail::setBusy(bool isBusy)
{
    m_delete->setEnabled(m_isRemovable && !isBusy);
    m_delete->setText(isBusy ? tr("Deleting…") : tr("Delete…"));
}

} // namespace tintype::ui
