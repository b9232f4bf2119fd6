// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_data.h"

#include <QVector>
#include <QWidget>
#include <memory>

namespace tintype::ui {

class ChartPanel;
class HeatChart;
class Theme;

/// All charts over one time.
class AnalyticsCharts : public QWidget {
    Q_OBJECT

public:
    AnalyticsCharts(const Theme& theme, RangeChoice& range, QWidget* parent = nullptr);

    void showData(const std::shared_ptr<const AnalyticsData>& data);
    void showNothing(const QString& sentence);

    const QVector<ChartPanel*>& panels() const { return m_panels; } ///< outcomes, latency, heat map, replicas, queue
    HeatChart* heat() const { return m_heat; }

Q_SIGNALS:
    void cellChosen(std::size_t column, std::size_t row); ///< of the heat map

private:
    QWidget* makeStartsSwitch(ChartPanel& panel);

    HeatChart* m_heat;
    QVector<ChartPanel*> m_panels;
};

} // namespace tintype::ui
