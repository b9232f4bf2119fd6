// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_search.h"
#include "ui/widgets/log_line_text.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QCache>
#include <optional>

class QPushButton;

namespace tintype::ui {

class Theme;

/// What stands before the text of each line.
struct LogColumns {
    bool time = true;
    bool utc = false;
    bool app = false;
    bool replica = false;
    bool request = false;

    bool operator==(const LogColumns&) const = default;
};

/// Log lines, painted: any number, one row each. Follows the newest line; scrolling up pauses that, the end (or the button that then
/// appears) goes on. Text is selected by mouse and keyboard.
class LogView : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// @param model, search of it: outlive this view
    LogView(const Theme& theme, const LogModel& model, const LogSearch& search, QWidget* parent = nullptr);
    ~LogView() override;

    void setColumns(const LogColumns& columns);
    void setNote(const QString& note); ///< a row above the first line: what is not there; empty = none
    void setEmptyText(const QString& title, const QString& sentence); ///< what stands there while there is no row

    bool isFollowing() const { return m_isFollowing; }
    std::int64_t newLineCount() const; ///< rows that came since it paused
    void follow();

    void showLine(LineId line);              ///< makes it the current one, in the middle
    void setCurrentMatch(std::optional<LineId> line);
    LineId currentLine() const { return m_cursor.line; } ///< where the keyboard is; behind the last line if nowhere

    bool hasSelection() const { return m_anchor != m_cursor; }
    void selectAll();
    void clearSelection();

    /// The selection as lines, with the places in the first and in the last one between which it lies; without one, the current line.
    struct Selected {
        LogExtract lines;
        int from = 0;
        int to = 0; ///< -1 = whole lines
    };
    Selected selected() const;

    std::int64_t topRow() const; ///< row of the first line in sight
    int visibleRowCount() const;

Q_SIGNALS:
    void followingChanged(bool isFollowing);
    void olderWanted(bool byUser);             ///< the user is at the first line, or the rows do not fill the view
    void requestClicked(const QString& request);
    void copyWanted();
    void menuWanted(const QPoint& globalPosition, qint64 line);

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

private:
    /// A place in the text of a line.
    struct Place {
        LineId line = 0;
        int position = 0;

        auto operator<=>(const Place&) const = default;
    };
    /// A line that was drawn lately.
    struct Drawn {
        LogLineText text;
        std::vector<std::pair<int, int>> matches;
    };

    // log_view.cpp: rows and scrolling
    void onRowsChanged();
    void updateBars();
    void updateWidth();
    void setFollowing(bool follows);
    void placeButton();
    void restyle();
    int noteRows() const { return m_note.isEmpty() ? 0 : 1; }

    // log_view_paint.cpp
    void measureColumns();
    void fitColumns();
    const Drawn& drawn(LineId line) const;
    void paintEmpty(QPainter& painter) const;
    void paintRow(QPainter& painter, std::int64_t row, int top) const;
    void paintColumns(QPainter& painter, const LogEntry& entry, int top, const QColor& color) const;
    std::vector<LogLineText::Span> spansOf(LineId line, const Drawn& text) const;
    QColor colorOf(LogLevel level) const;

    // log_view_input.cpp
    Place placeAt(const QPoint& point) const;
    std::int64_t rowAt(int y) const; ///< of the search's rows; may lie outside of them
    QString requestAt(const QPoint& point) const;
    QString tipAt(const QPoint& point) const;
    void moveTo(const Place& place, bool keepsAnchor);
    void moveBy(std::int64_t rows, bool keepsAnchor);
    void moveSideways(int characters);
    void ensureVisible(std::int64_t row);

    const Theme& m_theme;
    const LogModel& m_model;
    const LogSearch& m_search;
    LogColumns m_columns;
    QString m_note;
    QString m_emptyTitle, m_emptySentence;
    QPushButton* m_button; ///< "Paused, 312 new lines"

    int m_rowHeight = 1;
    qreal m_cell = 1;      ///< width of a character
    qreal m_textLeft = 0;  ///< where the text begins, without horizontal scrolling
    qreal m_appLeft = 0, m_replicaLeft = 0, m_requestLeft = 0, m_levelLeft = 0;
    qreal m_widest = 0;    ///< text seen so far
    int m_timeCells = 0;
    int m_appCells = 0;    ///< for the longest name seen so far
    mutable QCache<LineId, Drawn> m_drawn;

    bool m_isFollowing = true;
    bool m_isUpdating = false; ///< the bars move by themselves
    LineId m_topLine = 0;   ///< paused: the first line in sight
    LineId m_pausedEnd = 0; ///< the model's end when it paused

    Place m_anchor, m_cursor;
    std::optional<LineId> m_currentMatch;
    bool m_isDragging = false;
    QPoint m_dragPoint;
    QBasicTimer m_dragTimer; ///< scrolls while the mouse is held outside
    QString m_hoveredRequest;
    LineId m_hoveredLine = 0;
};

} // namespace tintype::ui
