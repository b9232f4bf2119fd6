// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/memory_gauge.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <array>

namespace tintype::ui {
namespace {

constexpr std::array kPartColors{ColorToken::Chart1, ColorToken::Chart2, ColorToken::Chart3, ColorToken::Chart4, ColorToken::Chart5};
constexpr int kBarSteps = 24; ///< width of the bar
constexpr int kBarHeightSteps = 2;

} // namespace

MemoryGauge::MemoryGauge(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MemoryGauge::setMemory(std::uint64_t total, QVector<Part> parts)
{
    if (total == m_total && parts == m_parts)
        return;
    m_total = total;
    m_parts = std::move(parts);
    m_used = 0;
    QString tip = tr("Memory of replicas");
    for (const Part& part : std::as_const(m_parts)) {
        m_used += part.bytes;
        tip += QStringLiteral("\n%1  %2").arg(part.app, formatBytes(part.bytes));
    }
    setToolTip(m_parts.isEmpty() ? tr("No app holds memory") : tip);
    setAccessibleName(text());
    updateGeometry();
    update();
}

QString MemoryGauge::text() const
{
    return m_total == 0 ? formatBytes(m_used) : tr("%1 of %2").arg(formatBytes(m_used), formatBytes(m_total));
}

QSize MemoryGauge::sizeHint() const
{
    const QFontMetrics metrics(m_theme.font(TextStyle::Caption));
    return {Theme::space(kBarSteps + 3) + metrics.horizontalAdvance(text()), metrics.height() + Theme::space(1)};
}

void MemoryGauge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int height = Theme::space(kBarHeightSteps);
    const QRectF bar(0, (this->height() - height) / 2.0, Theme::space(kBarSteps), height);
    QPainterPath outline;
    outline.addRoundedRect(bar, height / 2.0, height / 2.0);
    painter.fillPath(outline, m_theme.color(ColorToken::Border));
    painter.setClipPath(outline);
    const double whole = static_cast<double>(m_total > 0 ? m_total : std::max<std::uint64_t>(m_used, 1));
    double left = bar.left();
    for (qsizetype i = 0; i < m_parts.size(); ++i) {
        const double width = bar.width() * static_cast<double>(m_parts[i].bytes) / whole;
        painter.fillRect(QRectF(left, bar.top(), width, bar.height()), m_theme.color(kPartColors[static_cast<std::size_t>(i) % kPartColors.size()]));
        left += width;
    }
    painter.setClipping(false);
    painter.setFont(m_theme.font(TextStyle::Caption));
    painter.setPen(m_theme.color(ColorToken::TextMuted));
    painter.drawText(rect().adjusted(Theme::space(kBarSteps + 2), 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
}

} // namespace tintype::ui
