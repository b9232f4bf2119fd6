// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>

class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace tintype::ui {

class Theme;

/// A field of the form: label, editor, unit, where its value comes from, and a button that takes it out of the file. What the user
/// enters is told as YAML; what the document says is shown without telling it back.
class FormRow : public QWidget {
    Q_OBJECT

public:
    /// What a text that was entered is: a text, YAML already, or names separated by commas.
    enum class Entry { Text, Yaml, Names };

    static FormRow* text(const Theme& theme, const std::string& field, const QString& label, const QString& placeholder, Entry entry = Entry::Text);
    static FormRow* number(const Theme& theme, const std::string& field, const QString& label, int low, int high, const QString& unit);
    static FormRow* choice(const Theme& theme, const std::string& field, const QString& label, const QStringList& choices); ///< of these only
    static FormRow* suggestion(const Theme& theme, const std::string& field, const QString& label, Entry entry = Entry::Text); ///< or another

    const std::string& field() const { return m_field; }

    /// @param value as the file has it, else as it will be   @param isInFile the file has the field   @param note muted
    void showValue(const QString& value, bool isInFile, const QString& note);
    void setChoices(const QStringList& choices);
    void setProblem(const QString& sentence); ///< empty = none
    void addButton(QToolButton* button);      ///< at the end of the row

Q_SIGNALS:
    void edited(const std::string& field, const QString& yaml); ///< empty = remove

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    FormRow(const Theme& theme, std::string field, const QString& label, QWidget* editor, const QString& unit, Entry entry);
    void watchLine(QLineEdit* line);
    void tell(const QString& text);
    void showNote();

    const std::string m_field;
    const Entry m_entry;
    QLineEdit* m_line = nullptr;
    QSpinBox* m_spin = nullptr;
    QComboBox* m_combo = nullptr;
    QWidget* m_editor;
    QLabel* m_note;
    QToolButton* m_reset;
    QString m_source;
    QString m_problem;
};

} // namespace tintype::ui
