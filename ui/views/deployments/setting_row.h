// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/scaling_fields.h"

#include <QObject>
#include <vector>

class QGridLayout;
class QLabel;
class QSlider;
class QSpinBox;

namespace tintype::ui {

/// One number of an app's scaling: name, slider over the usual values, spin box for any, and when a change takes effect.
class SettingRow : public QObject {
    Q_OBJECT

public:
    /// @param field a number or a number of seconds
    SettingRow(const domain::ScalingField& field, QGridLayout& grid, int row, QObject* parent);

    static bool canShow(const domain::ScalingField& field);

    void setLive(const domain::Scaling& scaling); ///< the app's value; shown unless the user has moved it
    void revert();
    bool isChanged() const;
    void addTo(domain::ScalingSettings& changes) const; ///< if it is changed

Q_SIGNALS:
    void changed();

private:
    void showValue(int value);

    const domain::ScalingField& m_field;
    std::vector<int> m_stops; ///< values of the slider's places
    int m_live = 0;
    QLabel* m_label;
    QSlider* m_slider;
    QSpinBox* m_spin;
};

} // namespace tintype::ui
