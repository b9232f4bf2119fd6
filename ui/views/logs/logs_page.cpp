// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/logs/logs_page.h"

#include "ui/commands/navigator.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/logs/log_filter_bar.h"
#include "ui/views/logs/log_volume_view.h"
#include "ui/widgets/log_pane.h"

#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr std::int64_t kMostFetchedUnasked = 20'000; ///< lines, for the volume; more come when one scrolls up

} // namespace

LogsPage::LogsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_filter(new LogFilterBar(studio.theme))
    , m_pane(new LogPane(studio, LogPane::Kind::Page))
    , m_volume(new LogVolumeView(studio.theme, m_pane->model()))
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_filter);
    column->addWidget(m_volume);
    column->addWidget(m_pane, 1);

    connect(m_filter, &LogFilterBar::edited, this, &LogsPage::ask);
    connect(&m_pane->feed(), &LogFeed::stateChanged, this, &LogsPage::onFeedState);
    connect(m_volume, &LogVolumeView::timeClicked, this, &LogsPage::goTo);
    connect(m_pane, &LogPane::appWanted, this, [this](const QString& app) {
        control::LogQuery query = m_filter->query();
        query.app = app.toStdString();
        showQuery(query);
    });
    connect(m_pane, &LogPane::replicaWanted, this, [this](const QString& app, const QString& replica) {
        control::LogQuery query;
        query.app = app.toStdString();
        query.replica = replica.toStdString();
        showQuery(query);
    });
    connect(m_pane, &LogPane::requestWanted, this, [this](const QString& app, const QString& request) {
        control::LogQuery query;
        query.app = app.toStdString();
        query.request = request.toStdString();
        showQuery(query);
    });
    connect(&studio.navigator, &Navigator::logsWanted, this, &LogsPage::showQuery);
    connect(&studio.targets, &Targets::currentChanged, this, &LogsPage::setTarget);
    setTarget(studio.targets.current());
    ask();
}

void LogsPage::setTarget(Target* target)
{
    m_filter->setTarget(target);
}

void LogsPage::showQuery(const control::LogQuery& query)
{
    m_filter->setQuery(query);
    ask();
}

void LogsPage::ask()
{
    const control::LogQuery query = m_filter->query();
    m_volume->setSpan(query.since, query.until);
    m_pane->feed().setQuery(query);
}

void LogsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    onFeedState();
}

void LogsPage::onFeedState()
{
    LogFeed& feed = m_pane->feed();
    m_volume->setHasOlder(feed.hasOlder());
    if (isVisible() && !feed.isLoading() && !feed.error() && m_pane->model().count() < kMostFetchedUnasked)
        feed.loadOlder();
}

void LogsPage::goTo(qint64 time)
{
    const LogModel& model = m_pane->model();
    LineId low = model.first();
    LineId high = model.end();
    while (low < high) {
        const LineId middle = low + (high - low) / 2;
        if (model.at(middle).time < time)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < model.end())
        m_pane->view().showLine(low);
}

} // namespace tintype::ui
