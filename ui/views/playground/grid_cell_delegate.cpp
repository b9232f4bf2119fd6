// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/grid_cell_delegate.h"

#include "ui/models/grid_model.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace tintype::ui {

GridCellDelegate::GridCellDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void GridCellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect frame = option.rect.adjusted(Theme::space(1) / 2, Theme::space(1) / 2, -Theme::space(1) / 2, -Theme::space(1) / 2);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.color(ColorToken::Sunken));
    painter->drawRoundedRect(frame, m_theme.radius(), m_theme.radius());
    const QImage image = index.data(Qt::DecorationRole).value<QImage>();
    if (image.isNull()) {
        paintState(*painter, frame, index);
    } else {
        QRect place(QPoint(), image.size().scaled(frame.size(), Qt::KeepAspectRatio));
        place.moveCenter(frame.center());
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        painter->drawImage(place, image);
    }
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const bool hasFocus = option.state.testFlag(QStyle::State_HasFocus);
    if (isSelected || hasFocus || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setBrush(Qt::NoBrush);
        const ColorToken token = isSelected ? ColorToken::Accent : hasFocus ? ColorToken::Focus : ColorToken::BorderStrong;
        painter->setPen(QPen(m_theme.color(token), 2));
        painter->drawRoundedRect(frame, m_theme.radius(), m_theme.radius());
    }
    painter->restore();
}

void GridCellDelegate::paintState(QPainter& painter, const QRect& frame, const QModelIndex& index) const
{
    painter.setFont(m_theme.font(TextStyle::Caption));
    const QRect inner = frame.adjusted(Theme::space(2), Theme::space(2), -Theme::space(2), -Theme::space(2));
    const auto say = [&](const QString& text, ColorToken token) {
        painter.setPen(m_theme.color(token));
        painter.drawText(inner, Qt::AlignCenter | Qt::TextWordWrap, text);
    };
    switch (static_cast<GridCell::State>(index.data(GridModel::StateRole).toInt())) {
    case GridCell::State::Planned:
        break;
    case GridCell::State::Waiting:
        say(tr("Waiting"), ColorToken::TextMuted);
        break;
    case GridCell::State::Running: {
        const double progress = index.data(GridModel::ProgressRole).toDouble();
        const int height = Theme::space(1);
        const QRectF track(inner.left(), inner.center().y() - height / 2.0, inner.width(), height);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(ColorToken::Border));
        painter.drawRoundedRect(track, height / 2.0, height / 2.0);
        painter.setBrush(m_theme.color(ColorToken::Accent));
        painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * progress, height)), height / 2.0, height / 2.0);
        break;
    }
    case GridCell::State::Done:
        say(tr("No picture"), ColorToken::TextMuted);
        break;
    case GridCell::State::Failed:
        say(index.data(GridModel::ErrorRole).toString(), ColorToken::Error);
        break;
    case GridCell::State::Cancelled:
        say(tr("Cancelled"), ColorToken::TextMuted);
        break;
    }
}

} // namespace tintype::ui
