// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/timeline.h"

#include "ui/models/format.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr double kNarrowest = 2;     ///< pixels: what took any time is seen
constexpr double kSeparated = 5;     ///< bars at least this wide stand apart from the next
constexpr int kWidthHintSteps = 100;

} // namespace

ColorToken phaseColor(Phase phase)
{
    switch (phase) {
    case Phase::Queue: return ColorToken::Chart6;
    case Phase::Setup: return ColorToken::Chart2;
    case Phase::Text: return ColorToken::Chart3;
    case Phase::Denoise: return ColorToken::Chart1;
    case Phase::Decode: return ColorToken::Chart5;
    case Phase::Encode: return ColorToken::Chart4;
    case Phase::Rest: break;
    }
    return ColorToken::BorderStrong;
}

Timeline::Timeline(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Timeline::setPhases(const QVector<PhaseSpan>& phases, double totalSeconds)
{
    m_phases = phases;
    m_rows.clear();
    m_hovered = -1;
    m_total = totalSeconds;
    QStringList said;
    for (int index = 0; index < m_phases.size(); ++index) {
        const PhaseSpan& span = m_phases[index];
        m_total = std::max(m_total, span.start + span.seconds);
        if (m_rows.isEmpty() || m_rows.back().phase != span.phase)
            m_rows.push_back({span.phase, 0, {}});
        m_rows.back().seconds += span.seconds;
        m_rows.back().spans += index;
    }
    for (const Row& row : std::as_const(m_rows))
        said += phaseName(row.phase) + QLatin1Char(' ') + formatDuration(row.seconds);
    setAccessibleName(tr("Timeline: %1").arg(said.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

int Timeline::rowHeight() const { return fontMetrics().height() + Theme::space(1); }

int Timeline::nameWidth() const
{
    int width = 0;
    for (const Row& row : m_rows)
        width = std::max(width, fontMetrics().horizontalAdvance(phaseName(row.phase)));
    return width + Theme::space(3);
}

int Timeline::figureWidth() const
{
    int width = 0;
    for (const Row& row : m_rows)
        width = std::max(width, fontMetrics().horizontalAdvance(formatDuration(row.seconds)));
    return width + Theme::space(3);
}

QSize Timeline::sizeHint() const { return {Theme::space(kWidthHintSteps), static_cast<int>(m_rows.size()) * rowHeight()}; }
QSize Timeline::minimumSizeHint() const { return {Theme::space(kWidthHintSteps) / 2, sizeHint().height()}; }

QRectF Timeline::barOf(const PhaseSpan& span, int row) const
{
    const double room = width() - nameWidth() - figureWidth();
    if (room <= 0 || m_total <= 0)
        return {};
    const double left = nameWidth() + room * span.start / m_total;
    const double wide = std::max(room * span.seconds / m_total, kNarrowest);
    const double inset = Theme::space(1);
    return {std::min(left, nameWidth() + room - wide), row * rowHeight() + inset, wide, rowHeight() - 2 * inset};
}

void Timeline::paintRow(QPainter& painter, int row) const
{
    const Row& phase = m_rows[row];
    const QRect line(0, row * rowHeight(), width(), rowHeight());
    painter.setPen(m_theme.color(ColorToken::TextMuted));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, phaseName(phase.phase));
    painter.setPen(m_theme.color(ColorToken::Text));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, formatDuration(phase.seconds));
    painter.setPen(Qt::NoPen);
    for (const int index : phase.spans) {
        QRectF bar = barOf(m_phases[index], row);
        if (bar.width() >= kSeparated)
            bar.adjust(0, 0, -1, 0);
        const QColor color = m_theme.color(phaseColor(phase.phase));
        painter.fillRect(bar, index == m_hovered ? m_theme.color(ColorToken::Text) : color);
    }
}

void Timeline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    for (int row = 0; row < m_rows.size(); ++row) {
        painter.fillRect(QRect(nameWidth(), row * rowHeight() + rowHeight() / 2, width() - nameWidth() - figureWidth(), 1),
            m_theme.color(ColorToken::Border));
        paintRow(painter, row);
    }
}

QString Timeline::tipOf(const PhaseSpan& span) const
{
    const QString what = span.step > 0 ? tr("Step %1 of %2").arg(span.step).arg(span.steps) : phaseName(span.phase);
    const QString share = m_total > 0 ? QLocale().toString(100 * span.seconds / m_total, 'f', 1) : QStringLiteral("0");
    return tr("%1: %2, %3 % of the whole\nfrom %4 to %5").arg(what, formatDuration(span.seconds), share, formatDuration(span.start),
        formatDuration(span.start + span.seconds));
}

void Timeline::setHovered(int span)
{
    if (span == m_hovered)
        return;
    m_hovered = span;
    update();
}

void Timeline::mouseMoveEvent(QMouseEvent* event)
{
    const int row = static_cast<int>(event->position().y()) / rowHeight();
    if (row < 0 || row >= m_rows.size())
        return setHovered(-1);
    const QVector<int>& spans = m_rows[row].spans;
    const auto found = std::ranges::find_if(spans, [&](int index) {
        const QRectF bar = barOf(m_phases[index], row);
        return event->position().x() >= bar.left() - 1 && event->position().x() < bar.right() + 1;
    });
    // A phase of one stretch answers all along its row.
    const int span = found != spans.end() ? *found : spans.size() == 1 ? spans.front() : -1;
    setHovered(span);
    if (span >= 0)
        QToolTip::showText(event->globalPosition().toPoint(), tipOf(m_phases[span]), this);
    else
        QToolTip::hideText();
}

void Timeline::leaveEvent(QEvent* event)
{
    setHovered(-1);
    QWidget::leaveEvent(event);
}

} // namespace tintype::ui
