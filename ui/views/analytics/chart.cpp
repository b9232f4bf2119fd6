// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/chart.h"

#include "ui/models/format.h"

#include <QRubberBand>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr int kHeightSteps = 40;
constexpr int kLeastHeightSteps = 32;
constexpr int kAxisSteps = 15;  ///< room for the labels at the left: the same in all charts, so that their times line up
constexpr int kTicks = 4;
constexpr int kTicksSteps = 22; ///< room for one label of the time
constexpr double kMarkReach = 4;

TimePoint timeOf(double seconds) { return fromMilliseconds(std::llround(seconds * 1000)); }

} // namespace

double secondsOf(TimePoint time) { return static_cast<double>(toMilliseconds(time)) / 1000; }

QString axisDuration(double seconds)
{
    const auto number = [](double value) { return QLocale().toString(value, 'g', 3); };
    return seconds <= 0     ? QStringLiteral("0")
        : seconds < 1       ? number(seconds * 1000) + QStringLiteral(" ms")
        : seconds < 120     ? number(seconds) + QStringLiteral(" s")
        : seconds < 2 * 3600 ? number(seconds / 60) + QStringLiteral(" min")
                            : number(seconds / 3600) + QStringLiteral(" h");
}

QString DurationTicker::getTickLabel(double tick, const QLocale&, QChar, int) { return axisDuration(tick); }

Chart::Chart(const Theme& theme, RangeChoice& range, QWidget* parent)
    : QCustomPlot(parent)
    , m_theme(theme)
    , m_range(range)
    , m_ticker(new QCPAxisTickerDateTime)
    , m_band(new QRubberBand(QRubberBand::Rectangle, this))
{
    setMouseTracking(true);
    setNoAntialiasingOnDrag(true);
    setCursor(Qt::CrossCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    axisRect()->setAutoMargins(QCP::msTop | QCP::msBottom | QCP::msRight);
    axisRect()->setMinimumMargins({0, Theme::space(2), Theme::space(2), 0});
    axisRect()->setMargins({Theme::space(kAxisSteps), 0, 0, 0});
    xAxis->setTicker(m_ticker);
    xAxis->grid()->setVisible(false);
    yAxis->ticker()->setTickCount(kTicks);
    for (QCPAxis* const axis : {xAxis, yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLength(0);
        axis->setTickLabelPadding(Theme::space(1));
    }
    connect(&theme, &Theme::changed, this, [this] {
        applyTheme();
        dress();
        replotSoon();
    });
    connect(&range, &RangeChoice::utcChanged, this, [this] {
        applyClock();
        replotSoon();
    });
    applyTheme();
    applyClock();
}

Chart::~Chart() = default;

QSize Chart::sizeHint() const { return {Theme::space(100), Theme::space(kHeightSteps)}; }
QSize Chart::minimumSizeHint() const { return {Theme::space(60), Theme::space(kLeastHeightSteps)}; }

void Chart::applyTheme()
{
    const QColor line = m_theme.color(ColorToken::Border);
    setBackground(QBrush(m_theme.color(ColorToken::Surface)));
    for (QCPAxis* const axis : {xAxis, yAxis}) {
        axis->setBasePen(axis == xAxis ? QPen(m_theme.color(ColorToken::BorderStrong)) : QPen(Qt::NoPen));
        axis->setTickPen(Qt::NoPen);
        axis->setTickLabelFont(m_theme.font(TextStyle::Caption));
        axis->setTickLabelColor(m_theme.color(ColorToken::TextMuted));
        axis->grid()->setPen(QPen(line, 1));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    for (QCPItemStraightLine* const mark : m_marks)
        mark->setPen(QPen(m_theme.color(ColorToken::AccentText), 1, Qt::DashLine));
}

void Chart::applyClock()
{
    m_ticker->setDateTimeSpec(m_range.isUtc() ? Qt::UTC : Qt::LocalTime);
}

void Chart::setData(std::shared_ptr<const AnalyticsData> data)
{
    m_data = std::move(data);
    const auto length = m_data->span.length();
    m_ticker->setDateTimeFormat(length <= std::chrono::hours(30) ? QStringLiteral("HH:mm")
            : length <= std::chrono::days(4)                     ? QStringLiteral("d MMM HH:mm")
                                                                 : QStringLiteral("d MMM"));
    m_ticker->setTickCount(std::max(width() / Theme::space(kTicksSteps), 2));
    xAxis->setRange(secondsOf(m_data->span.since), secondsOf(m_data->span.until));
    plot(*m_data);
    dress();
    placeMarks(*m_data);
    replotSoon();
}

void Chart::placeMarks(const AnalyticsData& data)
{
    for (QCPItemStraightLine* const mark : m_marks)
        removeItem(mark);
    m_marks.clear();
    for (const DeployMark& deployed : data.deployments.value_or(std::vector<DeployMark>())) {
        auto* const mark = new QCPItemStraightLine(this);
        mark->setSelectable(false);
        mark->setPen(QPen(m_theme.color(ColorToken::AccentText), 1, Qt::DashLine));
        for (QCPItemPosition* const end : {mark->point1, mark->point2}) {
            end->setTypeX(QCPItemPosition::ptPlotCoords);
            end->setTypeY(QCPItemPosition::ptAxisRectRatio);
            end->setCoords(secondsOf(deployed.time), end == mark->point1 ? 0 : 1);
        }
        m_marks.push_back(mark);
    }
}

std::optional<std::size_t> Chart::columnAt(double x) const
{
    if (!m_data || m_data->series.empty() || x < axisRect()->left() || x > axisRect()->right())
        return {};
    const TimePoint time = timeOf(xAxis->pixelToCoord(x));
    const auto after = std::ranges::upper_bound(m_data->series, time, {}, &AnalyticsColumn::start);
    return after == m_data->series.begin() ? 0 : static_cast<std::size_t>(after - m_data->series.begin()) - 1;
}

QString Chart::markAt(double x) const
{
    QStringList lines;
    for (std::size_t index = 0; index < m_marks.size(); ++index) {
        const DeployMark& deployed = (*m_data->deployments)[index];
        if (std::abs(xAxis->coordToPixel(secondsOf(deployed.time)) - x) > kMarkReach)
            continue;
        const QString revision = deployed.number > 0 ? QString::number(deployed.number) : qs(deployed.revision).left(8);
        lines += tr("%1: %2 revision %3").arg(formatTime(deployed.time, m_range.isUtc()), qs(deployed.app), revision)
            + (deployed.message.empty() ? QString() : QStringLiteral(", ") + qs(deployed.message));
    }
    return lines.join(QLatin1Char('\n'));
}

QString Chart::when(const AnalyticsData& data, std::size_t column) const
{
    const TimePoint start = data.series[column].start;
    return rangeText(TimeRange::between({start, start + data.bucket}), m_range.isUtc());
}

void Chart::choose(const AnalyticsData&, std::size_t, double) {}

void Chart::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && axisRect()->rect().contains(event->pos()))
        m_pressedAt = event->pos().x();
}

void Chart::mouseMoveEvent(QMouseEvent* event)
{
    const QRect room = axisRect()->rect();
    if (m_pressedAt) {
        const int to = std::clamp(event->pos().x(), room.left(), room.right());
        m_band->setGeometry(QRect(QPoint(std::min(*m_pressedAt, to), room.top()), QPoint(std::max(*m_pressedAt, to), room.bottom())));
        m_band->setVisible(m_band->width() >= QApplication::startDragDistance());
        return;
    }
    const auto column = columnAt(event->pos().x());
    if (!column || !room.contains(event->pos()))
        return QToolTip::hideText();
    const QString mark = markAt(event->pos().x());
    QToolTip::showText(event->globalPosition().toPoint(), mark.isEmpty() ? when(*m_data, *column) + QLatin1Char('\n') + readout(*m_data, *column) : mark, this);
}

void Chart::mouseReleaseEvent(QMouseEvent* event)
{
    const auto from = std::exchange(m_pressedAt, std::nullopt);
    if (!from || !m_data)
        return;
    if (m_band->isVisible()) {
        m_band->hide();
        const QRect band = m_band->geometry();
        m_range.zoomTo({timeOf(xAxis->pixelToCoord(band.left())), timeOf(xAxis->pixelToCoord(band.right() + 1))});
    } else if (const auto column = columnAt(event->pos().x())) {
        choose(*m_data, *column, yAxis->pixelToCoord(event->pos().y()));
    }
}

void Chart::leaveEvent(QEvent* event)
{
    QToolTip::hideText();
    QCustomPlot::leaveEvent(event);
}

} // namespace tintype::ui
