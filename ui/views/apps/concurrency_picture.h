// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace tintype::ui {

class Theme;

/// Minimum, maximum and buffer of an app's replicas as a row of boxes: always there, spare, only under load.
class ConcurrencyPicture : public QWidget {
    Q_OBJECT

public:
    explicit ConcurrencyPicture(const Theme& theme, QWidget* parent = nullptr);

    void setScale(int least, int most, int buffer);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    int m_least = 0;
    int m_most = 2;
    int m_buffer = 0;
};

} // namespace tintype::ui
