// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/grid_plan.h"

#include <QObject>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace tintype::ui {

/// One axis of a grid: what changes, and through which values. Its widgets are a row of the layout that it is given.
class AxisEditor : public QObject {
    Q_OBJECT

public:
    AxisEditor(const QString& title, QGridLayout& layout, int row, QObject* parent);

    /// What can be chosen; the choice and the text stay where they still mean something.
    void setChoices(const QVector<GridParameter>& parameters, const QStringList& targets, const QStringList& apps);
    void setAxis(const GridAxis& axis);

    /// @error InvalidArgument: what is wrong with the values
    Result<GridAxis> axis() const;

    QComboBox* kindBox() const { return m_kind; }
    QLineEdit* valuesEdit() const { return m_values; }

Q_SIGNALS:
    void changed();

private:
    void updateState();
    const GridParameter* parameter() const; ///< that is chosen; null for a host, an app or nothing
    GridAxis::Kind kind() const;

    QComboBox* m_kind;
    QLineEdit* m_values;
    QLabel* m_state; ///< number of values, or what is wrong
    QVector<GridParameter> m_parameters;
    QStringList m_targets;
    QStringList m_apps;
};

} // namespace tintype::ui
