// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_data.h"
#include "ui/theme/theme.h"
#include "ui/views/analytics/plot.h"

#include <memory>
#include <vector>

class QRubberBand;

namespace tintype::ui {

/// What a chart's legend names.
struct LegendEntry {
    ColorToken color;
    QString name;
};

/// "200 ms", "2 s", "1.5 min": short, for an axis.
QString axisDuration(double seconds);

/// Labels durations on an axis.
class DurationTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
};

/// One chart over the time that all share: dragging over it chooses a part, the mouse shows the figures of a column, deployments stand
/// as dashed lines. Draws at most once a turn of the event loop.
class Chart : public QCustomPlot {
    Q_OBJECT

public:
    Chart(const Theme& theme, RangeChoice& range, QWidget* parent = nullptr);
    ~Chart() override;

    void setData(std::shared_ptr<const AnalyticsData> data); ///< not null

    /// Why there is nothing to see; empty = there is.
    virtual QString emptyReason(const AnalyticsData& data) const = 0;
    virtual QVector<LegendEntry> legendEntries() const = 0;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    virtual void plot(const AnalyticsData& data) = 0; ///< puts the data into the plottables, and sets the range of yAxis
    virtual void dress() = 0;                         ///< takes pens and brushes from the theme
    virtual QString readout(const AnalyticsData& data, std::size_t column) const = 0;

    /// The user has clicked, with no drag.
    virtual void choose(const AnalyticsData& data, std::size_t column, double value);

    const Theme& theme() const { return m_theme; }
    const AnalyticsData* data() const { return m_data.get(); }
    QString when(const AnalyticsData& data, std::size_t column) const; ///< "10:00 – 10:05"
    void replotSoon() { replot(rpQueuedReplot); }

    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void applyTheme();
    void applyClock();
    void placeMarks(const AnalyticsData& data);
    std::optional<std::size_t> columnAt(double x) const;
    QString markAt(double x) const;

    const Theme& m_theme;
    RangeChoice& m_range;
    std::shared_ptr<const AnalyticsData> m_data;
    QSharedPointer<QCPAxisTickerDateTime> m_ticker;
    std::vector<QCPItemStraightLine*> m_marks; ///< in the order of the data's deployments
    QRubberBand* m_band;
    std::optional<int> m_pressedAt; ///< x
};

double secondsOf(TimePoint time); ///< since 1970, as the charts' keys

} // namespace tintype::ui
