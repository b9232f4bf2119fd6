// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/app_detail.h"

#include "ui/commands/studio.h"
#include "ui/models/app_state.h"
#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"
#include "ui/views/deployments/calls_panel.h"
#include "ui/views/deployments/history_panel.h"
#include "ui/views/deployments/revisions_panel.h"
#include "ui/views/deployments/scale_panel.h"
#include "ui/widgets/mark_delegate.h"

#include <QLabel>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

QScrollArea* scrolled(QWidget* content)
{
    auto* const area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    return area;
}

std::vector<domain::ReplicaInfo> replicasOf(const Target& target, const std::string& app)
{
    std::vector<domain::ReplicaInfo> replicas;
    for (const domain::ReplicaInfo& replica : target.replicas()) {
        if (replica.app == app)
            replicas.push_back(replica);
    }
    return replicas;
}

} // namespace

AppDetail::AppDetail(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_name(new QLabel)
    , m_state(new MarkLabel(studio.theme))
    , m_facts(new QLabel)
    , m_tabs(new QTabWidget)
    , m_scale(new ScalePanel(studio.theme))
    , m_calls(new CallsPanel(studio))
    , m_revisions(new RevisionsPanel(studio))
    , m_history(new HistoryPanel(studio))
{
    m_name->setProperty("role", QStringLiteral("heading"));
    m_name->setTextFormat(Qt::PlainText);
    m_facts->setProperty("role", QStringLiteral("muted"));
    m_facts->setTextFormat(Qt::PlainText);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(scrolled(m_scale), tr("Scale"));
    m_tabs->addTab(scrolled(m_calls), tr("Call"));
    m_tabs->addTab(m_revisions, tr("Revisions"));
    m_tabs->addTab(m_history, tr("History"));

    auto* const title = new QHBoxLayout;
    title->setSpacing(Theme::space(3));
    title->addWidget(m_name);
    title->addWidget(m_state);
    title->addStretch(1);
    auto* const head = new QVBoxLayout;
    head->setContentsMargins(Theme::space(4), Theme::space(3), Theme::space(4), Theme::space(2));
    head->setSpacing(Theme::space(1));
    head->addLayout(title);
    head->addWidget(m_facts);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_tabs, 1);
    connect(m_history, &HistoryPanel::loaded, m_revisions, &RevisionsPanel::setHistory);
}

void AppDetail::setApp(Target* target, const control::AppInfo& app, const QString& revisionText)
{
    const ShownState state = stateOf(app, replicasOf(*target, app.name));
    m_name->setText(qs(app.name));
    m_state->setState(state.mark, state.word);
    m_state->setToolTip(state.reason);
    m_facts->setText(tr("On %1 · revision %2 · changed %3").arg(target->name(), revisionText, formatDateTime(app.updatedAt)));
    m_scale->setApp(app);
    m_calls->setApp(target, app);
    m_revisions->setApp(target, app);
    m_history->setApp(target, app);
}

void AppDetail::rolloutEnded() { m_history->refresh(); }

} // namespace tintype::ui
