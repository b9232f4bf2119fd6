// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/analytics/chart.h"

namespace tintype::ui {

/// Successful requests by time and latency; the rows grow as the host says. A click opens the requests of a cell.
class HeatChart final : public Chart {
    Q_OBJECT

public:
    enum class Starts { All, Cold, Warm };

    HeatChart(const Theme& theme, RangeChoice& range);

    void setStarts(Starts starts);
    Starts starts() const { return m_starts; }
    std::int64_t most() const { return m_most; } ///< requests in the fullest cell

    QString emptyReason(const AnalyticsData& data) const override;
    QVector<LegendEntry> legendEntries() const override { return {}; }

Q_SIGNALS:
    /// @param row of the heat map
    void cellChosen(std::size_t column, std::size_t row);
    void mostChanged();

protected:
    void plot(const AnalyticsData& data) override;
    void dress() override;
    QString readout(const AnalyticsData& data, std::size_t column) const override;
    void choose(const AnalyticsData& data, std::size_t column, double value) override;

private:
    const HeatCounts* counts(const AnalyticsData& data) const; ///< null if the host does not tell them
    void labelRows(const HeatMap& heat);

    Starts m_starts = Starts::All;
    std::int64_t m_most = 0;
    QCPColorMap* m_map;
};

/// "0.5 s – 1 s", "over 300 s": what a row of the heat map holds.
QString heatRowText(const HeatMap& heat, std::size_t row);

} // namespace tintype::ui
