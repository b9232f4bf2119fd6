// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/playground/field_editor.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace tintype::ui {

/// Several lines, as high as its text within limits. Tab leaves it.
class PromptEditor : public FieldEditor {
    Q_OBJECT

public:
    PromptEditor(const SchemaField& field, const Theme& theme, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;
    QString problem() const override;

private:
    void fitHeight();

    const SchemaField m_field;
    QPlainTextEdit* m_edit;
};

/// One line of text; or of JSON, with a red border while it is none.
class LineEditor : public FieldEditor {
    Q_OBJECT

public:
    LineEditor(const SchemaField& field, const Theme& theme, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;
    QString problem() const override;

private:
    void showState();

    const SchemaField m_field;
    QLineEdit* m_edit;
};

/// A picture that a call takes: an address, or a file that travels inside the call. Files can be dropped on it.
class PictureEditor : public FieldEditor {
    Q_OBJECT

public:
    PictureEditor(const SchemaField& field, const Theme& theme, QWidget* parent);

    QString json() const override;
    void setJson(const QString& json) override;
    QString problem() const override { return m_problem; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void choose();
    void read(const QString& path);
    void setProblem(const QString& sentence);

    const SchemaField m_field;
    QLineEdit* m_edit;
    QLabel* m_note;
    QString m_dataUri; ///< in place of the address while it is set
    QString m_problem;
};

} // namespace tintype::ui
