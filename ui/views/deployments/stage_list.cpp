// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/stage_list.h"

#include "ui/models/app_state.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/mark_delegate.h"

#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>

namespace tintype::ui {
namespace {

constexpr int kBarSteps = 1000;

} // namespace

StageList::StageList(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(Theme::space(3));
    m_grid->setVerticalSpacing(Theme::space(1));
    m_grid->setColumnStretch(1, 1);
}

void StageList::addRow()
{
    const int line = static_cast<int>(m_rows.size());
    const Row row{new MarkLabel(m_theme), new QProgressBar, new QLabel, new QLabel};
    row.bar->setTextVisible(false);
    row.bar->setFixedHeight(Theme::space(2));
    row.amount->setProperty("role", QStringLiteral("muted"));
    row.amount->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row.seconds->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_grid->addWidget(row.name, line, 0);
    m_grid->addWidget(row.bar, line, 1);
    m_grid->addWidget(row.amount, line, 2);
    m_grid->addWidget(row.seconds, line, 3);
    m_rows.push_back(row);
}

void StageList::setStages(const std::vector<RunStage>& stages, bool hasFailed)
{
    while (m_rows.size() < stages.size())
        addRow();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const bool isShown = i < stages.size();
        for (QWidget* const part : {static_cast<QWidget*>(m_rows[i].name), static_cast<QWidget*>(m_rows[i].bar),
                 static_cast<QWidget*>(m_rows[i].amount), static_cast<QWidget*>(m_rows[i].seconds)})
            part->setVisible(isShown);
        if (isShown)
            show(m_rows[i], stages[i], hasFailed && i + 1 == stages.size());
    }
}

void StageList::show(const Row& row, const RunStage& stage, bool hasFailed)
{
    row.name->setState(hasFailed ? Mark::Bad : stage.isDone ? Mark::Good : Mark::Busy, stageText(stage.name));
    const bool hasBytes = stage.bytesTotal > 0;
    row.bar->setRange(0, hasBytes || stage.isDone || hasFailed ? kBarSteps : 0);
    const double share = hasBytes ? static_cast<double>(stage.bytesDone) / static_cast<double>(stage.bytesTotal) : 0;
    row.bar->setValue(stage.isDone ? kBarSteps : static_cast<int>(share * kBarSteps));
    row.amount->setText(!hasBytes ? QString()
            : stage.isDone       ? formatBytes(stage.bytesTotal)
                                 : tr("%1 of %2").arg(formatBytes(stage.bytesDone), formatBytes(stage.bytesTotal)));
    row.seconds->setText(stage.seconds > 0 ? formatDuration(stage.seconds) : QString());
}

} // namespace tintype::ui
