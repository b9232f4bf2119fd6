// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace tintype::ui {

class Theme;

/// An entry of the history as a tile: picture, seed and seconds below it, marks for pinned, failed and more than one picture.
class ThumbnailDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ThumbnailDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    QSize tileSize() const;

private:
    void paintPicture(QPainter& painter, const QRect& frame, const QModelIndex& index) const;
    void paintMarks(QPainter& painter, const QRect& frame, const QModelIndex& index) const;

    const Theme& m_theme;
};

} // namespace tintype::ui
