// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/schema_fields.h"

#include <QWidget>

namespace tintype::ui {

class Theme;

/// Edits one input of an endpoint. Its value is JSON as text; empty = the call leaves the field out.
class FieldEditor : public QWidget {
    Q_OBJECT

public:
    explicit FieldEditor(QWidget* parent = nullptr)
        : QWidget(parent)
    {
    }

    virtual QString json() const = 0;

    /// What does not fit (another type, out of bounds) is taken as near as goes, or not at all. Emits nothing.
    virtual void setJson(const QString& json) = 0;

    virtual QString problem() const { return {}; } ///< why the call cannot be made, a sentence; empty = it can

Q_SIGNALS:
    void changed(); ///< by the user
};

/// The editor for a field's kind: one line, several lines, choice, check box, slider and number, seed, size, picture, JSON.
FieldEditor* makeFieldEditor(const SchemaField& field, const Theme& theme, QWidget* parent);

} // namespace tintype::ui
