// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_pane.h"

#include "ui/commands/navigator.h"
#include "ui/commands/run_session.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/log_scope_box.h"
#include "ui/widgets/log_search_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QToolButton>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr int kMostPagesUnasked = 10;
constexpr int kLevelCharacters = 8;
constexpr int kLeastLevelSteps = 18;

} // namespace

LogPane::LogPane(Studio& studio, Kind kind, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_kind(kind)
    , m_model(LogModel::Limits{})
    , m_search(m_model)
    , m_feed(m_model)
    , m_view(new LogView(studio.theme, m_model, m_search))
    , m_banner(new ErrorBanner(studio.theme))
    , m_scope(new LogScopeBox)
    , m_level(new QComboBox)
    , m_searchBar(new LogSearchBar(studio.theme))
    , m_pagesLeft(kMostPagesUnasked)
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(makeToolbar());
    column->addWidget(m_banner);
    column->addWidget(m_view, 1);
    loadColumns();

    connect(m_searchBar, &LogSearchBar::edited, this, &LogPane::applyFilter);
    connect(m_searchBar, &LogSearchBar::stepWanted, this, &LogPane::step);
    connect(m_searchBar, &LogSearchBar::leaveWanted, m_view, [this] { m_view->setFocus(); });
    connect(m_scope, &LogScopeBox::scopeChanged, this, &LogPane::applyFilter);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogPane::applyFilter);
    connect(&m_search, &LogSearch::matchesChanged, this, [this] {
        m_searchBar->showFound(m_search, currentMatchNumber());
        showState();
    });
    connect(&m_model, &LogModel::changed, this, &LogPane::showState);
    connect(&m_feed, &LogFeed::stateChanged, this, &LogPane::showState);
    connect(m_view, &LogView::olderWanted, this, &LogPane::considerOlder);
    connect(m_view, &LogView::requestClicked, &studio.navigator, &Navigator::showRequest);
    connect(m_view, &LogView::copyWanted, this, &LogPane::copy);
    connect(m_view, &LogView::menuWanted, this, &LogPane::showMenu);
    connect(&studio.targets, &Targets::currentChanged, this, &LogPane::setTarget);
    if (kind == Kind::Dock)
        connect(&studio.run, &RunSession::stateChanged, this, &LogPane::followRun);
    addCommands();
    setTarget(studio.targets.current());
}

LogPane::~LogPane() = default;

QHBoxLayout* LogPane::makeToolbar()
{
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(Theme::space(2), Theme::space(1), Theme::space(2), Theme::space(1));
    row->setSpacing(Theme::space(1));
    makeLevels();
    row->addWidget(m_scope);
    row->addWidget(m_level);
    m_scope->setVisible(m_kind == Kind::Dock);
    m_level->setVisible(m_kind == Kind::Dock);
    row->addWidget(m_searchBar, 1);
    row->addWidget(makeColumnsButton());
    row->addWidget(makeMoreButton());
    return row;
}

void LogPane::makeLevels()
{
    m_level->addItems({tr("All levels"), tr("Info and worse"), tr("Warnings and errors"), tr("Errors only")});
    m_level->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_level->setMinimumContentsLength(kLevelCharacters);
    m_level->setMinimumWidth(Theme::space(kLeastLevelSteps));
    m_level->setAccessibleName(tr("Level"));
    m_level->setToolTip(tr("Show lines of this level and worse"));
}

void LogPane::setTarget(Target* target)
{
    if (m_feed.target())
        m_feed.target()->disconnect(this);
    m_wasCleared = false;
    m_scope->setTarget(target);
    if (const QString app = m_scope->scope().app; !app.isEmpty() && target && !target->findApp(app.toStdString()))
        m_scope->setScope({}); // of another host
    m_feed.setTarget(target);
    if (target)
        connect(target, &Target::connectionChanged, this, &LogPane::showState);
    showState();
}

void LogPane::followRun()
{
    const RunSession::State state = m_studio.run.state();
    if (state == RunSession::State::Starting && m_studio.run.target() == m_studio.targets.current())
        m_scope->setScope({.app = m_studio.run.app(), .replica = {}, .request = {}});
}

void LogPane::setLevel(LogLevel level) { m_level->setCurrentIndex(static_cast<int>(level)); }

void LogPane::applyFilter()
{
    LogFilter filter;
    m_searchBar->fill(filter);
    const LogScopeBox::Scope scope = m_scope->scope();
    filter.app = scope.app.toStdString();
    filter.replica = scope.replica.toStdString();
    filter.request = scope.request.toStdString();
    filter.level = static_cast<LogLevel>(m_level->currentIndex());
    m_pagesLeft = kMostPagesUnasked;
    m_currentMatch.reset();
    m_view->setCurrentMatch({});
    m_search.setFilter(filter);
}

void LogPane::showAll()
{
    m_scope->setScope({});
    m_level->setCurrentIndex(0);
    m_searchBar->setOnlyMatches(false);
}

void LogPane::showInContext(LineId line)
{
    showAll();
    m_view->showLine(line);
}

void LogPane::step(bool isForward)
{
    std::optional<LineId> line;
    if (m_currentMatch)
        line = isForward ? m_search.nextMatch(*m_currentMatch) : m_search.previousMatch(*m_currentMatch);
    else if (m_view->isFollowing() || m_view->topRow() >= m_search.rowCount())
        line = m_search.previousMatch(m_model.end()); // the newest
    else
        line = m_search.nextMatch(m_search.lineAt(m_view->topRow()) - 1);
    if (!line)
        return;
    m_currentMatch = line;
    m_view->setCurrentMatch(line);
    m_view->showLine(*line);
    m_searchBar->showFound(m_search, currentMatchNumber());
}

std::optional<std::int64_t> LogPane::currentMatchNumber() const
{
    return m_currentMatch && m_search.isMatch(*m_currentMatch) ? std::optional(m_search.matchNumber(*m_currentMatch)) : std::nullopt;
}

void LogPane::findText() { m_searchBar->setFocusToPattern(); }

void LogPane::considerOlder(bool byUser)
{
    if (!m_feed.hasOlder() || m_feed.isLoading() || (!byUser && (m_search.isBusy() || m_pagesLeft == 0)))
        return;
    m_pagesLeft = byUser ? kMostPagesUnasked : m_pagesLeft - 1;
    m_feed.loadOlder();
}

void LogPane::showState()
{
    if (m_feed.error() != m_shownError) {
        m_shownError = m_feed.error();
        if (m_shownError)
            m_banner->showError(*m_shownError);
        else
            m_banner->clear();
    }
    m_view->setNote(noteText());
    if (m_search.rowCount() == 0)
        showEmptyText();
    if (!m_search.isBusy() && m_search.rowCount() < m_view->visibleRowCount())
        considerOlder(false);
}

QString LogPane::noteText() const
{
    if (m_model.droppedCount() > 0)
        return tr("%1 older lines were dropped here to keep the newest %2; the host has them still")
            .arg(formatCount(m_model.droppedCount()), formatCount(m_model.count()));
    if (m_model.isFull())
        return tr("Older lines are on the host: this log is full with %1").arg(formatCount(m_model.count()));
    if (m_feed.isLoading())
        return tr("Loading older lines…");
    if (m_feed.hasOlder())
        return tr("Older lines are on the host");
    return m_wasCleared ? tr("Cleared here: lines of before are on the host") : tr("The log begins here");
}

void LogPane::showEmptyText()
{
    const Target* const target = m_feed.target();
    if (!target)
        m_view->setEmptyText(tr("No host"), tr("Choose a target at the top to see its log."));
    else if (m_model.count() > 0 && m_search.isBusy())
        m_view->setEmptyText(tr("Looking…"), {});
    else if (m_model.count() > 0 && m_search.isSearching() && m_search.filter().onlyMatches)
        m_view->setEmptyText(tr("No line matches"), tr("None of %1 lines has this text. Change the search, or show all lines.").arg(formatCount(m_model.count())));
    else if (m_model.count() > 0)
        m_view->setEmptyText(tr("No line of this kind"), tr("%1 lines are hidden by scope and level.").arg(formatCount(m_model.count())));
    else if (!target->isConnected())
        m_view->setEmptyText(tr("Not connected to %1").arg(target->name()),
            target->trouble() ? qs(target->trouble()->message) : tr("The log appears as soon as the host answers."));
    else if (m_feed.isLoading())
        m_view->setEmptyText(tr("Loading the log…"), {});
    else if (m_wasCleared)
        m_view->setEmptyText(tr("Cleared"), tr("New lines appear here as they come."));
    else if (m_kind == Kind::Page)
        m_view->setEmptyText(tr("No line matches"), tr("Choose another time, app or level."));
    else
        m_view->setEmptyText(tr("Nothing was logged yet"), tr("Press Run: what the app and its replicas write appears here."));
}

/// Keys of the log go to it even where the window has another use for them.
bool LogPane::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Find) || key->key() == Qt::Key_F3) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void LogPane::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Find))
        findText();
    else if (event->key() == Qt::Key_F3)
        step(!(event->modifiers() & Qt::ShiftModifier));
    else
        QWidget::keyPressEvent(event);
}

} // namespace tintype::ui
