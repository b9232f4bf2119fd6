// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/analytics_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/background.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/analytics/analytics_charts.h"
#include "ui/views/analytics/analytics_tables.h"
#include "ui/views/analytics/analytics_tiles.h"
#include "ui/views/analytics/heat_chart.h"
#include "ui/views/analytics/record_export.h"
#include "ui/widgets/app_filter.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/range_picker.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QSettings>
#include <QToolButton>

namespace tintype::ui {
namespace {

using namespace std::chrono_literals;

const QString kRangeKey = QStringLiteral("analytics/range");
const QString kUtcKey = QStringLiteral("analytics/utc");
const QString kRepeatKey = QStringLiteral("analytics/repeat");

TimeRange rememberedRange(const QSettings& settings)
{
    const TimeRange range = rangeFromKey(settings.value(kRangeKey).toString());
    return range.isAny() ? TimeRange::latest(24h) : range;
}

QToolButton* buttonOf(QAction* action, Qt::ToolButtonStyle style)
{
    auto* const button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(style);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

AnalyticsPage::AnalyticsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_range(rememberedRange(studio.settings))
    , m_feed(m_range)
    , m_banner(new ErrorBanner(studio.theme))
{
    m_range.setUtc(studio.settings.value(kUtcKey).toBool());
    addCommands();
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_banner);
    column->addWidget(makeContent(), 1);
    connectRange();
    connect(&m_feed, &AnalyticsFeed::dataChanged, this, &AnalyticsPage::showData);
    connect(&m_feed, &AnalyticsFeed::stateChanged, this, &AnalyticsPage::showState);
    connect(&studio.targets, &Targets::currentChanged, this, &AnalyticsPage::setTarget);
    setTarget(studio.targets.current());
    showData();
}

AnalyticsPage::~AnalyticsPage() = default;

void AnalyticsPage::addCommands()
{
    const auto add = [this](const char* id, const QString& text, const char* icon, const QString& tip, auto run) {
        return m_studio.commands.add({QLatin1String(id), tr("Analytics"), text, QLatin1String(icon), {}, tip}, run);
    };
    m_refresh = add("analytics.refresh", tr("Refresh analytics"), "view-refresh", {}, [this] { m_feed.ask(); });
    m_repeat = add("analytics.repeat", tr("Auto refresh"), "chronometer", tr("Ask again while the time range ends now"), [this] {
        m_studio.settings.setValue(kRepeatKey, m_repeat->isChecked());
        m_feed.setRepeats(m_repeat->isChecked());
    });
    m_repeat->setCheckable(true);
    m_repeat->setChecked(m_studio.settings.value(kRepeatKey, true).toBool());
    m_feed.setRepeats(m_repeat->isChecked());
    m_back = add("analytics.back", tr("Time range before"), "go-previous", {}, [this] { m_range.goBack(); });
    m_seriesCsv = add("analytics.export_series", tr("Export columns as CSV…"), "document-save", tr("Counts, percentiles, queue and replicas over time"),
        [this] { chooseFile(tr("analytics.csv"), [this](const QString& path) { exportSeries(path); }); });
    m_recordsCsv = add("analytics.export_records", tr("Export requests as CSV…"), "document-save", tr("Every request of the time range"),
        [this] { chooseFile(tr("requests.csv"), [this](const QString& path) { exportRecords(path); }); });
}

QWidget* AnalyticsPage::makeBar()
{
    auto* const bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    m_filter = new AppFilter(m_studio.targets);
    connect(m_filter, &AppFilter::changed, this, [this] { m_feed.setFilter(m_filter->app(), m_filter->endpoint()); });
    m_state = new QLabel;
    m_state->setProperty("role", QStringLiteral("caption"));
    auto* const save = new QToolButton;
    save->setText(tr("Export"));
    save->setIcon(m_studio.theme.icon(QStringLiteral("document-save")));
    save->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    save->setPopupMode(QToolButton::InstantPopup);
    save->setFocusPolicy(Qt::StrongFocus);
    auto* const menu = new QMenu(save);
    menu->addActions({m_seriesCsv, m_recordsCsv});
    save->setMenu(menu);
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_filter);
    row->addWidget(new RangePicker(m_studio.theme, m_range, RangePicker::Any::NotOffered));
    row->addStretch(1);
    row->addWidget(m_state);
    row->addWidget(buttonOf(m_repeat, Qt::ToolButtonTextBesideIcon));
    row->addWidget(buttonOf(m_refresh, Qt::ToolButtonIconOnly));
    row->addWidget(save);
    return bar;
}

QWidget* AnalyticsPage::makeContent()
{
    m_tiles = new AnalyticsTiles;
    m_charts = new AnalyticsCharts(m_studio.theme, m_range);
    m_tables = new AnalyticsTables(m_studio.theme);
    auto* const content = new QWidget;
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(Theme::space(3), Theme::space(3), Theme::space(3), Theme::space(3));
    column->setSpacing(Theme::space(3));
    column->addWidget(m_tiles);
    column->addWidget(m_charts);
    column->addWidget(m_tables);
    auto* const scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_charts, &AnalyticsCharts::cellChosen, this, &AnalyticsPage::openCell);
    connect(m_tables, &AnalyticsTables::failureChosen, this, &AnalyticsPage::openFailure);
    connect(m_tables, &AnalyticsTables::requestChosen, this, [this](const QString& id) { m_studio.navigator.showRequest(id); });
    return scroll;
}

void AnalyticsPage::connectRange()
{
    const auto onRange = [this] {
        m_studio.settings.setValue(kRangeKey, rangeKey(m_range.range()));
        m_back->setEnabled(m_range.canGoBack());
    };
    const auto onUtc = [this] {
        m_studio.settings.setValue(kUtcKey, m_range.isUtc());
        m_tables->setUtc(m_range.isUtc());
    };
    connect(&m_range, &RangeChoice::rangeChanged, this, onRange);
    connect(&m_range, &RangeChoice::utcChanged, this, onUtc);
    onRange();
    onUtc();
}

void AnalyticsPage::setTarget(Target* target)
{
    m_feed.setTarget(target);
    showState();
}

void AnalyticsPage::showData()
{
    const auto data = m_feed.data();
    m_tiles->showData(data.get());
    m_tables->showData(data.get());
    if (data)
        m_charts->showData(data);
    m_seriesCsv->setEnabled(data != nullptr);
    m_recordsCsv->setEnabled(data != nullptr);
    showState();
}

void AnalyticsPage::showState()
{
    const Target* const target = m_feed.target();
    if (m_feed.error())
        m_banner->showError(target && target->trouble() ? *target->trouble() : *m_feed.error());
    else if (!m_export)
        m_banner->clear();
    m_state->setText(m_feed.isLoading() && !m_feed.data() ? tr("Asking the host…") : QString());
    if (m_feed.data())
        return;
    m_charts->showNothing(!target ? tr("No host: add one on the Hosts page.")
            : m_feed.error()      ? tr("%1 gave no figures.").arg(target->name())
                                  : tr("Asking %1…").arg(target->name()));
}

control::RequestQuery AnalyticsPage::shownRequests() const
{
    control::RequestQuery query;
    query.app = m_feed.app();
    query.endpoint = m_feed.endpoint();
    if (const auto data = m_feed.data()) {
        query.since = data->span.since;
        query.until = data->span.until;
    }
    return query;
}

void AnalyticsPage::openCell(std::size_t column, std::size_t row)
{
    const auto data = m_feed.data();
    if (!data || column >= data->series.size())
        return;
    control::RequestQuery query = shownRequests();
    query.since = std::max(data->series[column].start, data->span.since);
    query.until = std::min(data->series[column].start + data->bucket, data->span.until);
    query.outcome = "success";
    const std::vector<double>& bounds = data->heat.bounds;
    if (row > 0)
        query.minTotal = bounds[row - 1];
    if (row < bounds.size())
        query.maxTotal = bounds[row];
    if (m_charts->heat()->starts() != HeatChart::Starts::All)
        query.cold = m_charts->heat()->starts() == HeatChart::Starts::Cold;
    query.sort = "slowest";
    m_studio.navigator.showRequests(query);
}

void AnalyticsPage::openFailure(int row)
{
    const FailureGroup& group = m_tables->failures().at(row);
    control::RequestQuery query = shownRequests();
    query.text = group.error;
    if (group.status > 0)
        query.status = group.status;
    m_studio.navigator.showRequests(query);
}

void AnalyticsPage::chooseFile(const QString& name, const std::function<void(const QString&)>& write)
{
    auto* const dialog = new QFileDialog(this, tr("Export as CSV"), QString(), tr("CSV files (*.csv)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, write);
    dialog->open();
}

void AnalyticsPage::exportSeries(const QString& path)
{
    const auto data = m_feed.data();
    if (!data)
        return;
    inBackground([data, path] { return writeText(path, seriesCsv(*data)); }).then(this, [this, data, path](const Result<>& written) {
        if (!written)
            return m_banner->showError(written.error());
        m_banner->showMessage(ErrorBanner::Severity::Info, tr("%1 columns are in %2.").arg(formatCount(std::ssize(data->series)), path));
    });
}

void AnalyticsPage::exportRecords(const QString& path)
{
    if (!m_feed.target())
        return;
    delete m_export;
    m_export = new RecordExport(*m_feed.target(), shownRequests(), path, this);
    const auto tell = [this](const QString& sentence) {
        m_banner->showMessage(ErrorBanner::Severity::Info, sentence.arg(formatCount(m_export->count()), m_export->path()));
    };
    connect(m_export, &RecordExport::progressed, this, [this, tell] {
        tell(tr("%1 requests are written to %2…"));
        m_banner->setAction(tr("Stop"), [this] {
            delete m_export;
            m_banner->clear();
        });
    });
    connect(m_export, &RecordExport::finished, this, [this, tell] {
        tell(tr("%1 requests are in %2."));
        m_export->deleteLater();
    });
    connect(m_export, &RecordExport::failed, this, [this](const Error& error) {
        m_banner->showError(error);
        m_export->deleteLater();
    });
    m_export->start();
}

void AnalyticsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_feed.setActive(true);
}

void AnalyticsPage::hideEvent(QHideEvent* event)
{
    m_feed.setActive(false);
    QWidget::hideEvent(event);
}

} // namespace tintype::ui
