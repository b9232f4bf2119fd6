// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_volume.h"

#include <QTimer>
#include <QWidget>
#include <optional>

namespace tintype::ui {

class Theme;

/// A small histogram of the lines in a log over time, by level. A click on a column goes to its first line.
class LogVolumeView : public QWidget {
    Q_OBJECT

public:
    LogVolumeView(const Theme& theme, const LogModel& model, QWidget* parent = nullptr);

    /// The time shown; without a begin, from the first line on; without an end, up to now.
    void setSpan(std::optional<TimePoint> since, std::optional<TimePoint> until);

    /// Whether the host has lines before the first one here: that time is hatched.
    void setHasOlder(bool hasOlder);
    void setUtc(bool isUtc);

    const LogVolume& volume() const { return m_volume; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void timeClicked(qint64 time); ///< milliseconds since 1970
    void counted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void countSoon();
    void count();
    QRect plot() const;
    int columnAt(int x) const;
    QRect columnRect(int column) const;
    QString tipOf(int column) const;
    void paintColumn(QPainter& painter, int column, std::int64_t most) const;

    const Theme& m_theme;
    const LogModel& m_model;
    std::optional<TimePoint> m_since, m_until;
    bool m_hasOlder = false;
    bool m_isUtc = false;
    LogVolume m_volume;
    int m_hovered = -1;
    QTimer m_timer;
    bool m_isCounting = false;
    bool m_isDirty = false; ///< changed while it was counted
};

} // namespace tintype::ui
