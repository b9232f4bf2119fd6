// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/top_bar.h"

#include "ui/commands/commands.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/shell/main_menu.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kDocumentSteps = 50;
constexpr int kTargetSteps = 40;

QToolButton* buttonFor(QAction* action, const char* role)
{
    auto* const button = new QToolButton;
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setProperty("role", QLatin1String(role));
    if (action)
        button->setDefaultAction(action);
    button->setVisible(action);
    return button;
}

QToolButton* menuButton(Studio& studio)
{
    auto* const button = new QToolButton;
    button->setProperty("role", QStringLiteral("flat"));
    button->setAccessibleName(QObject::tr("Menu"));
    button->setToolTip(QObject::tr("Everything the studio can do"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(new MainMenu(studio, button));
    const auto showIcon = [&studio, button] { button->setIcon(studio.theme.icon(QStringLiteral("application-menu"))); };
    showIcon();
    QObject::connect(&studio.theme, &Theme::changed, button, showIcon);
    return button;
}

} // namespace

TopBar::TopBar(Studio& studio, QWidget* parent)
    : QFrame(parent)
    , m_studio(studio)
    , m_document(new QComboBox)
    , m_target(new QComboBox)
    , m_run(buttonFor(studio.commands.find(QStringLiteral("run.start")), "primary"))
    , m_deploy(buttonFor(studio.commands.find(QStringLiteral("deploy.open")), "button"))
    , m_state(new QLabel)
{
    setProperty("role", QStringLiteral("bar"));
    m_document->setMinimumWidth(Theme::space(kDocumentSteps));
    m_document->setAccessibleName(tr("App"));
    m_document->setToolTip(tr("The app that Run and Deploy mean"));
    m_target->setMinimumWidth(Theme::space(kTargetSteps));
    m_target->setModel(&studio.targets);
    m_target->setAccessibleName(tr("Target"));
    m_target->setToolTip(tr("The host that Run and Deploy use, and that the pages show"));
    m_state->setProperty("role", QStringLiteral("muted"));

    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_document);
    auto* const on = new QLabel(tr("on"));
    on->setProperty("role", QStringLiteral("muted"));
    row->addWidget(on);
    row->addWidget(m_target);
    row->addSpacing(Theme::space(2));
    row->addWidget(m_run);
    row->addWidget(m_deploy);
    row->addSpacing(Theme::space(2));
    row->addWidget(m_state, 1);
    if (QAction* const palette = studio.commands.find(QStringLiteral("palette.open")))
        row->addWidget(buttonFor(palette, "flat"));
    row->addWidget(menuButton(studio));

    connect(m_document, &QComboBox::activated, this, [this](int index) {
        const auto& documents = m_studio.workspace.documents();
        if (index >= 0 && index < static_cast<int>(documents.size()))
            m_studio.workspace.setCurrent(documents[static_cast<std::size_t>(index)].get());
    });
    connect(m_target, &QComboBox::activated, this, [this](int index) {
        m_studio.targets.setCurrent(m_studio.targets.all()[static_cast<std::size_t>(index)].get());
    });
    connect(&studio.targets, &Targets::currentChanged, this, &TopBar::selectTarget);
    for (auto signal : {&Workspace::opened, &Workspace::currentChanged})
        connect(&studio.workspace, signal, this, &TopBar::fillDocuments);
    connect(&studio.workspace, &Workspace::aboutToClose, this, &TopBar::fillDocuments, Qt::QueuedConnection);
    for (const char* const id : {"run.start", "run.stop"}) {
        if (QAction* const action = studio.commands.find(QLatin1String(id)))
            connect(action, &QAction::changed, this, &TopBar::showRunIcon, Qt::QueuedConnection); // the button takes the action's icon then
    }
    connect(&studio.run, &RunSession::stateChanged, this, &TopBar::showRun);
    connect(&studio.run, &RunSession::stagesChanged, this, &TopBar::showRun);
    fillDocuments();
    selectTarget();
    showRun();
}

void TopBar::fillDocuments()
{
    const QSignalBlocker blocker(m_document);
    m_document->clear();
    for (const auto& document : m_studio.workspace.documents())
        m_document->addItem(document->name(), document->path());
    const AppDocument* const current = m_studio.workspace.current();
    m_document->setCurrentIndex(current ? m_document->findData(current->path()) : -1);
    m_document->setEnabled(m_document->count() > 0);
    if (m_document->count() == 0)
        m_document->setPlaceholderText(tr("No app is open"));
}

void TopBar::selectTarget()
{
    const auto& all = m_studio.targets.all();
    const auto found = std::ranges::find(all, m_studio.targets.current(), &std::unique_ptr<Target>::get);
    m_target->setCurrentIndex(found == all.end() ? -1 : static_cast<int>(found - all.begin()));
}

/// On the filled button the icon has the colour of its text.
void TopBar::showRunIcon()
{
    const bool isRun = m_run->defaultAction() == m_studio.commands.find(QStringLiteral("run.start"));
    const ColorToken token = !isRun ? ColorToken::Text : m_run->isEnabled() ? ColorToken::OnAccent : ColorToken::TextDisabled;
    m_run->setIcon(m_studio.theme.icon(isRun ? QStringLiteral("media-playback-start") : QStringLiteral("media-playback-stop"), token));
}

void TopBar::showRun()
{
    const RunSession& run = m_studio.run;
    QAction* const wanted = m_studio.commands.find(run.isActive() ? QStringLiteral("run.stop") : QStringLiteral("run.start"));
    if (wanted && m_run->defaultAction() != wanted) {
        m_run->removeAction(m_run->defaultAction());
        m_run->setDefaultAction(wanted);
        m_run->setProperty("role", run.isActive() ? QStringLiteral("button") : QStringLiteral("primary"));
        m_run->style()->unpolish(m_run);
        m_run->style()->polish(m_run);
    }
    showRunIcon();
    QString text;
    switch (run.state()) {
    case RunSession::State::Stopped: break;
    case RunSession::State::Running: text = tr("%1 is running").arg(run.app()); break;
    case RunSession::State::Stopping: text = tr("Stopping %1").arg(run.app()); break;
    case RunSession::State::Failed: text = tr("%1 did not run").arg(run.app()); break;
    default:
        if (!run.stages().empty()) {
            const RunStage& stage = run.stages().back();
            text = stage.bytesTotal > 0
                ? tr("%1: %2 of %3").arg(stage.name, formatBytes(stage.bytesDone), formatBytes(stage.bytesTotal))
                : tr("%1…").arg(stage.name);
        }
    }
    m_state->setText(text);
    m_state->setToolTip(run.error() ? qs(run.error()->message) : text);
}

} // namespace tintype::ui
