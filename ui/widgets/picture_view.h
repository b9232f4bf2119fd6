// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/picture_loader.h"

#include <QWidget>

namespace tintype::ui {

class Theme;

/// A picture on a sunken ground: wheel zooms at the cursor, dragging pans (what fits is dragged out instead), double click changes
/// between fitting and one to one. Above 100 % every pixel is a sharp square.
class PictureView : public QWidget {
    Q_OBJECT

public:
    /// What is seen: two views of one size with the same of these show the same place.
    struct Place {
        bool fits = true;             ///< the whole, as large as goes, enlarged by whole factors only; the rest is ignored
        double zoom = 1;              ///< device pixels per pixel of the picture
        QPointF centre = {0.5, 0.5};  ///< of the widget, in parts of the picture

        bool operator==(const Place&) const = default;
    };

    explicit PictureView(const Theme& theme, QWidget* parent = nullptr);

    /// The place stays if the size is the same. A preview gets the `size` of its result, and so grows into it where it is.
    void setPicture(const Picture& picture);
    void clear() { setPicture({}); }
    const Picture& picture() const { return m_picture; }

    Place place() const { return m_place; }
    void setPlace(const Place& place);
    double zoom() const; ///< device pixels per pixel, also while it fits
    void zoomBy(double factor, const QPointF& at); ///< the picture's point under `at` stays there
    QRectF pictureRect() const; ///< in this widget's coordinates; may be larger than it

    /// Draws `picture` into `target`, sharp or smooth as a view does.
    static void draw(QPainter& painter, const Picture& picture, const QRectF& target);

    QSize sizeHint() const override;

public Q_SLOTS:
    void fit();
    void showActualSize(); ///< one pixel of the picture = one of the device
    void zoomIn();
    void zoomOut();

Q_SIGNALS:
    void placeChanged();    ///< by the user or a slot; not by setPlace()
    void dragOutWanted();   ///< the user drags a picture that fits: make the QDrag

protected:
    /// Draws the picture; a comparison draws two.
    virtual void paintPicture(QPainter& painter, const QRectF& target);

    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    double fittingZoom() const;
    void movePlace(const Place& place);
    void updateCursor();

    const Theme& m_theme;
    Picture m_picture;
    Place m_place;
    QPointF m_pressedAt;
    QPointF m_lastAt;
    bool m_pans = false;
    bool m_mayDragOut = false;
};

} // namespace tintype::ui
