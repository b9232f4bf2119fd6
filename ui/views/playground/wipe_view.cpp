// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/wipe_view.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr double kGrip = 8;       ///< px on either side of the line
constexpr double kKeyStep = 0.02; ///< of the width
constexpr int kKnobSteps = 6;

} // namespace

WipeView::WipeView(const Theme& theme, QWidget* parent)
    : PictureView(theme, parent)
    , m_theme(theme)
{
    setMouseTracking(true);
    setAccessibleName(tr("Comparison of two pictures with a line between them"));
}

void WipeView::setPictures(const Picture& first, const Picture& second)
{
    m_second = second;
    setPicture(first);
    update();
}

void WipeView::setSplit(double split)
{
    m_split = std::clamp(split, 0.0, 1.0);
    update();
}

void WipeView::paintPicture(QPainter& painter, const QRectF& target)
{
    const double line = std::round(m_split * width());
    painter.save();
    painter.setClipRect(QRectF(0, 0, line, height()), Qt::IntersectClip);
    draw(painter, picture(), target);
    painter.restore();
    painter.save();
    painter.setClipRect(QRectF(line, 0, width() - line, height()), Qt::IntersectClip);
    draw(painter, m_second, target);
    painter.restore();

    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.color(ColorToken::Accent), 2));
    painter.drawLine(QPointF(line, 0), QPointF(line, height()));
    const double knob = Theme::space(kKnobSteps);
    const QRectF circle(line - knob / 2, height() / 2.0 - knob / 2, knob, knob);
    painter.setBrush(m_theme.color(ColorToken::Raised));
    painter.drawEllipse(circle);
    m_theme.icon(QStringLiteral("object-columns"), ColorToken::AccentText).paint(&painter, circle.toRect().adjusted(5, 5, -5, -5));
    paintLabel(painter, tr("A"), Qt::AlignLeft);
    paintLabel(painter, tr("B"), Qt::AlignRight);
}

void WipeView::paintLabel(QPainter& painter, const QString& text, Qt::Alignment side) const
{
    const int edge = Theme::space(2);
    const int size = Theme::space(kKnobSteps);
    const QRect place(side == Qt::AlignLeft ? edge : width() - edge - size, edge, size, size);
    painter.setPen(m_theme.color(ColorToken::Border));
    painter.setBrush(m_theme.color(ColorToken::Raised));
    painter.drawRoundedRect(place, m_theme.radius(), m_theme.radius());
    painter.setFont(m_theme.font(TextStyle::BodyStrong));
    painter.setPen(m_theme.color(ColorToken::Text));
    painter.drawText(place, Qt::AlignCenter, text);
}

bool WipeView::isAtLine(const QPointF& place) const
{
    return !picture().isNull() && std::abs(place.x() - m_split * width()) <= kGrip;
}

void WipeView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && isAtLine(event->position()))
        m_drags = true;
    else
        PictureView::mousePressEvent(event);
}

void WipeView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drags) {
        setSplit(event->position().x() / std::max(1, width()));
        return;
    }
    PictureView::mouseMoveEvent(event);
    if (event->buttons() == Qt::NoButton)
        setCursor(isAtLine(event->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
}

void WipeView::mouseReleaseEvent(QMouseEvent* event)
{
    if (!std::exchange(m_drags, false))
        PictureView::mouseReleaseEvent(event);
}

void WipeView::keyPressEvent(QKeyEvent* event)
{
    const bool isControl = event->modifiers().testFlag(Qt::ControlModifier);
    if (isControl && event->key() == Qt::Key_Left)
        setSplit(m_split - kKeyStep);
    else if (isControl && event->key() == Qt::Key_Right)
        setSplit(m_split + kKeyStep);
    else
        PictureView::keyPressEvent(event);
}

} // namespace tintype::ui
