// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace tintype::ui {

class Theme;

/// A cell of a grid: its picture, or how far it is.
class GridCellDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit GridCellDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintState(QPainter& painter, const QRect& frame, const QModelIndex& index) const;

    const Theme& m_theme;
};

} // namespace tintype::ui
