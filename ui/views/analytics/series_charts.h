// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/analytics/chart.h"

#include <array>

// Charts over the columns of the series.

namespace tintype::ui {

/// Bars that stand on one another, one colour each.
class StackedBars : public Chart {
public:
    StackedBars(const Theme& theme, RangeChoice& range, QVector<LegendEntry> parts);

    QVector<LegendEntry> legendEntries() const override { return m_parts; }

protected:
    void dress() override;

    /// @param values by part, then by column
    void setValues(const AnalyticsData& data, const QVector<QVector<double>>& values);

private:
    const QVector<LegendEntry> m_parts;
    QVector<QCPBars*> m_bars;
};

class OutcomeChart final : public StackedBars {
    Q_OBJECT

public:
    OutcomeChart(const Theme& theme, RangeChoice& range);

    QString emptyReason(const AnalyticsData& data) const override;

protected:
    void plot(const AnalyticsData& data) override;
    QString readout(const AnalyticsData& data, std::size_t column) const override;
};

/// Replicas by state, averaged over each column.
class ReplicaChart final : public StackedBars {
    Q_OBJECT

public:
    ReplicaChart(const Theme& theme, RangeChoice& range);

    QString emptyReason(const AnalyticsData& data) const override;

protected:
    void plot(const AnalyticsData& data) override;
    QString readout(const AnalyticsData& data, std::size_t column) const override;
};

/// Latency of successful requests.
class LatencyChart final : public Chart {
    Q_OBJECT

public:
    LatencyChart(const Theme& theme, RangeChoice& range);

    QString emptyReason(const AnalyticsData& data) const override;
    QVector<LegendEntry> legendEntries() const override;

protected:
    void plot(const AnalyticsData& data) override;
    void dress() override;
    QString readout(const AnalyticsData& data, std::size_t column) const override;

private:
    std::array<QCPGraph*, 4> m_lines; ///< p50, p90, p95, p99
    bool m_isSparse = true;           ///< dots show columns that stand alone
};

/// Requests that waited.
class QueueChart final : public Chart {
    Q_OBJECT

public:
    QueueChart(const Theme& theme, RangeChoice& range);

    QString emptyReason(const AnalyticsData& data) const override;
    QVector<LegendEntry> legendEntries() const override;

protected:
    void plot(const AnalyticsData& data) override;
    void dress() override;
    QString readout(const AnalyticsData& data, std::size_t column) const override;

private:
    QCPGraph* m_most;
    QCPGraph* m_mean;
};

} // namespace tintype::ui
