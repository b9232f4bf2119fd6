// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/heat_chart.h"

#include "ui/models/format.h"

#include <algorithm>
#include <cmath>

namespace tintype::ui {

QString heatRowText(const HeatMap& heat, std::size_t row)
{
    if (heat.bounds.empty())
        return {};
    if (row == 0)
        return HeatChart::tr("up to %1").arg(axisDuration(heat.bounds.front()));
    return row < heat.bounds.size() ? axisDuration(heat.bounds[row - 1]) + QStringLiteral(" – ") + axisDuration(heat.bounds[row])
                                    : HeatChart::tr("over %1").arg(axisDuration(heat.bounds.back()));
}

HeatChart::HeatChart(const Theme& theme, RangeChoice& range)
    : Chart(theme, range)
    , m_map(new QCPColorMap(xAxis, yAxis))
{
    m_map->setInterpolate(false);
    m_map->setTightBoundary(false);
    m_map->setSelectable(QCP::stNone);
    m_map->setAntialiased(false);
    m_map->setDataScaleType(QCPAxis::stLogarithmic);
    setCursor(Qt::PointingHandCursor);
}

void HeatChart::setStarts(Starts starts)
{
    if (starts == m_starts)
        return;
    m_starts = starts;
    if (!data())
        return;
    plot(*data());
    replotSoon();
}

const HeatCounts* HeatChart::counts(const AnalyticsData& data) const
{
    const auto told = [](const std::optional<HeatCounts>& counts) { return counts ? &*counts : nullptr; };
    return m_starts == Starts::All ? &data.heat.all : told(m_starts == Starts::Cold ? data.heat.cold : data.heat.warm);
}

QString HeatChart::emptyReason(const AnalyticsData& data) const
{
    const HeatCounts* const cells = counts(data);
    if (!cells)
        return tr("Cold and warm starts are not told apart by this host's version.");
    const bool isAny = std::ranges::any_of(*cells, [](const auto& column) { return std::ranges::any_of(column, [](auto count) { return count > 0; }); });
    if (isAny)
        return {};
    const QString when = betweenText(data.span, false);
    if (data.all.counts.total() == 0)
        return tr("No requests %1.").arg(when);
    return m_starts == Starts::Cold ? tr("No request %1 had to wait for a replica to start.").arg(when)
        : m_starts == Starts::Warm  ? tr("Each request %1 had to wait for a replica to start.").arg(when)
                                    : tr("No request %1 succeeded; the time of successful ones is measured.").arg(when);
}

void HeatChart::labelRows(const HeatMap& heat)
{
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (std::size_t row = 0; row < heat.bounds.size(); ++row) {
        if (row % 2 == 1)
            ticker->addTick(static_cast<double>(row) + 1, axisDuration(heat.bounds[row]));
    }
    yAxis->setTicker(ticker);
    yAxis->setRange(0, static_cast<double>(heat.bounds.size()) + 1);
}

void HeatChart::plot(const AnalyticsData& data)
{
    const HeatCounts* const cells = counts(data);
    const std::size_t rows = data.heat.bounds.size() + 1;
    const std::size_t columns = cells ? cells->size() : 0;
    labelRows(data.heat);
    m_most = 0;
    m_map->data()->clear();
    if (columns > 0) {
        const double width = static_cast<double>(data.bucket.count());
        const double first = secondsOf(data.series.front().start) + width / 2;
        const auto shownColumns = static_cast<int>(std::max<std::size_t>(columns, 2)); // a map of one column has no width
        const auto shownRows = static_cast<int>(std::max<std::size_t>(rows, 2));
        auto* const map = new QCPColorMapData(shownColumns, shownRows, {first, first + (shownColumns - 1) * width}, {0.5, shownRows - 0.5});
        map->fillAlpha(0);
        for (std::size_t column = 0; column < columns; ++column) {
            for (std::size_t row = 0; row < rows; ++row) {
                const std::int64_t count = (*cells)[column][row];
                m_most = std::max(m_most, count);
                if (count == 0)
                    continue;
                map->setCell(static_cast<int>(column), static_cast<int>(row), static_cast<double>(count));
                map->setAlpha(static_cast<int>(column), static_cast<int>(row), 255);
            }
        }
        m_map->setData(map);
    }
    m_map->setDataRange({1, std::max(static_cast<double>(m_most), 2.0)});
    Q_EMIT mostChanged();
}

void HeatChart::dress()
{
    QCPColorGradient gradient;
    gradient.setColorInterpolation(QCPColorGradient::ciRGB);
    gradient.setColorStopAt(0, theme().color(ColorToken::HeatLow));
    gradient.setColorStopAt(1, theme().color(ColorToken::HeatHigh));
    m_map->setGradient(gradient);
    axisRect()->setBackground(theme().color(ColorToken::Sunken));
}

QString HeatChart::readout(const AnalyticsData& data, std::size_t column) const
{
    const double value = yAxis->pixelToCoord(mapFromGlobal(QCursor::pos()).y());
    const auto row = static_cast<std::size_t>(std::clamp(value, 0.0, static_cast<double>(data.heat.bounds.size())));
    const HeatCounts* const cells = counts(data);
    if (!cells || column >= cells->size())
        return {};
    QString text = tr("%1: %2 requests").arg(heatRowText(data.heat, row), formatCount((*cells)[column][row]));
    if (m_starts == Starts::All && data.heat.cold)
        text += tr("\ncold: %1, warm: %2").arg(formatCount((*data.heat.cold)[column][row]), formatCount((*data.heat.warm)[column][row]));
    return text;
}

void HeatChart::choose(const AnalyticsData& data, std::size_t column, double value)
{
    const HeatCounts* const cells = counts(data);
    const auto row = static_cast<std::size_t>(std::clamp(value, 0.0, static_cast<double>(data.heat.bounds.size())));
    if (cells && column < cells->size() && (*cells)[column][row] > 0)
        Q_EMIT cellChosen(column, row);
}

} // namespace tintype::ui
