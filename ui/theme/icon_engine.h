// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QIconEngine>
#include <QPointer>

namespace tintype::ui {

/// Draws a Breeze icon of the program's resources in a colour of the theme, at any size and scale.
class IconEngine : public QIconEngine {
public:
    IconEngine(const Theme& theme, QString name, ColorToken token);

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QIconEngine* clone() const override;
    bool isNull() override;

private:
    QColor colorFor(QIcon::Mode mode, QIcon::State state) const;

    const QPointer<const Theme> m_theme; ///< icons in a menu may outlive it at the end of the program
    const QString m_name;
    const ColorToken m_token;
};

} // namespace tintype::ui
