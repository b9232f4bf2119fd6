// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_line_text.h"

#include "ui/models/log_text.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

/// Laying out takes time for each character: of longer texts that are not plain the rest is left out of sight, not of copies.
constexpr qsizetype kMostLaidOut = 2000;
constexpr qreal kWidestLine = 1e6;

std::unique_ptr<QTextLayout> layOut(const QString& text, const QFont& font)
{
    QString shown = text;
    if (text.size() > kMostLaidOut)
        shown = text.left(kMostLaidOut) + QCoreApplication::translate("log", " … (%n more characters)", nullptr, static_cast<int>(text.size() - kMostLaidOut));
    auto layout = std::make_unique<QTextLayout>(shown, font);
    QTextOption option(Qt::AlignLeft);
    option.setTextDirection(Qt::LeftToRight);
    option.setWrapMode(QTextOption::NoWrap);
    layout->setTextOption(option);
    layout->setCacheEnabled(true);
    layout->beginLayout();
    QTextLine line = layout->createLine();
    line.setLineWidth(kWidestLine);
    layout->endLayout();
    return layout;
}

} // namespace

LogLineText::LogLineText(std::string_view utf8, const QFont& font, qreal cell)
    : m_font(font)
    , m_cell(cell)
    , m_text(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())))
{
    if (!isPlainAscii(utf8))
        m_layout = layOut(m_text, font);
}

LogLineText::~LogLineText() = default;

qreal LogLineText::width() const
{
    return m_layout ? m_layout->lineAt(0).naturalTextWidth() : m_cell * static_cast<qreal>(m_text.size());
}

qreal LogLineText::xOf(int position) const
{
    if (m_layout)
        return m_layout->lineAt(0).cursorToX(std::min(position, static_cast<int>(m_layout->text().size())));
    return m_cell * position;
}

int LogLineText::positionAt(qreal x) const
{
    if (m_layout)
        return std::min(m_layout->lineAt(0).xToCursor(x), static_cast<int>(m_text.size()));
    return std::clamp(static_cast<int>(std::lround(x / m_cell)), 0, static_cast<int>(m_text.size()));
}

void LogLineText::draw(QPainter& painter, qreal left, const QRectF& area, const QColor& color, const std::vector<Span>& spans) const
{
    painter.save();
    painter.setFont(m_font);
    painter.setPen(color);
    painter.setClipRect(area, Qt::IntersectClip);
    if (m_layout) {
        QVector<QTextLayout::FormatRange> formats;
        for (const Span& span : spans) {
            QTextLayout::FormatRange range{.start = span.from, .length = span.to - span.from, .format = {}};
            range.format.setBackground(span.background);
            range.format.setForeground(span.foreground);
            formats.push_back(range);
        }
        const qreal top = area.top() + (area.height() - m_layout->lineAt(0).height()) / 2;
        m_layout->draw(&painter, {left, top}, formats, area);
    } else {
        drawCells(painter, left, area);
        for (const Span& span : spans) {
            const QRectF piece = QRectF(left + xOf(span.from), area.top(), xOf(span.to) - xOf(span.from), area.height()) & area;
            if (piece.isEmpty())
                continue;
            painter.setClipRect(piece, Qt::ReplaceClip);
            painter.fillRect(piece, span.background);
            painter.setPen(span.foreground);
            drawCells(painter, left, piece);
        }
    }
    painter.restore();
}

void LogLineText::drawCells(QPainter& painter, qreal left, const QRectF& area) const
{
    const auto first = static_cast<qsizetype>(std::max(0.0, std::floor((area.left() - left) / m_cell)));
    const auto end = std::min(m_text.size(), static_cast<qsizetype>(std::ceil((area.right() - left) / m_cell)) + 1);
    if (first >= end)
        return;
    const QFontMetricsF metrics(m_font);
    const qreal baseline = area.top() + (area.height() - metrics.height()) / 2 + metrics.ascent();
    painter.drawText(QPointF(left + m_cell * static_cast<qreal>(first), baseline), m_text.mid(first, end - first));
}

} // namespace tintype::ui
