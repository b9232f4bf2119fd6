// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QString>
#include <memory>
#include <string_view>
#include <vector>

class QPainter;
class QTextLayout;

namespace tintype::ui {

/// The text of one log line as it is drawn: a grid of cells where it is plain ASCII, laid out by Qt else. Positions count UTF-16 units.
class LogLineText {
public:
    /// A piece that looks different.
    struct Span {
        int from = 0;
        int to = 0;
        QColor background;
        QColor foreground;
    };

    /// @param cell width of a character of `font`, which is monospaced
    LogLineText(std::string_view utf8, const QFont& font, qreal cell);
    ~LogLineText();

    const QString& text() const { return m_text; }
    qreal width() const;
    qreal xOf(int position) const;
    int positionAt(qreal x) const;

    /// @param left of the text's begin   @param area what is seen of it: nothing else is drawn
    void draw(QPainter& painter, qreal left, const QRectF& area, const QColor& color, const std::vector<Span>& spans) const;

private:
    void drawCells(QPainter& painter, qreal left, const QRectF& area) const;

    const QFont m_font;
    const qreal m_cell;
    QString m_text;
    std::unique_ptr<QTextLayout> m_layout; ///< null = a grid
};

} // namespace tintype::ui
