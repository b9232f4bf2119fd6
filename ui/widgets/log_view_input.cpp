// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"
#include "ui/models/log_text.h"
#include "ui/widgets/log_view.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTimerEvent>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kDragScrollMs = 40;
constexpr int kTipLength = 400;

QString textOf(std::string_view text)
{
    return QString::fromStdString(safeLogText(text));
}

bool isPartOfWord(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('-') || c == QLatin1Char('.');
}

} // namespace

std::int64_t LogView::rowAt(int y) const
{
    const int shownNote = verticalScrollBar()->value() == 0 ? noteRows() : 0;
    const int steps = y >= 0 ? y / m_rowHeight : -((-y + m_rowHeight - 1) / m_rowHeight);
    return topRow() + steps - shownNote;
}

LogView::Place LogView::placeAt(const QPoint& point) const
{
    if (m_search.rowCount() == 0)
        return {m_model.end(), 0};
    const std::int64_t row = rowAt(point.y());
    if (row < 0)
        return {m_search.lineAt(0), 0};
    if (row >= m_search.rowCount()) {
        const LineId last = m_search.lineAt(m_search.rowCount() - 1);
        return {last, static_cast<int>(drawn(last).text.text().size())};
    }
    const LineId line = m_search.lineAt(row);
    const qreal x = point.x() - m_textLeft + horizontalScrollBar()->value();
    return {line, x <= 0 ? 0 : drawn(line).text.positionAt(x)};
}

QString LogView::requestAt(const QPoint& point) const
{
    const std::int64_t row = rowAt(point.y());
    if (!m_columns.request || point.x() < m_requestLeft || point.x() >= m_textLeft || row < 0 || row >= m_search.rowCount())
        return {};
    return QString::fromStdString(std::string(m_model.at(m_search.lineAt(row)).request));
}

QString LogView::tipAt(const QPoint& point) const
{
    const std::int64_t row = rowAt(point.y());
    if (row < 0 || row >= m_search.rowCount() || point.x() >= m_textLeft)
        return {};
    const LogEntry line = m_model.at(m_search.lineAt(row));
    QStringList parts{formatDateTime(fromMilliseconds(line.time), m_columns.utc) + (m_columns.utc ? QStringLiteral(" UTC") : QString())
        + QStringLiteral(" · ") + QString::fromStdString(std::string(logLevelName(line.level)))};
    const auto add = [&](const QString& what, std::string_view name) {
        if (!name.empty())
            parts += what.arg(textOf(name));
    };
    add(tr("App %1"), line.app);
    add(tr("Replica %1"), line.replica);
    add(tr("Request %1"), line.request);
    return parts.join(QLatin1Char('\n')).left(kTipLength);
}

void LogView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const QString request = requestAt(event->pos()); !request.isEmpty()) {
        Q_EMIT requestClicked(request);
        return;
    }
    m_cursor = placeAt(event->pos());
    if (!(event->modifiers() & Qt::ShiftModifier))
        m_anchor = m_cursor;
    m_isDragging = true;
    viewport()->update();
}

void LogView::mouseMoveEvent(QMouseEvent* event)
{
    const QString request = requestAt(event->pos());
    viewport()->setCursor(!request.isEmpty() ? Qt::PointingHandCursor : event->pos().x() < m_textLeft ? Qt::ArrowCursor : Qt::IBeamCursor);
    if (request != m_hoveredRequest) {
        m_hoveredRequest = request;
        viewport()->update();
    }
    if (!m_isDragging)
        return;
    m_dragPoint = event->pos();
    m_cursor = placeAt(m_dragPoint);
    const bool isOutside = m_dragPoint.y() < 0 || m_dragPoint.y() >= viewport()->height();
    if (isOutside && !m_dragTimer.isActive())
        m_dragTimer.start(kDragScrollMs, this);
    else if (!isOutside)
        m_dragTimer.stop();
    viewport()->update();
}

void LogView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_dragTimer.timerId()) {
        QAbstractScrollArea::timerEvent(event);
        return;
    }
    const int beyond = m_dragPoint.y() < 0 ? m_dragPoint.y() : m_dragPoint.y() - viewport()->height();
    QScrollBar& bar = *verticalScrollBar();
    bar.setValue(bar.value() + beyond / m_rowHeight + (beyond < 0 ? -1 : 1));
    m_cursor = placeAt(m_dragPoint);
    viewport()->update();
}

void LogView::mouseReleaseEvent(QMouseEvent*)
{
    m_isDragging = false;
    m_dragTimer.stop();
}

void LogView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Place place = placeAt(event->pos());
    if (event->button() != Qt::LeftButton || place.line >= m_model.end())
        return;
    const QString& text = drawn(place.line).text.text();
    int from = std::min(place.position, static_cast<int>(text.size()));
    int to = from;
    while (from > 0 && isPartOfWord(text[from - 1]))
        --from;
    while (to < text.size() && isPartOfWord(text[to]))
        ++to;
    m_anchor = {place.line, from};
    m_cursor = {place.line, to};
    viewport()->update();
}

void LogView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool isByMouse = event->reason() == QContextMenuEvent::Mouse;
    if (isByMouse && !hasSelection())
        m_anchor = m_cursor = placeAt(event->pos());
    Q_EMIT menuWanted(event->globalPos(), m_cursor.line);
}

void LogView::keyPressEvent(QKeyEvent* event)
{
    const bool extends = event->modifiers() & Qt::ShiftModifier;
    const bool isControl = event->modifiers() & Qt::ControlModifier;
    const std::int64_t everything = m_search.rowCount();
    if (event->matches(QKeySequence::Copy)) {
        Q_EMIT copyWanted();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        return moveBy(-1, extends);
    case Qt::Key_Down:
        return moveBy(1, extends);
    case Qt::Key_PageUp:
        return moveBy(-visibleRowCount(), extends);
    case Qt::Key_PageDown:
        return moveBy(visibleRowCount(), extends);
    case Qt::Key_Home:
        return isControl ? moveBy(-everything, extends) : horizontalScrollBar()->setValue(0);
    case Qt::Key_End:
        if (!extends)
            follow();
        return moveBy(everything, extends);
    case Qt::Key_Left:
        return extends ? moveSideways(-1) : horizontalScrollBar()->triggerAction(QScrollBar::SliderSingleStepSub);
    case Qt::Key_Right:
        return extends ? moveSideways(1) : horizontalScrollBar()->triggerAction(QScrollBar::SliderSingleStepAdd);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor.line < m_model.end() && !m_model.at(m_cursor.line).request.empty())
            Q_EMIT requestClicked(QString::fromStdString(std::string(m_model.at(m_cursor.line).request)));
        return;
    case Qt::Key_Escape:
        if (hasSelection())
            return clearSelection();
        break;
    default:
        break;
    }
    event->ignore(); // of the window: shortcuts of others
}

void LogView::moveBy(std::int64_t rows, bool keepsAnchor)
{
    if (m_search.rowCount() == 0)
        return;
    const bool isNowhere = m_cursor.line >= m_model.end();
    const std::int64_t here = isNowhere ? topRow() + (rows > 0 ? -1 : visibleRowCount()) : m_search.rowOf(m_cursor.line);
    const std::int64_t row = std::clamp<std::int64_t>(here + rows, 0, m_search.rowCount() - 1);
    if (isNowhere)
        m_anchor = {m_search.lineAt(row), 0};
    moveTo({m_search.lineAt(row), m_cursor.position}, keepsAnchor);
    ensureVisible(row);
}

void LogView::moveSideways(int characters)
{
    if (m_cursor.line >= m_model.end())
        return;
    const int size = static_cast<int>(drawn(m_cursor.line).text.text().size());
    moveTo({m_cursor.line, std::clamp(m_cursor.position + characters, 0, size)}, true);
}

void LogView::moveTo(const Place& place, bool keepsAnchor)
{
    m_cursor = place;
    if (!keepsAnchor)
        m_anchor = place;
    viewport()->update();
}

void LogView::ensureVisible(std::int64_t row)
{
    QScrollBar& bar = *verticalScrollBar();
    const int value = static_cast<int>(row) + (row == 0 ? 0 : noteRows());
    if (value < bar.value())
        bar.setValue(value);
    else if (value >= bar.value() + visibleRowCount())
        bar.setValue(value - visibleRowCount() + 1);
}

void LogView::selectAll()
{
    if (m_search.rowCount() == 0)
        return;
    const LineId last = m_search.lineAt(m_search.rowCount() - 1);
    m_anchor = {m_search.lineAt(0), 0};
    m_cursor = {last, static_cast<int>(drawn(last).text.text().size())};
    viewport()->update();
}

void LogView::clearSelection()
{
    m_anchor = m_cursor;
    viewport()->update();
}

LogView::Selected LogView::selected() const
{
    if (m_cursor.line >= m_model.end() && !hasSelection())
        return {};
    const auto [begin, end] = std::minmax(m_anchor, m_cursor);
    const std::int64_t from = m_search.rowOf(begin.line);
    std::int64_t to = m_search.rowOf(end.line);
    if (to < m_search.rowCount() && m_search.lineAt(to) == end.line)
        ++to;
    return {.lines = m_search.extract(from, to), .from = begin.position, .to = hasSelection() ? end.position : -1};
}

} // namespace tintype::ui
