// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/series_charts.h"

#include "ui/models/format.h"

#include <algorithm>
#include <limits>

namespace tintype::ui {
namespace {

constexpr double kBarShare = 0.86;      ///< of a column's width
constexpr double kHeadroom = 1.08;
constexpr std::size_t kMostDots = 90;   ///< columns with a dot each
constexpr double kDot = 4;
constexpr int kFillAlpha = 46;
constexpr std::array<ColorToken, 4> kLineColors{ColorToken::Chart1, ColorToken::Chart3, ColorToken::Chart2, ColorToken::Chart4};
constexpr std::array<double Percentiles::*, 4> kLines{&Percentiles::p50, &Percentiles::p90, &Percentiles::p95, &Percentiles::p99};
constexpr std::array<const char*, 4> kLineNames{"p50", "p90", "p95", "p99"};

constexpr std::array<std::int64_t OutcomeCounts::*, 4> kOutcomes{
    &OutcomeCounts::success, &OutcomeCounts::userError, &OutcomeCounts::error, &OutcomeCounts::cancelled};

QVector<LegendEntry> outcomeParts()
{
    return {{ColorToken::Chart3, OutcomeChart::tr("Succeeded")}, {ColorToken::Chart2, OutcomeChart::tr("Refused")},
        {ColorToken::Chart4, OutcomeChart::tr("Failed")}, {ColorToken::Chart6, OutcomeChart::tr("Cancelled")}};
}

struct StateName {
    const char* state;
    ColorToken color;
    QString name;
};

/// From the bottom up, as the host names them.
QVector<StateName> replicaStates()
{
    return {{"running", ColorToken::Chart1, ReplicaChart::tr("Running")}, {"idle", ColorToken::Chart3, ReplicaChart::tr("Idle")},
        {"starting", ColorToken::Chart2, ReplicaChart::tr("Starting")}, {"draining", ColorToken::Chart6, ReplicaChart::tr("Draining")},
        {"failing", ColorToken::Chart4, ReplicaChart::tr("Failing")}};
}

QVector<LegendEntry> replicaParts()
{
    QVector<LegendEntry> parts;
    for (const StateName& state : replicaStates())
        parts.push_back({state.color, state.name});
    return parts;
}

QString noneBetween(const AnalyticsData& data)
{
    return OutcomeChart::tr("No requests %1.").arg(betweenText(data.span, false));
}

/// Whole numbers only.
QSharedPointer<QCPAxisTicker> countTicker()
{
    class Ticker : public QCPAxisTicker {
    protected:
        double getTickStep(const QCPRange& range) override { return std::max(QCPAxisTicker::getTickStep(range), 1.0); }
        QString getTickLabel(double tick, const QLocale& locale, QChar, int) override { return locale.toString(std::llround(tick)); }
    };
    QSharedPointer<QCPAxisTicker> ticker(new Ticker);
    ticker->setTickCount(4);
    return ticker;
}

QString lineOf(const QString& name, const QString& value) { return name + QStringLiteral(": ") + value; }

} // namespace

// Bars

StackedBars::StackedBars(const Theme& theme, RangeChoice& range, QVector<LegendEntry> parts)
    : Chart(theme, range)
    , m_parts(std::move(parts))
{
    for (int part = 0; part < m_parts.size(); ++part) {
        auto* const bars = new QCPBars(xAxis, yAxis);
        bars->setAntialiased(false);
        bars->setSelectable(QCP::stNone);
        if (part > 0)
            bars->moveAbove(m_bars.back());
        m_bars += bars;
    }
    yAxis->setTicker(countTicker());
}

void StackedBars::dress()
{
    for (int part = 0; part < m_bars.size(); ++part) {
        m_bars[part]->setPen(Qt::NoPen);
        m_bars[part]->setBrush(theme().color(m_parts[part].color));
    }
}

void StackedBars::setValues(const AnalyticsData& data, const QVector<QVector<double>>& values)
{
    const double width = static_cast<double>(data.bucket.count());
    QVector<double> keys;
    for (const AnalyticsColumn& column : data.series)
        keys += secondsOf(column.start) + width / 2;
    QVector<double> sums(keys.size());
    for (int part = 0; part < m_bars.size(); ++part) {
        m_bars[part]->setWidth(width * kBarShare);
        m_bars[part]->setData(keys, values[part], true);
        for (int column = 0; column < sums.size(); ++column)
            sums[column] += values[part][column];
    }
    const double most = sums.isEmpty() ? 0 : *std::ranges::max_element(sums);
    yAxis->setRange(0, std::max(most * kHeadroom, 1.0));
}

OutcomeChart::OutcomeChart(const Theme& theme, RangeChoice& range)
    : StackedBars(theme, range, outcomeParts())
{
}

QString OutcomeChart::emptyReason(const AnalyticsData& data) const { return data.all.counts.total() > 0 ? QString() : noneBetween(data); }

void OutcomeChart::plot(const AnalyticsData& data)
{
    QVector<QVector<double>> values(kOutcomes.size());
    for (const AnalyticsColumn& column : data.series) {
        for (std::size_t part = 0; part < kOutcomes.size(); ++part)
            values[static_cast<int>(part)] += static_cast<double>(column.counts.*kOutcomes[part]);
    }
    setValues(data, values);
}

QString OutcomeChart::readout(const AnalyticsData& data, std::size_t column) const
{
    QStringList lines{tr("%1 requests").arg(formatCount(data.series[column].counts.total()))};
    for (std::size_t part = 0; part < kOutcomes.size(); ++part) {
        if (const std::int64_t count = data.series[column].counts.*kOutcomes[part]; count > 0)
            lines += lineOf(legendEntries()[static_cast<int>(part)].name, formatCount(count));
    }
    return lines.join(QLatin1Char('\n'));
}

ReplicaChart::ReplicaChart(const Theme& theme, RangeChoice& range)
    : StackedBars(theme, range, replicaParts())
{
}

QString ReplicaChart::emptyReason(const AnalyticsData& data) const
{
    if (!data.replicas)
        return tr("Not told by this host's version.");
    const bool isAny = std::ranges::any_of(data.replicas->means, [](const auto& means) {
        return means && std::ranges::any_of(*means, [](double mean) { return mean > 0; });
    });
    return isAny ? QString() : tr("No replica %1. One starts with the first request.").arg(betweenText(data.span, false));
}

void ReplicaChart::plot(const AnalyticsData& data)
{
    QVector<QVector<double>> values;
    for (const StateName& name : replicaStates()) {
        QVector<double>& part = values.emplace_back(static_cast<int>(data.series.size()));
        if (!data.replicas)
            continue;
        const auto state = std::ranges::find(data.replicas->states, name.state);
        if (state == data.replicas->states.end())
            continue;
        const auto place = static_cast<std::size_t>(state - data.replicas->states.begin());
        for (std::size_t column = 0; column < data.series.size(); ++column)
            part[static_cast<int>(column)] = data.replicas->means[column] ? (*data.replicas->means[column])[place] : 0;
    }
    setValues(data, values);
}

QString ReplicaChart::readout(const AnalyticsData& data, std::size_t column) const
{
    if (!data.replicas || !data.replicas->means[column])
        return tr("Not known");
    QStringList lines;
    for (std::size_t place = 0; place < data.replicas->states.size(); ++place) {
        const double mean = (*data.replicas->means[column])[place];
        const QVector<StateName> states = replicaStates();
        const auto name = std::ranges::find_if(states, [&](const StateName& state) { return data.replicas->states[place] == state.state; });
        if (mean > 0)
            lines += lineOf(name == states.end() ? qs(data.replicas->states[place]) : name->name, tr("%1 on average").arg(QLocale().toString(mean, 'g', 3)));
    }
    return lines.isEmpty() ? tr("No replica") : lines.join(QLatin1Char('\n'));
}

// Lines

LatencyChart::LatencyChart(const Theme& theme, RangeChoice& range)
    : Chart(theme, range)
{
    for (QCPGraph*& line : m_lines) {
        line = addGraph();
        line->setSelectable(QCP::stNone);
    }
    yAxis->setTicker(QSharedPointer<DurationTicker>::create());
    yAxis->ticker()->setTickCount(4);
}

QString LatencyChart::emptyReason(const AnalyticsData& data) const
{
    const OutcomeCounts& counts = data.all.counts;
    if (counts.success > 0)
        return {};
    return counts.total() == 0 ? noneBetween(data)
                               : tr("None of %1 requests %2 succeeded; the time of successful ones is measured.").arg(formatCount(counts.total()), betweenText(data.span, false));
}

QVector<LegendEntry> LatencyChart::legendEntries() const
{
    QVector<LegendEntry> entries;
    for (std::size_t line = 0; line < kLines.size(); ++line)
        entries.push_back({kLineColors[line], QLatin1String(kLineNames[line])});
    return entries;
}

void LatencyChart::plot(const AnalyticsData& data)
{
    double most = 0;
    m_isSparse = data.series.size() <= kMostDots;
    for (std::size_t line = 0; line < kLines.size(); ++line) {
        QVector<double> keys, values;
        for (const AnalyticsColumn& column : data.series) {
            keys += secondsOf(column.start) + static_cast<double>(data.bucket.count()) / 2;
            values += column.counts.success > 0 ? column.latency.*kLines[line] : std::numeric_limits<double>::quiet_NaN();
            most = std::max(most, column.latency.*kLines[line]);
        }
        m_lines[line]->setData(keys, values, true);
    }
    yAxis->setRange(0, most > 0 ? most * kHeadroom : 1);
}

void LatencyChart::dress()
{
    for (std::size_t line = 0; line < kLines.size(); ++line) {
        const QColor color = theme().color(kLineColors[line]);
        m_lines[line]->setPen(QPen(color, 1.5));
        m_lines[line]->setScatterStyle(m_isSparse ? QCPScatterStyle(QCPScatterStyle::ssDisc, color, kDot) : QCPScatterStyle());
    }
}

QString LatencyChart::readout(const AnalyticsData& data, std::size_t column) const
{
    const AnalyticsColumn& found = data.series[column];
    if (found.counts.success == 0)
        return tr("No successful request");
    QStringList lines;
    for (std::size_t line = 0; line < kLines.size(); ++line)
        lines += lineOf(QLatin1String(kLineNames[line]), formatDuration(found.latency.*kLines[line]));
    return lines.join(QLatin1Char('\n'));
}

QueueChart::QueueChart(const Theme& theme, RangeChoice& range)
    : Chart(theme, range)
    , m_most(addGraph())
    , m_mean(addGraph())
{
    for (QCPGraph* const line : {m_most, m_mean}) {
        line->setLineStyle(QCPGraph::lsStepLeft);
        line->setSelectable(QCP::stNone);
        line->setAntialiased(false);
    }
    yAxis->setTicker(countTicker());
}

QString QueueChart::emptyReason(const AnalyticsData& data) const
{
    if (!data.queue)
        return tr("Not told by this host's version.");
    const bool isAny = std::ranges::any_of(data.queue->most, [](std::int64_t most) { return most > 0; });
    return isAny ? QString() : tr("No request waited %1.").arg(betweenText(data.span, false));
}

QVector<LegendEntry> QueueChart::legendEntries() const
{
    return {{ColorToken::Chart2, tr("Most at once")}, {ColorToken::Chart1, tr("Average")}};
}

void QueueChart::plot(const AnalyticsData& data)
{
    QVector<double> keys, most, mean;
    for (std::size_t column = 0; data.queue && column < data.series.size(); ++column) {
        keys += secondsOf(data.series[column].start);
        most += static_cast<double>(data.queue->most[column]);
        mean += data.queue->mean[column];
    }
    if (!keys.isEmpty()) { // the last column is as wide as the others
        keys += keys.back() + static_cast<double>(data.bucket.count());
        most += most.back();
        mean += mean.back();
    }
    m_most->setData(keys, most, true);
    m_mean->setData(keys, mean, true);
    yAxis->setRange(0, most.isEmpty() ? 1 : std::max(*std::ranges::max_element(most) * kHeadroom, 1.0));
}

void QueueChart::dress()
{
    QColor fill = theme().color(ColorToken::Chart2);
    m_most->setPen(QPen(fill, 1));
    fill.setAlpha(kFillAlpha);
    m_most->setBrush(fill);
    m_mean->setPen(QPen(theme().color(ColorToken::Chart1), 2));
}

QString QueueChart::readout(const AnalyticsData& data, std::size_t column) const
{
    if (!data.queue)
        return {};
    return tr("Most at once: %1\nAverage: %2").arg(formatCount(data.queue->most[column]), QLocale().toString(data.queue->mean[column], 'g', 3));
}

} // namespace tintype::ui
