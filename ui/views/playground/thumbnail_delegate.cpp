// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/thumbnail_delegate.h"

#include "ui/models/format.h"
#include "ui/models/history.h"
#include "ui/theme/theme.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>

namespace tintype::ui {
namespace {

constexpr int kSideSteps = 22; ///< of the picture
constexpr int kEdgeSteps = 1;
constexpr int kMarkSteps = 5;

} // namespace

ThumbnailDelegate::ThumbnailDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

QSize ThumbnailDelegate::tileSize() const
{
    const int side = Theme::space(kSideSteps + 2 * kEdgeSteps);
    return {side, side + QFontMetrics(m_theme.font(TextStyle::Caption)).height() + Theme::space(kEdgeSteps)};
}

QSize ThumbnailDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return tileSize();
}

void ThumbnailDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect tile = option.rect.adjusted(1, 1, -1, -1);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    if (isSelected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.color(isSelected ? ColorToken::Selection : ColorToken::Hover));
        painter->drawRoundedRect(tile, m_theme.radius(), m_theme.radius());
    }
    const int edge = Theme::space(kEdgeSteps);
    const QRect frame(option.rect.x() + edge, option.rect.y() + edge, Theme::space(kSideSteps), Theme::space(kSideSteps));
    paintPicture(*painter, frame, index);
    paintMarks(*painter, frame, index);

    const QString seed = index.data(History::SeedRole).toString();
    const QString seconds = formatDuration(index.data(History::SecondsRole).toDouble());
    const QString& caption = seed.isEmpty() ? seconds : seed; // room for one; the tip has both
    painter->setFont(m_theme.font(TextStyle::Caption));
    painter->setPen(m_theme.color(isSelected ? ColorToken::OnSelection : ColorToken::TextMuted));
    const QRect line(frame.left(), frame.bottom() + 1, frame.width(), option.rect.bottom() - frame.bottom());
    painter->drawText(line, Qt::AlignCenter, painter->fontMetrics().elidedText(caption, Qt::ElideMiddle, line.width()));
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(m_theme.color(ColorToken::Focus), 2));
        painter->drawRoundedRect(tile, m_theme.radius(), m_theme.radius());
    }
    painter->restore();
}

void ThumbnailDelegate::paintPicture(QPainter& painter, const QRect& frame, const QModelIndex& index) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(ColorToken::Sunken));
    painter.drawRoundedRect(frame, m_theme.radius(), m_theme.radius());
    const QImage image = index.data(Qt::DecorationRole).value<QImage>();
    if (image.isNull()) {
        const bool hasFailed = !index.data(History::ErrorRole).toString().isEmpty();
        const int side = Theme::space(kMarkSteps);
        const QRect place(frame.center() - QPoint(side / 2, side / 2), QSize(side, side));
        m_theme.icon(hasFailed ? QStringLiteral("dialog-error") : QStringLiteral("image-x-generic"),
                   hasFailed ? ColorToken::Error : ColorToken::TextDisabled).paint(&painter, place);
        return;
    }
    QRect place(QPoint(), image.size().scaled(frame.size(), Qt::KeepAspectRatio));
    place.moveCenter(frame.center());
    QPainterPath corners;
    corners.addRoundedRect(frame, m_theme.radius(), m_theme.radius());
    painter.save();
    painter.setClipPath(corners, Qt::IntersectClip);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(place, image);
    painter.restore();
}

void ThumbnailDelegate::paintMarks(QPainter& painter, const QRect& frame, const QModelIndex& index) const
{
    const int side = Theme::space(kMarkSteps);
    const auto ground = [&](const QRect& place) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(ColorToken::Raised));
        painter.drawRoundedRect(place, m_theme.radius(), m_theme.radius());
    };
    if (index.data(History::PinnedRole).toBool()) {
        const QRect place(frame.right() - side - 1, frame.top() + 3, side, side);
        ground(place);
        m_theme.icon(QStringLiteral("pin"), ColorToken::AccentText).paint(&painter, place.adjusted(2, 2, -2, -2));
    }
    const int count = index.data(History::CountRole).toInt();
    if (count > 1) {
        painter.setFont(m_theme.font(TextStyle::Caption));
        const QString number = QStringLiteral("× %1").arg(count);
        const QRect place(frame.left() + 3, frame.top() + 3, painter.fontMetrics().horizontalAdvance(number) + Theme::space(2), side);
        ground(place);
        painter.setPen(m_theme.color(ColorToken::Text));
        painter.drawText(place, Qt::AlignCenter, number);
    }
}

} // namespace tintype::ui
