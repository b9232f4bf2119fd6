// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_view.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>

namespace tintype::ui {
namespace {

constexpr int kDrawnLines = 512;
constexpr LineId kNowhere = std::numeric_limits<LineId>::max();

} // namespace

LogView::LogView(const Theme& theme, const LogModel& model, const LogSearch& search, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_theme(theme)
    , m_model(model)
    , m_search(search)
    , m_button(new QPushButton(viewport()))
    , m_drawn(kDrawnLines)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Log lines"));
    viewport()->setMouseTracking(true);
    viewport()->setCursor(Qt::IBeamCursor);
    m_anchor.line = m_cursor.line = kNowhere;

    m_button->setProperty("role", QStringLiteral("primary"));
    m_button->setCursor(Qt::ArrowCursor);
    m_button->setFocusPolicy(Qt::NoFocus);
    m_button->setToolTip(tr("Go to the newest line and follow"));
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &LogView::follow);

    connect(&search, &LogSearch::rowsChanged, this, &LogView::onRowsChanged);
    connect(&search, &LogSearch::matchesChanged, this, [this] {
        m_drawn.clear();
        viewport()->update();
    });
    connect(&theme, &Theme::changed, this, &LogView::restyle);
    restyle();
}

LogView::~LogView() = default;

void LogView::restyle()
{
    const QFont font = m_theme.font(TextStyle::Mono);
    const QFontMetricsF metrics(font);
    m_cell = metrics.horizontalAdvance(QString(100, QLatin1Char('M'))) / 100;
    m_rowHeight = static_cast<int>(std::ceil(metrics.height())) + Theme::space(1) / 2;
    m_button->setIcon(m_theme.icon(QStringLiteral("arrow-down"), ColorToken::OnAccent));
    m_drawn.clear();
    measureColumns();
    updateBars();
    viewport()->update();
}

void LogView::setColumns(const LogColumns& columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    measureColumns();
    updateBars();
    viewport()->update();
}

void LogView::setNote(const QString& note)
{
    if (note == m_note)
        return;
    m_note = note;
    updateBars();
    viewport()->update();
}

void LogView::setEmptyText(const QString& title, const QString& sentence)
{
    if (title == m_emptyTitle && sentence == m_emptySentence)
        return;
    m_emptyTitle = title;
    m_emptySentence = sentence;
    setAccessibleDescription(title + QLatin1Char(' ') + sentence);
    viewport()->update();
}

int LogView::visibleRowCount() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

std::int64_t LogView::topRow() const
{
    return std::max(0, verticalScrollBar()->value() - noteRows());
}

std::int64_t LogView::newLineCount() const
{
    return m_isFollowing ? 0 : m_search.rowCount() - m_search.rowOf(m_pausedEnd);
}

void LogView::follow()
{
    setFollowing(true);
    updateBars();
    viewport()->update();
}

void LogView::setFollowing(bool follows)
{
    if (follows == m_isFollowing)
        return;
    m_isFollowing = follows;
    m_pausedEnd = m_model.end();
    Q_EMIT followingChanged(follows);
}

void LogView::showLine(LineId line)
{
    m_anchor = m_cursor = {line, 0};
    const std::int64_t row = m_search.rowOf(line) + noteRows();
    const int top = static_cast<int>(std::max<std::int64_t>(0, row - visibleRowCount() / 2));
    verticalScrollBar()->setValue(top); // pauses, unless that is the end
    viewport()->update();
}

void LogView::setCurrentMatch(std::optional<LineId> line)
{
    m_currentMatch = line;
    viewport()->update();
}

void LogView::onRowsChanged()
{
    const LineId first = m_model.first();
    const auto keep = [&](Place& place) {
        if (place.line < first)
            place = {first, 0};
    };
    keep(m_anchor);
    keep(m_cursor);
    updateBars();
    viewport()->update();
}

void LogView::updateBars()
{
    QScrollBar& bar = *verticalScrollBar();
    const int rows = static_cast<int>(std::min<std::int64_t>(m_search.rowCount() + noteRows(), std::numeric_limits<int>::max()));
    const int visible = visibleRowCount();
    const bool showsNote = bar.value() == 0;
    m_isUpdating = true;
    bar.setRange(0, std::max(0, rows - visible));
    bar.setPageStep(visible);
    if (rows <= visible && !m_search.isBusy()) // few so far are not few
        setFollowing(true);
    const int topRow = static_cast<int>(m_search.rowOf(m_topLine));
    bar.setValue(m_isFollowing ? bar.maximum() : topRow == 0 && showsNote ? 0 : topRow + noteRows());
    m_isUpdating = false;
    fitColumns();
    updateWidth();
    placeButton();
    if (rows - noteRows() < visible)
        Q_EMIT olderWanted(false);
}

void LogView::updateWidth()
{
    const std::int64_t end = std::min(topRow() + visibleRowCount() + 1, m_search.rowCount());
    qreal widest = 0;
    for (std::int64_t row = topRow(); row < end; ++row)
        widest = std::max(widest, m_cell * static_cast<qreal>(m_model.at(m_search.lineAt(row)).text.size()));
    m_widest = std::max(widest, m_search.rowCount() == 0 ? 0 : m_widest);
    const int room = viewport()->width() - static_cast<int>(m_textLeft) - Theme::space(2);
    horizontalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(m_widest)) - room));
    horizontalScrollBar()->setPageStep(std::max(1, room));
    horizontalScrollBar()->setSingleStep(static_cast<int>(m_cell * 4));
}

void LogView::placeButton()
{
    m_button->setVisible(!m_isFollowing);
    if (m_isFollowing)
        return;
    const std::int64_t count = newLineCount();
    m_button->setText(count == 0 ? tr("Paused") : tr("Paused, %1 new lines").arg(formatCount(count)));
    m_button->adjustSize();
    m_button->move((viewport()->width() - m_button->width()) / 2, viewport()->height() - m_button->height() - Theme::space(2));
}

void LogView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
}

void LogView::scrollContentsBy(int, int)
{
    viewport()->update();
    if (m_isUpdating)
        return;
    const QScrollBar& bar = *verticalScrollBar();
    setFollowing(bar.value() >= bar.maximum());
    if (topRow() < m_search.rowCount())
        m_topLine = m_search.lineAt(topRow());
    fitColumns();
    updateWidth();
    placeButton();
    if (bar.value() == 0)
        Q_EMIT olderWanted(true);
}

bool LogView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* const help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), viewport());
        return true;
    }
    if (event->type() == QEvent::Leave && !m_hoveredRequest.isEmpty()) {
        m_hoveredRequest.clear();
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void LogView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LogView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace tintype::ui
