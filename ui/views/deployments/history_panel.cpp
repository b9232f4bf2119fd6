// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/history_panel.h"

#include "ui/commands/studio.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/plain_table.h"

#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>

namespace tintype::ui {

HistoryPanel::HistoryPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_stack(new QStackedLayout)
    , m_more(new QPushButton(tr("Show older")))
{
    auto* const table = makeTable(studio.theme, m_model, tr("History of the app"), HistoryModel::Text);
    auto* const filled = new QWidget;
    auto* const column = new QVBoxLayout(filled);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(table, 1);
    column->addWidget(m_more, 0, Qt::AlignHCenter);
    m_stack->addWidget(new EmptyState(studio.theme, QStringLiteral("view-history"), tr("Nothing happened yet"),
        tr("Deploys, roll-backs and changes of the settings will stand here.")));
    m_stack->addWidget(filled);
    setLayout(m_stack);
    connect(m_more, &QPushButton::clicked, this, [this] { ask(m_model.next()); });
}

HistoryPanel::~HistoryPanel() = default;

void HistoryPanel::setApp(Target* target, const control::AppInfo& app)
{
    const bool isOther = target != m_target || app.name != m_app.name;
    const bool hasMoved = app.revision != m_app.revision || app.rolling != m_app.rolling || app.updatedAt != m_app.updatedAt;
    m_target = target;
    m_app = app;
    if (isOther)
        m_model.setFirst({});
    if (isOther || hasMoved)
        ask({});
}

void HistoryPanel::refresh() { ask({}); }

void HistoryPanel::ask(const std::string& cursor)
{
    if (!m_target)
        return;
    m_guard = std::make_unique<QObject>();
    control::PageQuery page;
    page.cursor = cursor;
    m_target->control().history(m_app.name, page).then(m_guard.get(),
        [this, isFirst = cursor.empty()](const Result<control::Page<control::HistoryEntry>>& answer) {
            if (!answer)
                return Q_EMIT failed(answer.error());
            if (isFirst)
                m_model.setFirst(*answer);
            else
                m_model.append(*answer);
            m_more->setVisible(!m_model.next().empty());
            m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 0 : 1);
            Q_EMIT loaded(m_model.entries());
        });
}

} // namespace tintype::ui
