// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/analytics/chart.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QStackedLayout;

namespace tintype::ui {

/// A chart under its title and legend. Where there is nothing to draw it says why.
class ChartPanel : public QFrame {
    Q_OBJECT

public:
    ChartPanel(const Theme& theme, const QString& title, Chart* chart, QWidget* parent = nullptr);

    void addTool(QWidget* tool); ///< at the right of the title
    void showData(const std::shared_ptr<const AnalyticsData>& data);
    void showNothing(const QString& sentence); ///< while there are no data
    void refresh();                            ///< the chart shows something else of its data

    Chart* chart() const { return m_chart; }
    QString sentence() const; ///< what stands in the chart's place; empty = the chart does

private:
    void say(const QString& sentence);

    Chart* m_chart;
    std::shared_ptr<const AnalyticsData> m_data;
    QHBoxLayout* m_head;
    QStackedLayout* m_stack;
    QLabel* m_sentence;
};

} // namespace tintype::ui
