// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/analytics_charts.h"

#include "ui/models/format.h"
#include "ui/views/analytics/chart_panel.h"
#include "ui/views/analytics/heat_chart.h"
#include "ui/views/analytics/series_charts.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QPainter>
#include <QToolButton>

namespace tintype::ui {
namespace {

/// What the colours of the heat map mean: from one request to those of the fullest cell.
class HeatScale : public QWidget {
public:
    HeatScale(const Theme& theme, const HeatChart& chart)
        : m_theme(theme)
        , m_chart(chart)
    {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        setToolTip(HeatChart::tr("Requests in a cell"));
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
        connect(&chart, &HeatChart::mostChanged, this, [this] {
            updateGeometry();
            update();
        });
    }

    QSize sizeHint() const override
    {
        const QFontMetrics metrics(m_theme.font(TextStyle::Caption));
        return {metrics.horizontalAdvance(QStringLiteral("1") + mostText()) + kBar + 2 * Theme::space(1), metrics.height()};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setFont(m_theme.font(TextStyle::Caption));
        painter.setPen(m_theme.color(ColorToken::TextMuted));
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("1"));
        painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, mostText());
        const int left = painter.fontMetrics().horizontalAdvance(QLatin1Char('1')) + Theme::space(1);
        QLinearGradient gradient(left, 0, left + kBar, 0);
        gradient.setColorAt(0, m_theme.color(ColorToken::HeatLow));
        gradient.setColorAt(1, m_theme.color(ColorToken::HeatHigh));
        painter.fillRect(QRect(left, (height() - Theme::space(2)) / 2, kBar, Theme::space(2)), gradient);
    }

private:
    static constexpr int kBar = Theme::space(20);

    QString mostText() const { return formatCount(std::max<std::int64_t>(m_chart.most(), 2)); }

    const Theme& m_theme;
    const HeatChart& m_chart;
};

} // namespace

AnalyticsCharts::AnalyticsCharts(const Theme& theme, RangeChoice& range, QWidget* parent)
    : QWidget(parent)
    , m_heat(new HeatChart(theme, range))
{
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(Theme::space(3));
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    const auto add = [&](const QString& title, Chart* chart, int row, int column, int columns = 1) {
        auto* const panel = new ChartPanel(theme, title, chart);
        grid->addWidget(panel, row, column, 1, columns);
        m_panels += panel;
        return panel;
    };
    add(tr("Requests by outcome"), new OutcomeChart(theme, range), 0, 0);
    add(tr("Total time of successful requests"), new LatencyChart(theme, range), 0, 1);
    ChartPanel* const heat = add(tr("Total time, how many took how long"), m_heat, 1, 0, 2);
    add(tr("Replicas by state, average"), new ReplicaChart(theme, range), 2, 0);
    add(tr("Requests in the queue"), new QueueChart(theme, range), 2, 1);
    heat->addTool(new HeatScale(theme, *m_heat));
    heat->addTool(makeStartsSwitch(*heat));
    connect(m_heat, &HeatChart::cellChosen, this, &AnalyticsCharts::cellChosen);
}

QWidget* AnalyticsCharts::makeStartsSwitch(ChartPanel& panel)
{
    auto* const box = new QWidget;
    auto* const row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* const group = new QButtonGroup(box);
    const auto add = [&](const QString& text, const QString& tip, HeatChart::Starts starts) {
        auto* const button = new QToolButton;
        button->setText(text);
        button->setToolTip(tip);
        button->setCheckable(true);
        button->setChecked(starts == m_heat->starts());
        button->setFocusPolicy(Qt::StrongFocus);
        group->addButton(button);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, starts, &panel] {
            m_heat->setStarts(starts);
            panel.refresh();
        });
    };
    add(tr("All"), tr("All successful requests"), HeatChart::Starts::All);
    add(tr("Cold"), tr("Those that waited for a replica to start"), HeatChart::Starts::Cold);
    add(tr("Warm"), tr("Those that found a replica ready"), HeatChart::Starts::Warm);
    return box;
}

void AnalyticsCharts::showData(const std::shared_ptr<const AnalyticsData>& data)
{
    for (ChartPanel* const panel : m_panels)
        panel->showData(data);
}

void AnalyticsCharts::showNothing(const QString& sentence)
{
    for (ChartPanel* const panel : m_panels)
        panel->showNothing(sentence);
}

} // namespace tintype::ui
