// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/chart_panel.h"

#include <QLabel>
#include <QPainter>
#include <QStackedLayout>

namespace tintype::ui {
namespace {

/// A coloured square before each name.
class Legend : public QWidget {
public:
    Legend(const Theme& theme, QVector<LegendEntry> entries)
        : m_theme(theme)
        , m_entries(std::move(entries))
    {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        connect(&theme, &Theme::changed, this, [this] {
            updateGeometry();
            update();
        });
    }

    QSize sizeHint() const override
    {
        int width = 0;
        const QFontMetrics metrics(m_theme.font(TextStyle::Caption));
        for (const LegendEntry& entry : m_entries)
            width += kSquare + Theme::space(1) + metrics.horizontalAdvance(entry.name) + Theme::space(3);
        return {width, metrics.height()};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setFont(m_theme.font(TextStyle::Caption));
        int x = 0;
        for (const LegendEntry& entry : m_entries) {
            painter.fillRect(QRect(x, (height() - kSquare) / 2, kSquare, kSquare), m_theme.color(entry.color));
            x += kSquare + Theme::space(1);
            painter.setPen(m_theme.color(ColorToken::TextMuted));
            painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::AlignLeft, entry.name);
            x += painter.fontMetrics().horizontalAdvance(entry.name) + Theme::space(3);
        }
    }

private:
    static constexpr int kSquare = Theme::space(2);

    const Theme& m_theme;
    const QVector<LegendEntry> m_entries;
};

} // namespace

ChartPanel::ChartPanel(const Theme& theme, const QString& title, Chart* chart, QWidget* parent)
    : QFrame(parent)
    , m_chart(chart)
    , m_head(new QHBoxLayout)
    , m_stack(new QStackedLayout)
    , m_sentence(new QLabel)
{
    setProperty("role", QStringLiteral("panel"));
    auto* const name = new QLabel(title);
    name->setFont(theme.font(TextStyle::BodyStrong));
    connect(&theme, &Theme::changed, name, [name, &theme] { name->setFont(theme.font(TextStyle::BodyStrong)); });
    m_head->setContentsMargins(Theme::space(3), 0, Theme::space(1), 0);
    m_head->setSpacing(Theme::space(3));
    m_head->addWidget(name);
    m_head->addStretch(1);
    if (!chart->legendEntries().isEmpty())
        m_head->addWidget(new Legend(theme, chart->legendEntries()));
    m_sentence->setProperty("role", QStringLiteral("muted"));
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setWordWrap(true);
    m_sentence->setContentsMargins(Theme::space(6), 0, Theme::space(6), Theme::space(6));
    m_stack->addWidget(m_sentence);
    m_stack->addWidget(chart);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(1), Theme::space(2), Theme::space(1), Theme::space(1));
    column->setSpacing(Theme::space(1));
    column->addLayout(m_head);
    column->addLayout(m_stack, 1);
    chart->setAccessibleName(title);
}

void ChartPanel::addTool(QWidget* tool) { m_head->addWidget(tool); }

void ChartPanel::showData(const std::shared_ptr<const AnalyticsData>& data)
{
    m_data = data;
    m_chart->setData(data);
    refresh();
}

void ChartPanel::refresh()
{
    if (m_data)
        say(m_chart->emptyReason(*m_data));
}

void ChartPanel::showNothing(const QString& sentence)
{
    m_data.reset();
    say(sentence);
}

QString ChartPanel::sentence() const { return m_stack->currentWidget() == m_sentence ? m_sentence->text() : QString(); }

void ChartPanel::say(const QString& sentence)
{
    m_sentence->setText(sentence);
    m_stack->setCurrentWidget(sentence.isEmpty() ? static_cast<QWidget*>(m_chart) : m_sentence);
}

} // namespace tintype::ui
