// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/form_row.h"

#include "ui/models/yaml_tree.h"
#include "ui/theme/theme.h"
#include "ui/views/apps/completion.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kLabelSteps = 30;
constexpr int kNumberSteps = 24;
constexpr int kUnitSteps = 20;
constexpr int kMostSuggested = 12; ///< letters that a choice is at least wide

void setRole(QWidget& widget, const char* name, const QString& value)
{
    if (widget.property(name).toString() == value)
        return;
    widget.setProperty(name, value);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

/// "A, B" → "[A, B]"
QString listText(const QString& names)
{
    QStringList texts;
    const QStringList parts = names.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& name : parts) {
        if (!name.trimmed().isEmpty())
            texts += yamlScalar(name.trimmed());
    }
    return texts.isEmpty() ? QString() : QString(QLatin1Char('[') + texts.join(QLatin1String(", ")) + QLatin1Char(']'));
}

} // namespace

FormRow::FormRow(const Theme& theme, std::string field, const QString& label, QWidget* editor, const QString& unit, Entry entry)
    : m_field(std::move(field))
    , m_entry(entry)
    , m_editor(editor)
    , m_note(new QLabel)
    , m_reset(new QToolButton)
{
    auto* const name = new QLabel(label);
    name->setFixedWidth(Theme::space(kLabelSteps));
    name->setBuddy(editor);
    const QString help = fieldHelpText(m_field);
    name->setToolTip(help);
    editor->setToolTip(help);
    editor->setAccessibleName(label);
    m_note->setProperty("role", QStringLiteral("caption"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_reset->setIcon(theme.icon(QStringLiteral("edit-clear"), ColorToken::TextMuted));
    m_reset->setToolTip(tr("Take it out of the file"));
    m_reset->setAccessibleName(tr("Take %1 out of the file").arg(label));

    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(2));
    row->addWidget(name);
    row->addWidget(editor, unit.isNull() ? 3 : 0);
    if (!unit.isNull()) {
        auto* const unitLabel = new QLabel(unit);
        unitLabel->setProperty("role", QStringLiteral("muted"));
        unitLabel->setFixedWidth(Theme::space(kUnitSteps));
        row->addWidget(unitLabel);
    }
    row->addWidget(m_note, 2);
    row->addWidget(m_reset);
    QSizePolicy keepsRoom = m_reset->sizePolicy();
    keepsRoom.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(keepsRoom);
    m_reset->hide();
    connect(m_reset, &QToolButton::clicked, this, [this] { Q_EMIT edited(m_field, {}); });
}

FormRow* FormRow::text(const Theme& theme, const std::string& field, const QString& label, const QString& placeholder, Entry entry)
{
    auto* const line = new QLineEdit;
    line->setPlaceholderText(placeholder);
    auto* const row = new FormRow(theme, field, label, line, {}, entry);
    row->m_line = line;
    row->watchLine(line);
    return row;
}

FormRow* FormRow::number(const Theme& theme, const std::string& field, const QString& label, int low, int high, const QString& unit)
{
    auto* const spin = new QSpinBox;
    spin->setRange(low, high);
    spin->setFixedWidth(Theme::space(kNumberSteps));
    spin->setAlignment(Qt::AlignRight);
    spin->setKeyboardTracking(false);
    auto* const row = new FormRow(theme, field, label, spin, unit.isNull() ? QStringLiteral("") : unit, Entry::Yaml);
    row->m_spin = spin;
    spin->setFocusPolicy(Qt::StrongFocus);
    spin->installEventFilter(row);
    connect(spin, &QSpinBox::valueChanged, row, [row](int value) { row->tell(QString::number(value)); });
    return row;
}

FormRow* FormRow::choice(const Theme& theme, const std::string& field, const QString& label, const QStringList& choices)
{
    auto* const row = suggestion(theme, field, label);
    row->m_combo->setEditable(false);
    row->m_combo->addItems(choices);
    return row;
}

FormRow* FormRow::suggestion(const Theme& theme, const std::string& field, const QString& label, Entry entry)
{
    auto* const combo = new QComboBox;
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(kMostSuggested);
    auto* const row = new FormRow(theme, field, label, combo, {}, entry);
    row->m_combo = combo;
    combo->setFocusPolicy(Qt::StrongFocus);
    combo->installEventFilter(row);
    row->watchLine(combo->lineEdit());
    connect(combo, &QComboBox::activated, row, [row, combo] { row->tell(combo->currentText()); });
    return row;
}

void FormRow::watchLine(QLineEdit* line)
{
    connect(line, &QLineEdit::editingFinished, this, [this, line] {
        if (!line->isModified())
            return;
        line->setModified(false);
        tell(line->text().trimmed());
    });
}

void FormRow::tell(const QString& text)
{
    const QString yaml = text.isEmpty() || m_entry == Entry::Yaml ? text : m_entry == Entry::Names ? listText(text) : yamlScalar(text);
    Q_EMIT edited(m_field, yaml);
}

/// The wheel scrolls the form, and changes a field only while that has the focus.
bool FormRow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel || m_editor->hasFocus())
        return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

void FormRow::showValue(const QString& value, bool isInFile, const QString& note)
{
    if (m_line && !(m_line->hasFocus() && m_line->isModified()) && m_line->text() != value) {
        m_line->setText(value);
        m_line->setCursorPosition(0);
    }
    if (m_spin) {
        const QSignalBlocker blocker(m_spin);
        bool isNumber = false;
        const int number = value.toInt(&isNumber);
        m_spin->setValue(number);
        if (!isNumber || m_spin->value() != number) // "5m" is shown as it stands
            m_spin->findChild<QLineEdit*>()->setText(value);
    }
    if (m_combo && !(m_combo->isEditable() && m_combo->hasFocus() && m_combo->lineEdit()->isModified())) {
        const QSignalBlocker blocker(m_combo);
        if (m_combo->isEditable())
            m_combo->setEditText(value);
        else
            m_combo->setCurrentIndex(m_combo->findText(value));
    }
    m_source = note;
    m_reset->setVisible(isInFile);
    showNote();
}

void FormRow::setChoices(const QStringList& choices)
{
    QStringList known;
    for (int i = 0; i < m_combo->count(); ++i)
        known += m_combo->itemText(i);
    if (known == choices)
        return;
    const QSignalBlocker blocker(m_combo);
    const QString text = m_combo->currentText();
    m_combo->clear();
    m_combo->addItems(choices);
    if (m_combo->isEditable())
        m_combo->setEditText(text);
    else
        m_combo->setCurrentIndex(m_combo->findText(text));
}

void FormRow::setProblem(const QString& sentence)
{
    m_problem = sentence;
    showNote();
    setRole(*m_note, "role", sentence.isEmpty() ? QStringLiteral("caption") : QStringLiteral("error"));
    setRole(*m_editor, "state", sentence.isEmpty() ? QString() : QStringLiteral("error"));
}

void FormRow::showNote()
{
    m_note->setText(m_problem.isEmpty() ? m_source : m_problem);
    m_note->setToolTip(m_note->text());
}

void FormRow::addButton(QToolButton* button)
{
    layout()->addWidget(button);
}

} // namespace tintype::ui
