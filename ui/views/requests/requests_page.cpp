// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/requests/requests_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/snippets.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/requests/request_filter_bar.h"
#include "ui/views/requests/request_panel.h"
#include "ui/views/requests/request_table.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kClockMs = 500;
constexpr int kTableSteps = 165; ///< first widths, of the grid
constexpr int kDetailSteps = 115;
const QString kSplitterKey = QStringLiteral("requests/splitter");

} // namespace

RequestsPage::RequestsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_feed(m_model)
    , m_banner(new ErrorBanner(studio.theme))
    , m_filters(new RequestFilterBar(studio))
{
    addCommands();
    layOut();
    connect(m_filters, &RequestFilterBar::changed, this, [this] { m_feed.setQuery(m_filters->query(), m_filters->time().range()); });
    const auto showUtc = [this] {
        m_model.setUtc(m_filters->time().isUtc());
        m_panel->setUtc(m_filters->time().isUtc());
    };
    connect(&m_filters->time(), &RangeChoice::utcChanged, this, showUtc);
    showUtc();
    connect(&m_feed, &RequestFeed::stateChanged, this, &RequestsPage::showState);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_model, signal, this, [this] { showState(); });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &RequestsPage::keepSelection);
    connect(&studio.targets, &Targets::currentChanged, this, &RequestsPage::setTarget);
    connect(&studio.navigator, &Navigator::requestsWanted, this, &RequestsPage::showRequests);
    connect(&studio.navigator, &Navigator::requestWanted, this, &RequestsPage::showRequest);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, this, [this] { m_model.setNow(wallClockNow()); });
    m_feed.setQuery(m_filters->query(), m_filters->time().range());
    setTarget(studio.targets.current());
    updateActions();
}

RequestsPage::~RequestsPage() = default;

void RequestsPage::addCommands()
{
    const auto add = [this](const char* id, const QString& text, const char* icon, const QKeySequence& shortcut, const QString& tip, auto run) {
        return m_studio.commands.add({QLatin1String(id), tr("Requests"), text, QLatin1String(icon), shortcut, tip}, run);
    };
    m_replay = add("requests.replay", tr("Replay here"), "media-playback-start", {}, tr("Fill the playground with this call"), [this] { replay(); });
    m_cancel = add("requests.cancel", tr("Cancel request"), "process-stop", {}, tr("A waiting one ends now, a running one within a step"), [this] { cancel(); });
    m_copy = add("requests.copy_curl", tr("Copy as curl"), "edit-copy", {}, tr("The same call for a shell"), [this] { copyAsCurl(); });
    m_logs = add("requests.logs", tr("Show logs of request"), "text-x-log", {}, tr("Its lines on the page Logs"), [this] { showLogs(); });
    m_refresh = add("requests.refresh", tr("Refresh requests"), "view-refresh", {}, {}, [this] { m_feed.reload(); });
}

void RequestsPage::layOut()
{
    auto* const bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_filters, 1);
    auto* const refresh = new QToolButton;
    refresh->setDefaultAction(m_refresh);
    refresh->setToolButtonStyle(Qt::ToolButtonIconOnly);
    refresh->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(refresh);

    auto* const splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(makeTable());
    splitter->addWidget(makeDetail());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({Theme::space(kTableSteps), Theme::space(kDetailSteps)});
    splitter->restoreState(m_studio.settings.value(kSplitterKey).toByteArray());
    connect(splitter, &QSplitter::splitterMoved, this, [this, splitter] { m_studio.settings.setValue(kSplitterKey, splitter->saveState()); });
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_banner);
    column->addWidget(splitter, 1);
}

QWidget* RequestsPage::makeTable()
{
    auto* const panel = new QWidget;
    m_table = makeRequestTable(m_studio.theme, m_model);
    m_empty = new EmptyState(m_studio.theme, QStringLiteral("view-list-details"), {}, {});
    m_tableStack = new QStackedLayout;
    m_tableStack->addWidget(m_table);
    m_tableStack->addWidget(m_empty);
    m_count = new QLabel;
    m_count->setProperty("role", QStringLiteral("caption"));
    m_count->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    auto* const column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_tableStack, 1);
    column->addWidget(m_count);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RequestsPage::onSelected);
    connect(m_table, &QTableView::doubleClicked, m_replay, &QAction::trigger);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({m_replay, m_cancel, m_copy, m_logs});
    return panel;
}

QWidget* RequestsPage::makeDetail()
{
    auto* const panel = new QWidget;
    m_panel = new RequestPanel(m_studio, {m_replay, m_copy, m_logs, m_cancel});
    auto* const nothing = new EmptyState(m_studio.theme, QStringLiteral("chronometer"), tr("No request is chosen"),
        tr("Choose one to see where its time went, what it was asked and what it gave."));
    m_detailStack = new QStackedLayout(panel);
    m_detailStack->addWidget(nothing);
    m_detailStack->addWidget(m_panel);
    connect(m_panel, &RequestPanel::documentChanged, this, &RequestsPage::updateActions);
    connect(m_panel, &RequestPanel::failed, this, [this](const Error& error) { m_banner->showError(error); });
    return panel;
}

void RequestsPage::setTarget(Target* target)
{
    if (m_target)
        disconnect(m_target, nullptr, this, nullptr);
    m_target = target;
    if (target)
        connect(target, &Target::connectionChanged, this, &RequestsPage::showState);
    choose({});
    m_feed.setTarget(target);
    showState();
}

void RequestsPage::showRequests(const control::RequestQuery& query)
{
    m_filters->setQuery(query);
    choose({});
    m_feed.setQuery(m_filters->query(), m_filters->time().range());
}

void RequestsPage::showRequest(const QString& id)
{
    const int row = m_model.rowOf(id.toStdString());
    if (row >= 0)
        m_table->selectRow(row);
    else
        m_table->clearSelection();
    choose(id.toStdString());
}

void RequestsPage::choose(const std::string& id)
{
    m_chosen = id;
    m_panel->setRequest(m_target, id);
    m_detailStack->setCurrentIndex(id.empty() ? 0 : 1);
    updateActions();
}

void RequestsPage::onSelected()
{
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid() && m_table->selectionModel()->isRowSelected(current.row()))
        choose(current.data(RequestModel::IdRole).toString().toStdString());
}

/// A live request that ends leaves its row and comes back as a record.
void RequestsPage::keepSelection()
{
    const int row = m_chosen.empty() || m_table->selectionModel()->hasSelection() ? -1 : m_model.rowOf(m_chosen);
    if (row >= 0)
        m_table->selectionModel()->setCurrentIndex(m_model.index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void RequestsPage::showState()
{
    if (m_feed.error() && m_target && m_target->isConnected())
        m_banner->showError(*m_feed.error());
    else if (m_target && m_target->trouble())
        m_banner->showError(*m_target->trouble());
    else
        m_banner->clear();
    const int rows = m_model.rowCount();
    m_tableStack->setCurrentWidget(rows > 0 ? static_cast<QWidget*>(m_table) : m_empty);
    QStringList parts;
    if (m_model.liveCount() > 0)
        parts += tr("%1 live").arg(formatCount(m_model.liveCount()));
    if (m_model.recordCount() > 0)
        parts += m_model.canFetchMore({}) ? tr("%1 done, more as you scroll").arg(formatCount(m_model.recordCount()))
                                          : tr("%1 done").arg(formatCount(m_model.recordCount()));
    m_count->setText(m_feed.isLoading() ? tr("Asking the host…") : parts.join(QStringLiteral(" · ")));
    if (rows == 0)
        showEmptyText();
}

void RequestsPage::showEmptyText()
{
    if (!m_target)
        return m_empty->setText(tr("No host"), tr("Add a host on the Hosts page; the host of this machine is still starting."));
    if (!m_target->isConnected() || m_feed.error())
        return m_empty->setText(tr("%1 does not answer").arg(m_target->name()), tr("Its requests are shown as soon as it is back."));
    if (m_feed.isLoading())
        return m_empty->setText(tr("Asking %1").arg(m_target->name()), {});
    const TimeRange& range = m_filters->time().range();
    const control::RequestQuery query = m_filters->query();
    const bool isFiltered = !query.app.empty() || !query.endpoint.empty() || !query.outcome.empty() || !query.state.empty() || query.status
        || !query.text.empty() || !query.replica.empty() || !query.revision.empty() || !query.key.empty() || query.minTotal || query.maxTotal
        || query.cold;
    if (!isFiltered && range.isAny())
        return m_empty->setText(tr("No requests yet"),
            tr("%1 keeps a record of each call: from the playground, or from a program. Generate something to see the first.").arg(m_target->name()));
    const QString when = range.isAny() ? QString() : QLatin1Char(' ') + betweenText(range.at(wallClockNow()), m_filters->time().isUtc());
    m_empty->setText(isFiltered ? tr("No such requests%1").arg(when) : tr("No requests%1").arg(when),
        tr("Take a filter away or choose a longer time to see more."));
}

void RequestsPage::updateActions()
{
    const RequestDocument* const document = m_panel->document();
    m_replay->setEnabled(document && !document->input.isEmpty());
    m_copy->setEnabled(m_replay->isEnabled());
    m_cancel->setEnabled(document && document->info.state != "done");
    m_logs->setEnabled(!m_chosen.empty());
}

void RequestsPage::replay()
{
    const RequestDocument* const document = m_panel->document();
    if (!document || document->input.isEmpty())
        return;
    Generation generation;
    generation.target = m_target ? m_target->name() : QString();
    generation.app = qs(document->info.app);
    generation.endpoint = qs(document->info.endpoint);
    generation.revision = qs(document->info.revision);
    generation.requestId = qs(document->info.id);
    generation.input = document->input;
    m_studio.navigator.replay(generation);
}

void RequestsPage::cancel()
{
    if (!m_target || m_chosen.empty())
        return;
    m_target->control().cancelRequest(m_chosen).then(this, [this](const Result<>& result) {
        if (!result)
            m_banner->showError(result.error());
    });
}

void RequestsPage::copyAsCurl()
{
    const RequestDocument* const document = m_panel->document();
    if (!m_target || !document)
        return;
    const control::AppInfo* const app = m_target->findApp(document->info.app);
    const QString owner = m_target->hostInfo() ? qs(m_target->hostInfo()->owner) : QString();
    SnippetCall call;
    call.hostUrl = qs(m_target->address().url);
    call.endpoint = owner + QLatin1Char('/') + qs(document->info.app) + (document->info.endpoint == "/" ? QString() : qs(document->info.endpoint));
    call.input = document->input;
    call.needsKey = (!app || app->auth != domain::AuthMode::Public) && !m_target->address().key.empty();
    call.caFile = qs(m_target->address().caFile);
    QGuiApplication::clipboard()->setText(snippetText(SnippetLanguage::Curl, call));
}

void RequestsPage::showLogs()
{
    control::LogQuery query;
    query.request = m_chosen;
    m_studio.navigator.showLogs(query);
}

void RequestsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_clock.start();
}

void RequestsPage::hideEvent(QHideEvent* event)
{
    m_clock.stop();
    QWidget::hideEvent(event);
}

} // namespace tintype::ui
