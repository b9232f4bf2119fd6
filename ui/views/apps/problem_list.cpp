// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/problem_list.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kMostRows = 5;

} // namespace

ProblemList::ProblemList(const Theme& theme, QWidget* parent)
    : QListWidget(parent)
    , m_theme(theme)
{
    setAccessibleName(tr("Problems"));
    setUniformItemSizes(true);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QListWidget::itemClicked, this, &ProblemList::tell);
    connect(this, &QListWidget::itemActivated, this, &ProblemList::tell);
    hide();
}

void ProblemList::setProblems(const std::vector<domain::DefinitionProblem>& problems)
{
    if (problems == m_problems)
        return;
    m_problems = problems;
    const int row = currentRow();
    clear();
    for (const domain::DefinitionProblem& problem : m_problems) {
        auto* const item = new QListWidgetItem(m_theme.icon(QStringLiteral("dialog-error"), ColorToken::Error),
            tr("%1:%2  %3").arg(problem.line).arg(problem.column).arg(qs(problem.message)), this);
        item->setSizeHint({0, m_theme.rowHeight()});
        item->setToolTip(qs(problem.message));
    }
    setCurrentRow(std::min(row, count() - 1));
    setVisible(!m_problems.empty());
    updateGeometry();
}

void ProblemList::chooseNext()
{
    if (m_problems.empty())
        return;
    setCurrentRow((currentRow() + 1) % count());
    tell(currentItem());
}

void ProblemList::tell(const QListWidgetItem* item)
{
    const domain::DefinitionProblem& problem = m_problems[static_cast<std::size_t>(row(item))];
    Q_EMIT chosen(problem.line, problem.column);
}

QSize ProblemList::sizeHint() const
{
    return {QListWidget::sizeHint().width(), std::min(count(), kMostRows) * m_theme.rowHeight() + 2 * frameWidth() + 2};
}

} // namespace tintype::ui
