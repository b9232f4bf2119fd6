// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/deployments_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/app_state.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/views/deployments/app_detail.h"
#include "ui/views/deployments/deployment_tree.h"
#include "ui/views/deployments/history_panel.h"
#include "ui/views/deployments/revisions_panel.h"
#include "ui/views/deployments/scale_panel.h"
#include "ui/widgets/confirm_strip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_banner.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kTickMs = 1000;
const QString kSplitterKey = QStringLiteral("deployments/splitter");
constexpr int kTreeSteps = 115; ///< first widths, of the grid
constexpr int kDetailSteps = 165;
const QString kDeployCommand = QStringLiteral("deploy.open");

QWidget* toolGroup(std::initializer_list<QAction*> actions)
{
    auto* const group = new QWidget;
    auto* const row = new QHBoxLayout(group);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(1));
    for (QAction* const action : actions) {
        auto* const button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
    }
    return group;
}

} // namespace

DeploymentsPage::DeploymentsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_model(studio.targets)
    , m_commands(studio)
    , m_banner(new ErrorBanner(studio.theme))
    , m_confirm(new ConfirmStrip)
    , m_tree(new DeploymentTree(studio.theme, m_model))
{
    auto* const splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(m_tree);
    splitter->addWidget(makeDetail());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({Theme::space(kTreeSteps), Theme::space(kDetailSteps)});
    splitter->restoreState(studio.settings.value(kSplitterKey).toByteArray());
    connect(splitter, &QSplitter::splitterMoved, this, [this, splitter] { m_studio.settings.setValue(kSplitterKey, splitter->saveState()); });
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_banner);
    column->addWidget(m_confirm);
    column->addWidget(splitter, 1);

    connectCommands();
    connect(m_tree, &DeploymentTree::chosen, this, &DeploymentsPage::onChosen);
    m_clock.setInterval(kTickMs);
    connect(&m_clock, &QTimer::timeout, this, [this] { m_model.setNow(wallClockNow()); });
    for (const auto& target : studio.targets.all())
        connectTarget(target.get());
    connect(&studio.targets, &Targets::added, this, &DeploymentsPage::connectTarget);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &DeploymentsPage::showDetail);
    showDetail();
}

DeploymentsPage::~DeploymentsPage() = default;

QWidget* DeploymentsPage::makeBar()
{
    m_appTools = toolGroup({m_commands.pause(), m_commands.restart(), m_commands.stop(), m_commands.flush(), m_commands.remove()});
    m_replicaTools = toolGroup({m_commands.drain(), m_commands.replace(), m_commands.kill()});
    auto* const ended = new QCheckBox(tr("Ended replicas"));
    ended->setToolTip(tr("Replicas that ended within the last 24 hours, with why"));
    connect(ended, &QCheckBox::toggled, this, [this](bool on) { m_model.setShowsEnded(on); });
    auto* const bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    row->addWidget(m_appTools);
    row->addWidget(m_replicaTools);
    row->addStretch(1);
    row->addWidget(ended);
    bar->setMinimumHeight(m_studio.theme.controlHeight() + Theme::space(3));
    for (QAction* const action : {m_commands.pause(), m_commands.restart(), m_commands.stop(), m_commands.flush(), m_commands.remove(),
             m_commands.drain(), m_commands.replace(), m_commands.kill()})
        m_tree->addAction(action);
    return bar;
}

QWidget* DeploymentsPage::makeDetail()
{
    auto* const panel = new QWidget;
    m_stack = new QStackedLayout(panel);
    m_empty = new EmptyState(m_studio.theme, QStringLiteral("server-database"), {}, {});
    m_detail = new AppDetail(m_studio);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_detail);
    const auto tell = [this](const Error& error) { m_banner->showError(error); };
    connect(m_detail->revisions(), &RevisionsPanel::failed, this, tell);
    connect(m_detail->history(), &HistoryPanel::failed, this, tell);
    connect(m_detail->revisions(), &RevisionsPanel::loaded, &m_model, &DeploymentModel::setRevisionNumbers);
    return panel;
}

void DeploymentsPage::connectCommands()
{
    connect(&m_commands, &DeploymentCommands::confirmationWanted, m_confirm, &ConfirmStrip::ask);
    connect(&m_commands, &DeploymentCommands::failed, this, [this](const Error& error) { m_banner->showError(error); });
    connect(m_detail->scale(), &ScalePanel::applied, &m_commands, &DeploymentCommands::change);
    connect(m_detail->revisions(), &RevisionsPanel::rollBackWanted, this,
        [this](const control::RevisionInfo& revision, control::Strategy strategy) {
            const QString question = strategy == control::Strategy::Rolling
                ? tr("Roll %1 back to revision %2? The one that serves now goes on until it is ready.")
                : tr("Put %1 back to revision %2 at once? Replicas of the one that serves now go first.");
            m_confirm->ask(question.arg(qs(m_commands.app())).arg(revision.number), tr("Roll back"),
                [this, revision, strategy] { m_commands.rollBack(revision, strategy); });
        });
}

void DeploymentsPage::connectTarget(Target* target)
{
    connect(target, &Target::happened, this, [this, target](const control::Event& event) { onEvent(*target, event); });
    connect(target, &Target::appsChanged, this, [this, target] {
        askRevisionNumbers(*target);
        chooseFirst();
        if (target == m_commands.target())
            showDetail();
    });
    connect(target, &Target::replicasChanged, this, [this, target] {
        if (target == m_commands.target())
            showDetail();
    });
    connect(target, &Target::connectionChanged, this, &DeploymentsPage::showDetail);
    askRevisionNumbers(*target);
}

/// The app of the current target, until the user has chosen one.
void DeploymentsPage::chooseFirst()
{
    Target* const current = m_studio.targets.current();
    if (m_tree->currentIndex().isValid() || !current || current->apps().empty())
        return;
    m_tree->choose(m_model.find(current, current->apps().front().name));
}

void DeploymentsPage::choose(Target* target, const std::string& app) { m_tree->choose(m_model.find(target, app)); }

void DeploymentsPage::onChosen(const QModelIndex& index)
{
    const control::AppInfo* const app = m_model.app(index);
    const domain::ReplicaInfo* const replica = m_model.replica(index);
    m_confirm->cancel();
    m_commands.setSubject(m_model.target(index), app ? app->name : std::string(), replica ? replica->id : std::string());
    showDetail();
}

void DeploymentsPage::showDetail()
{
    Target* const target = m_commands.target();
    const control::AppInfo* const app = target ? target->findApp(m_commands.app()) : nullptr;
    const bool isReplica = app && m_model.replica(m_tree->currentIndex());
    m_appTools->setVisible(!isReplica);
    m_replicaTools->setVisible(isReplica);
    if (app) {
        m_detail->setApp(target, *app, m_model.revisionText(app->revision));
        m_stack->setCurrentWidget(m_detail);
        return;
    }
    m_stack->setCurrentWidget(m_empty);
    const Target* const host = target ? target : m_studio.targets.current();
    m_empty->setAction(nullptr);
    if (!host) {
        m_empty->setText(tr("No host"), tr("Add a host on the Hosts page; the host of this machine is still starting."));
    } else if (!host->isConnected()) {
        m_empty->setText(tr("%1 does not answer").arg(host->name()), stateOf(*host).reason);
    } else if (host->apps().empty()) {
        m_empty->setText(tr("Nothing is deployed on %1").arg(host->name()), tr("Deploy the definition that is open: it becomes an app with a revision."));
        m_empty->setAction(m_studio.commands.find(kDeployCommand));
    } else {
        m_empty->setText(tr("No app is chosen"), tr("Choose an app to see its scale, addresses, revisions and history."));
    }
}

void DeploymentsPage::onEvent(const Target& target, const control::Event& event)
{
    if (const auto* const ended = std::get_if<control::RolloutEnded>(&event))
        onRolloutEnded(target, *ended);
}

void DeploymentsPage::onRolloutEnded(const Target& target, const control::RolloutEnded& ended)
{
    if (&target == m_commands.target() && ended.app == m_commands.app())
        m_detail->rolloutEnded();
    const QString what = tr("%1 on %2, revision %3").arg(qs(ended.app), target.name(), m_model.revisionText(ended.revision));
    if (!ended.error)
        return;
    const control::AppInfo* const app = target.findApp(ended.app);
    const QString after = app && !app->revision.empty() ? tr("Revision %1 still serves.").arg(m_model.revisionText(app->revision))
                                                         : tr("No revision of it serves.");
    m_banner->showMessage(ErrorBanner::Severity::Error, tr("%1 was not taken up: %2 %3").arg(what, qs(ended.error->message), after),
        qs(ended.error->detail));
    m_banner->setAction(tr("Show logs"), [this, hostName = target.name(), name = ended.app] {
        if (Target* const host = m_studio.targets.find(hostName))
            m_studio.targets.setCurrent(host);
        control::LogQuery query;
        query.app = name;
        m_studio.navigator.showLogs(query);
    });
}

/// Apps tell the revision's id only; its number comes with the list.
void DeploymentsPage::askRevisionNumbers(Target& target)
{
    for (const control::AppInfo& app : target.apps()) {
        const QString key = target.name() + QLatin1Char('/') + qs(app.revision);
        if (app.revision.empty() || m_model.knowsRevision(app.revision) || m_askedRevisions.contains(key))
            continue;
        m_askedRevisions.insert(key);
        target.control().revisions(app.name).then(&m_model, [this](const Result<std::vector<control::RevisionInfo>>& revisions) {
            if (revisions)
                m_model.setRevisionNumbers(*revisions);
        });
    }
}

void DeploymentsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_model.setNow(wallClockNow());
    m_clock.start();
}

void DeploymentsPage::hideEvent(QHideEvent* event)
{
    m_clock.stop();
    QWidget::hideEvent(event);
}

} // namespace tintype::ui
