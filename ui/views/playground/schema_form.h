// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/schema_fields.h"
#include "ui/views/playground/seed_editor.h"

#include <QScrollArea>
#include <vector>

class QToolButton;
class QVBoxLayout;

namespace tintype::ui {

/// The inputs of an endpoint to fill in: the main ones, and the others under "More".
class SchemaForm : public QScrollArea {
    Q_OBJECT

public:
    explicit SchemaForm(const Theme& theme, QWidget* parent = nullptr);

    /// Other fields; those of the same name keep their values.
    void setFields(const QVector<SchemaField>& fields);
    const QVector<SchemaField>& fields() const { return m_fields; }

    /// JSON object of the call: all main fields that have a value, and of the others those that differ from the app's default.
    QString input() const;
    void setInput(const QString& input); ///< fields that it lacks get their first values

    /// JSON object of everything as it is filled in: {"fields": {…}, "seed_mode": "lock"}.
    QString state() const;
    void setState(const QString& state); ///< an input object will do too
    void reset();                        ///< the first values

    QString problem() const; ///< of the first field that has one; empty = the call can be made
    void focusProblem();
    void focusPrompt();

    SeedEditor* seed() const { return m_seed; } ///< null if the endpoint takes none
    void advanceSeed();

    bool isMoreShown() const;
    void showMore(bool isShown);

Q_SIGNALS:
    void changed();

private:
    struct Row {
        SchemaField field;
        FieldEditor* editor;
    };

    void rebuild();
    QWidget* makeRow(const SchemaField& field);
    const Row* firstProblem() const;

    const Theme& m_theme;
    QVector<SchemaField> m_fields;
    std::vector<Row> m_rows;
    SeedEditor* m_seed = nullptr;
    QToolButton* m_moreButton = nullptr;
    QWidget* m_more = nullptr;
    bool m_showsMore = false;
};

} // namespace tintype::ui
