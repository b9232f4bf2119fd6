// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/playground/field_editor.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSlider;
class QSpinBox;
class QToolButton;

namespace tintype::ui {

class ChoiceEditor : public FieldEditor {
    Q_OBJECT

public:
    ChoiceEditor(const SchemaField& field, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;

private:
    const SchemaField m_field;
    QComboBox* m_box;
};

class FlagEditor : public FieldEditor {
    Q_OBJECT

public:
    FlagEditor(const SchemaField& field, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;

private:
    const SchemaField m_field;
    QCheckBox* m_box;
};

/// A number, with a slider if it has both bounds. The slider covers the values that are usual; the number all.
class NumberEditor : public FieldEditor {
    Q_OBJECT

public:
    NumberEditor(const SchemaField& field, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;

private:
    bool isAbsent() const;
    double stepSize() const;
    void makeSlider();
    void showInSlider();

    const SchemaField m_field;
    QDoubleSpinBox* m_spin;
    QSlider* m_slider = nullptr;
};

/// Width and height of a picture, or a preset of them.
class SizeEditor : public FieldEditor {
    Q_OBJECT

public:
    SizeEditor(const SchemaField& field, const Theme& theme, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;

private:
    enum Item { Own = -1, Custom = -2 }; ///< data of the items that are no preset

    QSpinBox* makeSide(const QString& name);
    void onPreset();
    void onSide();
    void swap();
    void enableSides();

    const SchemaField m_field;
    QComboBox* m_preset;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QToolButton* m_swap;
};

} // namespace tintype::ui
