// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/plan_view.h"

#include "ui/models/format.h"
#include "ui/models/preflight.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plain_table.h"

#include <QCheckBox>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr std::size_t kShortId = 8;
constexpr int kMostRows = 13;

QString factsText(const control::DeployPlan& plan, const Target& target)
{
    QStringList facts;
    facts.append(plan.bytesMissing == 0 ? PlanView::tr("Every file is on the host already.")
                                        : PlanView::tr("To upload: %1.").arg(formatBytes(plan.bytesMissing)));
    if (plan.weightBytes > 0)
        facts.append(PlanView::tr("Weights: %1.").arg(formatBytes(plan.weightBytes)));
    if (target.hostInfo()) {
        const MemoryFit fit = fitOn(target.name(), *target.hostInfo(), plan.machineTypes, plan.memoryBytes);
        facts.append(PlanView::tr("A replica %1.").arg(fitText(fit, plan.memoryBytes)));
    }
    return facts.join(QLatin1Char(' '));
}

} // namespace

PlanView::PlanView(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_facts(new QLabel)
    , m_warnings(new QLabel)
    , m_all(new QCheckBox(tr("Show what stays as it is, too")))
    , m_table(makeTable(theme, m_model, tr("What the deploy changes"), PlanModel::After))
{
    m_title->setProperty("role", QStringLiteral("title"));
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_facts->setTextFormat(Qt::PlainText);
    m_warnings->setProperty("role", QStringLiteral("warning"));
    m_warnings->setWordWrap(true);
    m_warnings->setTextFormat(Qt::PlainText);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(2));
    for (QWidget* const part : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_facts), static_cast<QWidget*>(m_warnings),
             static_cast<QWidget*>(m_table), static_cast<QWidget*>(m_all)})
        column->addWidget(part);
    connect(m_all, &QCheckBox::toggled, this, &PlanView::showValues);
}

void PlanView::showPlan(const control::DeployPlan& plan, const Target& target)
{
    m_plan = plan;
    m_title->setText(plan.isNew ? tr("%1 will be a new app on %2").arg(qs(plan.app), target.name())
                                : tr("%1 on %2 is at revision %3").arg(qs(plan.app), target.name(), qs(plan.currentRevision.substr(0, kShortId))));
    m_facts->setText(factsText(plan, target));
    QStringList warnings;
    for (const std::string& warning : plan.warnings)
        warnings.append(qs(warning));
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!warnings.isEmpty());
    m_all->setVisible(!plan.isNew);
    showValues();
}

void PlanView::showValues()
{
    m_model.setValues(m_plan.values, !m_plan.isNew && !m_all->isChecked());
    fitHeight(*m_table, kMostRows);
    m_all->setText(m_model.rowCount() == 0 && !m_all->isChecked() ? tr("No setting changes. Show them all") : tr("Show what stays as it is, too"));
}

} // namespace tintype::ui
