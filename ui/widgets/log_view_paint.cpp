// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"
#include "ui/models/log_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/log_view.h"

#include <QFontMetricsF>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kLevelCells = 2;
constexpr int kFewestAppCells = 8;
constexpr int kMostAppCells = 24;
constexpr int kIdCells = 10; ///< the first characters of an id tell replicas and requests apart

QString cutTo(std::string_view name, int cells)
{
    const QString text = QString::fromStdString(safeLogText(name));
    return text.size() < cells ? text : QString(text.left(cells - 2) + QChar(0x2026));
}

QString letterOf(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return QStringLiteral("D");
    case LogLevel::Info:
        return QStringLiteral("I");
    case LogLevel::Warning:
        return QStringLiteral("W");
    case LogLevel::Error:
        return QStringLiteral("E");
    }
    return {};
}

} // namespace

void LogView::measureColumns()
{
    qreal left = Theme::space(2);
    const auto place = [&](qreal& column, bool isShown, int cells) {
        column = left;
        if (isShown)
            left += m_cell * cells;
    };
    qreal timeLeft = 0;
    place(timeLeft, m_columns.time, m_timeCells);
    place(m_levelLeft, true, kLevelCells);
    place(m_appLeft, m_columns.app, m_appCells);
    place(m_replicaLeft, m_columns.replica, kIdCells);
    place(m_requestLeft, m_columns.request, kIdCells);
    m_textLeft = left;
}

/// Makes room for what the rows in sight have there.
void LogView::fitColumns()
{
    if (m_search.rowCount() == 0)
        return;
    const auto timeCells = [this](LineId line) {
        return static_cast<int>(formatTime(fromMilliseconds(m_model.at(line).time), m_columns.utc).size()) + 1;
    };
    const int time = std::max(timeCells(m_model.first()), timeCells(m_model.end() - 1)); // those of other days are longer
    int app = std::max(m_appCells, kFewestAppCells);
    const std::int64_t end = std::min(topRow() + visibleRowCount() + 1, m_search.rowCount());
    for (std::int64_t row = topRow(); row < end; ++row)
        app = std::max(app, std::min(static_cast<int>(m_model.at(m_search.lineAt(row)).app.size()) + 1, kMostAppCells));
    if (time == m_timeCells && app == m_appCells)
        return;
    m_timeCells = time;
    m_appCells = app;
    measureColumns();
}

QColor LogView::colorOf(LogLevel level) const
{
    switch (level) {
    case LogLevel::Debug:
        return m_theme.color(ColorToken::TextMuted);
    case LogLevel::Info:
        return m_theme.color(ColorToken::Text);
    case LogLevel::Warning:
        return m_theme.color(ColorToken::Warning);
    case LogLevel::Error:
        return m_theme.color(ColorToken::Error);
    }
    return {};
}

const LogView::Drawn& LogView::drawn(LineId line) const
{
    if (const Drawn* const known = m_drawn.object(line))
        return *known;
    auto* const made = new Drawn{.text = LogLineText(m_model.at(line).text, m_theme.font(TextStyle::Mono), m_cell), .matches = {}};
    if (m_search.isSearching() && m_search.isMatch(line))
        made->matches = m_search.places(made->text.text());
    m_drawn.insert(line, made); // owns it
    return *made;
}

std::vector<LogLineText::Span> LogView::spansOf(LineId line, const Drawn& text) const
{
    std::vector<LogLineText::Span> spans;
    const bool isCurrent = m_currentMatch == line;
    const QColor back = m_theme.color(isCurrent ? ColorToken::Accent : ColorToken::WarningSurface);
    const QColor front = m_theme.color(isCurrent ? ColorToken::OnAccent : ColorToken::Text);
    for (const auto& [from, length] : text.matches)
        spans.push_back({.from = from, .to = from + length, .background = back, .foreground = front});
    const auto [begin, end] = std::minmax(m_anchor, m_cursor);
    if (begin != end && line >= begin.line && line <= end.line) {
        const int size = static_cast<int>(text.text.text().size());
        spans.push_back({.from = line == begin.line ? begin.position : 0, .to = line == end.line ? end.position : size,
            .background = m_theme.color(ColorToken::Selection), .foreground = m_theme.color(ColorToken::OnSelection)});
    }
    return spans;
}

void LogView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.color(ColorToken::Sunken));
    painter.setFont(m_theme.font(TextStyle::Mono));
    int top = 0;
    if (noteRows() > 0 && verticalScrollBar()->value() == 0 && m_search.rowCount() > 0) {
        painter.setPen(m_theme.color(ColorToken::TextMuted));
        painter.drawText(QRect(Theme::space(2), 0, viewport()->width() - Theme::space(4), m_rowHeight),
            Qt::AlignLeft | Qt::AlignVCenter, m_note);
        top += m_rowHeight;
    }
    for (std::int64_t row = topRow(); row < m_search.rowCount() && top < viewport()->height(); ++row, top += m_rowHeight)
        paintRow(painter, row, top);
    if (m_search.rowCount() == 0)
        paintEmpty(painter);
    if (hasFocus()) {
        painter.setPen(m_theme.color(ColorToken::Focus));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

void LogView::paintEmpty(QPainter& painter) const
{
    const QRect room = viewport()->rect().adjusted(Theme::space(4), Theme::space(4), -Theme::space(4), -Theme::space(4));
    const QFont titleFont = m_theme.font(TextStyle::BodyStrong);
    const int line = QFontMetrics(titleFont).lineSpacing();
    const int top = std::max(room.top(), room.center().y() - line * 2);
    painter.setFont(titleFont);
    painter.setPen(m_theme.color(ColorToken::Text));
    painter.drawText(QRect(room.left(), top, room.width(), line), Qt::AlignHCenter | Qt::AlignVCenter, m_emptyTitle);
    painter.setFont(m_theme.font(TextStyle::Body));
    painter.setPen(m_theme.color(ColorToken::TextMuted));
    painter.drawText(QRect(room.left(), top + line + Theme::space(1), room.width(), line * 3), Qt::AlignHCenter | Qt::TextWordWrap, m_emptySentence);
}

void LogView::paintRow(QPainter& painter, std::int64_t row, int top) const
{
    const LineId line = m_search.lineAt(row);
    const LogEntry entry = m_model.at(line);
    const QRect whole(0, top, viewport()->width(), m_rowHeight);
    if (line == m_cursor.line && hasFocus())
        painter.fillRect(whole, m_theme.color(ColorToken::Hover));
    const LogFilter& filter = m_search.filter();
    if (filter.onlyMatches && filter.wantsAll() && row > 0 && m_search.lineAt(row - 1) + 1 < line)
        painter.fillRect(QRect(0, top, whole.width(), 1), m_theme.color(ColorToken::BorderStrong));

    const QColor color = colorOf(entry.level);
    if (entry.level >= LogLevel::Warning)
        painter.fillRect(QRect(0, top, Theme::space(1) / 2 + 1, m_rowHeight), color);
    paintColumns(painter, entry, top, color);

    const Drawn& text = drawn(line);
    const QRectF area(m_textLeft, top, whole.width() - m_textLeft, m_rowHeight);
    text.text.draw(painter, m_textLeft - horizontalScrollBar()->value(), area, color, spansOf(line, text));
}

void LogView::paintColumns(QPainter& painter, const LogEntry& entry, int top, const QColor& color) const
{
    const QFontMetricsF metrics(painter.font());
    const qreal baseline = top + (m_rowHeight - metrics.height()) / 2 + metrics.ascent();
    const auto draw = [&](qreal left, const QString& text, const QColor& with) {
        painter.setPen(with);
        painter.drawText(QPointF(left, baseline), text);
    };
    const QColor muted = m_theme.color(ColorToken::TextMuted);
    if (m_columns.time)
        draw(Theme::space(2), formatTime(fromMilliseconds(entry.time), m_columns.utc), muted);
    draw(m_levelLeft, letterOf(entry.level), color);
    if (m_columns.app)
        draw(m_appLeft, cutTo(entry.app, m_appCells), muted);
    if (m_columns.replica)
        draw(m_replicaLeft, cutTo(entry.replica, kIdCells), muted);
    if (m_columns.request && !entry.request.empty()) {
        const QString id = cutTo(entry.request, kIdCells);
        draw(m_requestLeft, id, m_theme.color(ColorToken::AccentText));
        if (m_hoveredRequest == QString::fromStdString(std::string(entry.request)) && !m_hoveredRequest.isEmpty())
            painter.drawLine(QPointF(m_requestLeft, baseline + 2), QPointF(m_requestLeft + metrics.horizontalAdvance(id), baseline + 2));
    }
}

} // namespace tintype::ui
