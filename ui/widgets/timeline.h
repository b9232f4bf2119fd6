// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/request_document.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace tintype::ui {

ColorToken phaseColor(Phase phase);

/// Where the time of a request went, to scale: one row a phase, one bar a step. The mouse shows the figures of what is under it.
class Timeline : public QWidget {
    Q_OBJECT

public:
    explicit Timeline(const Theme& theme, QWidget* parent = nullptr);

    void setPhases(const QVector<PhaseSpan>& phases, double totalSeconds);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Row {
        Phase phase;
        double seconds = 0;
        QVector<int> spans; ///< indices of m_phases
    };

    QRectF barOf(const PhaseSpan& span, int row) const;
    int rowHeight() const;
    int nameWidth() const;
    int figureWidth() const;
    QString tipOf(const PhaseSpan& span) const;
    void paintRow(QPainter& painter, int row) const;
    void setHovered(int span);

    const Theme& m_theme;
    QVector<PhaseSpan> m_phases;
    QVector<Row> m_rows;
    double m_total = 0;
    int m_hovered = -1; ///< index of m_phases
};

} // namespace tintype::ui
