// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/timing_bar.h"

#include "ui/models/format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

namespace tintype::ui {
namespace {

constexpr int kBarHeight = 2; ///< steps of the grid
constexpr int kGap = 1;
constexpr int kMark = 2;
constexpr int kBetween = 3;
constexpr int kNarrowest = 40;

} // namespace

TimingBar::TimingBar(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFont(theme.font(TextStyle::Caption));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TimingBar::setTimings(const CallTimings& timings)
{
    m_parts.clear();
    m_sum = 0;
    const auto add = [this](const QString& name, ColorToken color, double seconds) {
        if (seconds <= 0)
            return;
        m_parts.append({name, color, seconds});
        m_sum += seconds;
    };
    add(tr("Queue"), ColorToken::Chart6, timings.queue);
    add(tr("Set-up"), ColorToken::Chart5, timings.setup);
    add(tr("Text"), ColorToken::Chart2, timings.text);
    add(tr("Denoise"), ColorToken::Chart1, timings.denoise);
    add(tr("Decode"), ColorToken::Chart3, timings.decode);
    add(tr("Encode"), ColorToken::Chart4, timings.encode);
    QStringList texts;
    for (const Part& part : std::as_const(m_parts))
        texts += partText(part);
    setAccessibleName(texts.join(QStringLiteral(", ")));
    update();
}

QString TimingBar::partText(const Part& part) const
{
    return tr("%1 %2").arg(part.name, formatDuration(part.seconds));
}

QSize TimingBar::sizeHint() const
{
    return {Theme::space(4 * kNarrowest), Theme::space(kBarHeight + kGap) + fontMetrics().height()};
}

QSize TimingBar::minimumSizeHint() const
{
    return {Theme::space(kNarrowest), sizeHint().height()};
}

void TimingBar::paintEvent(QPaintEvent*)
{
    if (m_sum <= 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath round;
    round.addRoundedRect(QRectF(0, 0, width(), Theme::space(kBarHeight)), Theme::space(1), Theme::space(1));
    painter.setClipPath(round);
    double left = 0;
    for (const Part& part : m_parts) {
        const double wide = part.seconds / m_sum * width();
        painter.fillRect(QRectF(left, 0, wide, Theme::space(kBarHeight)), m_theme.color(part.color));
        left += wide;
    }
    painter.setClipping(false);
    paintLegend(painter);
}

void TimingBar::paintLegend(QPainter& painter) const
{
    const int top = Theme::space(kBarHeight + kGap);
    const QFontMetrics metrics = painter.fontMetrics();
    int left = 0;
    for (const Part& part : m_parts) {
        const QString text = partText(part);
        const int wide = Theme::space(kMark) + Theme::space(1) + metrics.horizontalAdvance(text);
        if (left + wide > width())
            break; // hovering tells all
        const QRectF mark(left, top + (metrics.height() - Theme::space(kMark)) / 2.0, Theme::space(kMark), Theme::space(kMark));
        painter.fillRect(mark, m_theme.color(part.color));
        painter.setPen(m_theme.color(ColorToken::TextMuted));
        painter.drawText(left + Theme::space(kMark) + Theme::space(1), top + metrics.ascent(), text);
        left += wide + Theme::space(kBetween);
    }
}

bool TimingBar::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    QStringList lines;
    for (const Part& part : std::as_const(m_parts))
        lines += tr("%1: %2 (%3 %)").arg(part.name, formatDuration(part.seconds)).arg(part.seconds / m_sum * 100, 0, 'f', 1);
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), lines.join(u'\n'), this);
    return true;
}

} // namespace tintype::ui
