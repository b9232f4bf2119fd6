// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/picture_view.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr double kLeastZoom = 0.01;
constexpr double kMostZoom = 64;
constexpr double kZoomOfNotch = 1.25;
constexpr double kNotch = 120; ///< angle of one notch of a wheel, in eighths of a degree
constexpr double kArrowShare = 0.1; ///< of the widget that an arrow key pans

/// The level that has at least as many pixels as are drawn.
const QImage& levelFor(const Picture& picture, double deviceWidth)
{
    qsizetype chosen = 0;
    while (chosen + 1 < picture.levels.size() && picture.levels[chosen + 1].width() >= deviceWidth)
        ++chosen;
    return picture.levels[chosen];
}

/// Whole pixels of `image` that show up within `clip` when it is drawn into `target`.
QRect visiblePixels(const QImage& image, const QRectF& target, const QRectF& clip)
{
    const QRectF seen = target.intersected(clip);
    const double across = image.width() / target.width();
    const double down = image.height() / target.height();
    const QRectF source((seen.x() - target.x()) * across, (seen.y() - target.y()) * down, seen.width() * across, seen.height() * down);
    return source.toAlignedRect().adjusted(-1, -1, 1, 1).intersected(image.rect());
}

} // namespace

PictureView::PictureView(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Picture"));
    setMinimumSize(Theme::space(24), Theme::space(24));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PictureView::setPicture(const Picture& picture)
{
    const bool isSameSize = picture.size == m_picture.size;
    m_picture = picture;
    if (!isSameSize)
        m_place = {};
    updateCursor();
    update();
}

double PictureView::fittingZoom() const
{
    if (m_picture.isNull() || m_picture.size.isEmpty())
        return 1;
    const QSizeF room = QSizeF(size()) * devicePixelRatioF();
    const double zoom = std::min(room.width() / m_picture.size.width(), room.height() / m_picture.size.height());
    return std::clamp(zoom >= 1 ? std::floor(zoom) : zoom, kLeastZoom, kMostZoom);
}

double PictureView::zoom() const
{
    return m_place.fits ? fittingZoom() : m_place.zoom;
}

QRectF PictureView::pictureRect() const
{
    const QSizeF shown = QSizeF(m_picture.size) * (zoom() / devicePixelRatioF());
    const QPointF centre = m_place.fits ? QPointF(0.5, 0.5) : m_place.centre;
    QPointF corner(width() / 2.0 - centre.x() * shown.width(), height() / 2.0 - centre.y() * shown.height());
    const double ratio = devicePixelRatioF();
    corner = {std::round(corner.x() * ratio) / ratio, std::round(corner.y() * ratio) / ratio}; // pixels fall on pixels
    return {corner, shown};
}

void PictureView::setPlace(const Place& place)
{
    m_place = place;
    m_place.zoom = std::clamp(place.zoom, kLeastZoom, kMostZoom);
    updateCursor();
    update();
}

void PictureView::movePlace(const Place& place)
{
    setPlace(place);
    Q_EMIT placeChanged();
}

void PictureView::zoomBy(double factor, const QPointF& at)
{
    if (m_picture.isNull())
        return;
    const QRectF before = pictureRect();
    Place place{false, std::clamp(zoom() * factor, kLeastZoom, kMostZoom), m_place.centre};
    const QPointF point((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height());
    const QSizeF shown = QSizeF(m_picture.size) * (place.zoom / devicePixelRatioF());
    place.centre = {std::clamp(point.x() + (width() / 2.0 - at.x()) / shown.width(), 0.0, 1.0),
        std::clamp(point.y() + (height() / 2.0 - at.y()) / shown.height(), 0.0, 1.0)};
    movePlace(place);
}

void PictureView::fit()
{
    movePlace({});
}

void PictureView::showActualSize()
{
    movePlace({false, 1, m_place.fits ? QPointF(0.5, 0.5) : m_place.centre});
}

void PictureView::zoomIn()
{
    zoomBy(kZoomOfNotch, QRectF(rect()).center());
}

void PictureView::zoomOut()
{
    zoomBy(1 / kZoomOfNotch, QRectF(rect()).center());
}

void PictureView::draw(QPainter& painter, const Picture& picture, const QRectF& target)
{
    if (picture.isNull() || target.isEmpty())
        return;
    const double deviceWidth = target.width() * painter.device()->devicePixelRatioF();
    const QImage& level = levelFor(picture, deviceWidth);
    const QRectF clip = painter.hasClipping() ? painter.clipBoundingRect() : QRectF(painter.window());
    const QRect source = visiblePixels(level, target, clip);
    if (source.isEmpty())
        return;
    const double across = target.width() / level.width();
    const double down = target.height() / level.height();
    const QRectF drawn(target.x() + source.x() * across, target.y() + source.y() * down, source.width() * across, source.height() * down);
    const bool isSharp = !picture.isReduced() && deviceWidth >= picture.size.width();
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, !isSharp);
    painter.drawImage(drawn, level, source);
    painter.restore();
}

void PictureView::paintPicture(QPainter& painter, const QRectF& target)
{
    draw(painter, m_picture, target);
}

QSize PictureView::sizeHint() const
{
    return {Theme::space(120), Theme::space(120)};
}

void PictureView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(ColorToken::Sunken));
    if (!m_picture.isNull()) {
        painter.setClipRect(rect());
        paintPicture(painter, pictureRect());
        painter.setClipping(false);
    }
    if (hasFocus()) {
        painter.setPen(m_theme.color(ColorToken::Focus));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void PictureView::wheelEvent(QWheelEvent* event)
{
    const double notches = event->angleDelta().y() / kNotch;
    if (notches != 0)
        zoomBy(std::pow(kZoomOfNotch, notches), event->position());
    event->accept();
}

void PictureView::mousePressEvent(QMouseEvent* event)
{
    const bool isLeft = event->button() == Qt::LeftButton;
    if (m_picture.isNull() || (!isLeft && event->button() != Qt::MiddleButton))
        return QWidget::mousePressEvent(event);
    m_pressedAt = m_lastAt = event->position();
    const QRectF picture = pictureRect();
    const bool isWhole = picture.width() <= width() + 1 && picture.height() <= height() + 1;
    m_mayDragOut = isLeft && isWhole && picture.contains(event->position());
    m_pans = !isWhole;
    updateCursor();
}

void PictureView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_mayDragOut && (event->position() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
        m_mayDragOut = false;
        Q_EMIT dragOutWanted();
        return;
    }
    if (!m_pans)
        return;
    const QPointF moved = event->position() - m_lastAt;
    m_lastAt = event->position();
    const QRectF picture = pictureRect();
    Place place{false, zoom(), m_place.centre};
    place.centre = {std::clamp(place.centre.x() - moved.x() / picture.width(), 0.0, 1.0),
        std::clamp(place.centre.y() - moved.y() / picture.height(), 0.0, 1.0)};
    movePlace(place);
}

void PictureView::mouseReleaseEvent(QMouseEvent*)
{
    m_pans = m_mayDragOut = false;
    updateCursor();
}

void PictureView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_picture.isNull())
        return;
    if (m_place.fits)
        zoomBy(1 / zoom(), event->position());
    else
        fit();
}

void PictureView::keyPressEvent(QKeyEvent* event)
{
    const auto pan = [this](double across, double down) {
        const QRectF picture = pictureRect();
        movePlace({false, zoom(), {std::clamp(m_place.centre.x() + across * width() / picture.width(), 0.0, 1.0),
                                      std::clamp(m_place.centre.y() + down * height() / picture.height(), 0.0, 1.0)}});
    };
    const bool canPan = !m_picture.isNull() && !m_place.fits;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomIn();
    case Qt::Key_Minus: return zoomOut();
    case Qt::Key_0: return fit();
    case Qt::Key_1: return showActualSize();
    case Qt::Key_Left: return canPan ? pan(-kArrowShare, 0) : QWidget::keyPressEvent(event);
    case Qt::Key_Right: return canPan ? pan(kArrowShare, 0) : QWidget::keyPressEvent(event);
    case Qt::Key_Up: return canPan ? pan(0, -kArrowShare) : QWidget::keyPressEvent(event);
    case Qt::Key_Down: return canPan ? pan(0, kArrowShare) : QWidget::keyPressEvent(event);
    default: QWidget::keyPressEvent(event);
    }
}

void PictureView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    updateCursor();
    if (m_place.fits)
        Q_EMIT placeChanged(); // another zoom
}

void PictureView::updateCursor()
{
    const QRectF picture = pictureRect();
    const bool canPan = !m_picture.isNull() && (picture.width() > width() + 1 || picture.height() > height() + 1);
    setCursor(m_pans ? Qt::ClosedHandCursor : canPan ? Qt::OpenHandCursor : Qt::ArrowCursor);
}

} // namespace tintype::ui
