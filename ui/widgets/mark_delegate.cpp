// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/mark_delegate.h"

#include <QApplication>
#include <QPainter>

namespace tintype::ui {
namespace {

const int kDot = Theme::space(2);
const int kGap = Theme::space(2);

/// Returns the room that is left behind it.
QRect paintMark(QPainter& painter, const Theme& theme, Mark mark, const QRect& room)
{
    if (mark == Mark::None)
        return room;
    const QRectF dot(room.left(), room.center().y() - kDot / 2 + 1, kDot, kDot);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = theme.color(markColor(mark));
    if (mark == Mark::Off || mark == Mark::Waiting) { // hollow: told apart without colour too
        painter.setPen(QPen(color, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(dot.adjusted(1, 1, -1, -1));
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(dot);
    }
    return room.adjusted(kDot + kGap, 0, 0, 0);
}

} // namespace

ColorToken markColor(Mark mark)
{
    switch (mark) {
    case Mark::Good: return ColorToken::Success;
    case Mark::Busy: return ColorToken::Info;
    case Mark::Waiting: return ColorToken::Info;
    case Mark::Warning: return ColorToken::Warning;
    case Mark::Bad: return ColorToken::Error;
    case Mark::Off:
    case Mark::None: break;
    }
    return ColorToken::TextMuted;
}

MarkDelegate::MarkDelegate(const Theme& theme, int markRole, int reasonRole, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_markRole(markRole)
    , m_reasonRole(reasonRole)
{
}

void MarkDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    painter->save();
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    const QRect inner = cell.rect.adjusted(Theme::space(2), 0, -Theme::space(2), 0);
    const QRect room = paintMark(*painter, m_theme, index.data(m_markRole).value<Mark>(), inner);
    painter->setFont(cell.font);
    painter->setPen(m_theme.color(isSelected ? ColorToken::OnSelection : ColorToken::Text));
    painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft, cell.fontMetrics.elidedText(text, Qt::ElideRight, room.width()));
    const int used = cell.fontMetrics.horizontalAdvance(text) + kGap;
    const QString reason = m_reasonRole < 0 ? QString() : index.data(m_reasonRole).toString().simplified();
    if (!reason.isEmpty() && used < room.width()) {
        const QRect rest = room.adjusted(used, 0, 0, 0);
        painter->setPen(m_theme.color(isSelected ? ColorToken::OnSelection : ColorToken::TextMuted));
        painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft, cell.fontMetrics.elidedText(reason, Qt::ElideRight, rest.width()));
    }
    painter->restore();
}

QSize MarkDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QSize plain = QStyledItemDelegate::sizeHint(option, index);
    return {plain.width() + kDot + kGap + Theme::space(2), plain.height()};
}

MarkLabel::MarkLabel(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MarkLabel::setState(Mark mark, const QString& word)
{
    if (mark == m_mark && word == m_word)
        return;
    m_mark = mark;
    m_word = word;
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize MarkLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_word) + kDot + kGap + Theme::space(1), m_theme.controlHeight()};
}

void MarkLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect room = paintMark(painter, m_theme, m_mark, rect());
    painter.setPen(m_theme.color(ColorToken::Text));
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft, fontMetrics().elidedText(m_word, Qt::ElideRight, room.width()));
}

} // namespace tintype::ui
