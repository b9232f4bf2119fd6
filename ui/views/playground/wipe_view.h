// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/picture_view.h"

namespace tintype::ui {

/// Two pictures at one place, the first left of a line, the second right of it. The line is dragged, or moved with Ctrl and the arrow
/// keys; everything else is as in a PictureView.
class WipeView : public PictureView {
    Q_OBJECT

public:
    explicit WipeView(const Theme& theme, QWidget* parent = nullptr);

    void setPictures(const Picture& first, const Picture& second);

    double split() const { return m_split; } ///< part of the width that shows the first
    void setSplit(double split);             ///< clamped to 0..1

protected:
    void paintPicture(QPainter& painter, const QRectF& target) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    bool isAtLine(const QPointF& place) const;
    void paintLabel(QPainter& painter, const QString& text, Qt::Alignment side) const;

    const Theme& m_theme;
    Picture m_second;
    double m_split = 0.5;
    bool m_drags = false;
};

} // namespace tintype::ui
