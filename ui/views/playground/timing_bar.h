// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/call_output.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace tintype::ui {

/// Where the time of a call went: a bar of its parts, and each with its name and time below.
class TimingBar : public QWidget {
    Q_OBJECT

public:
    explicit TimingBar(const Theme& theme, QWidget* parent = nullptr);

    void setTimings(const CallTimings& timings);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Part {
        QString name;
        ColorToken color;
        double seconds;
    };

    QString partText(const Part& part) const;
    void paintLegend(QPainter& painter) const;

    const Theme& m_theme;
    QVector<Part> m_parts;
    double m_sum = 0;
};

} // namespace tintype::ui
