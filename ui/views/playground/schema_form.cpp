// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/schema_form.h"

#include "ui/models/json_text.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kLabelSteps = 22; ///< of the grid, width of the labels' column

QVBoxLayout* columnOf(QWidget* widget, int spacing)
{
    auto* const column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(spacing));
    return column;
}

/// Long texts stand below their label, the others beside it.
bool standsBelow(const SchemaField& field)
{
    return field.kind == SchemaField::Kind::Prompt || field.kind == SchemaField::Kind::Picture;
}

} // namespace

SchemaForm::SchemaForm(const Theme& theme, QWidget* parent)
    : QScrollArea(parent)
    , m_theme(theme)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
}

void SchemaForm::setFields(const QVector<SchemaField>& fields)
{
    if (fields == m_fields)
        return;
    const QString before = m_rows.empty() ? QString() : state();
    m_fields = fields;
    rebuild();
    reset();
    if (!before.isEmpty())
        setState(before);
}

void SchemaForm::rebuild()
{
    m_rows.clear();
    m_seed = nullptr;
    auto* const content = new QWidget;
    auto* const column = columnOf(content, 3);
    column->setContentsMargins(Theme::space(4), Theme::space(3), Theme::space(4), Theme::space(4));
    m_more = new QWidget;
    auto* const more = columnOf(m_more, 3);
    for (const SchemaField& field : std::as_const(m_fields))
        (field.isMain ? column : more)->addWidget(makeRow(field));
    m_moreButton = new QToolButton;
    m_moreButton->setText(tr("More (%1)").arg(more->count()));
    m_moreButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_moreButton->setVisible(more->count() > 0);
    connect(m_moreButton, &QToolButton::clicked, this, [this] { showMore(!m_showsMore); });
    column->addWidget(m_moreButton, 0, Qt::AlignLeft);
    column->addWidget(m_more);
    column->addStretch(1);
    setWidget(content); // the old one goes
    showMore(m_showsMore);
}

QWidget* SchemaForm::makeRow(const SchemaField& field)
{
    auto* const row = new QWidget;
    row->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* const label = new QLabel(field.isRequired ? tr("%1 *").arg(field.title) : field.title);
    auto* const editor = makeFieldEditor(field, m_theme, row);
    label->setProperty("role", QStringLiteral("muted"));
    label->setBuddy(editor);
    label->setToolTip(field.help);
    label->setWordWrap(true);
    editor->setToolTip(field.help);
    editor->setWhatsThis(field.help);
    if (standsBelow(field)) {
        auto* const column = columnOf(row, 1);
        column->addWidget(label);
        column->addWidget(editor);
    } else {
        auto* const line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(Theme::space(2));
        label->setFixedWidth(Theme::space(kLabelSteps));
        label->setMinimumHeight(m_theme.controlHeight());
        line->addWidget(label, 0, Qt::AlignTop);
        line->addWidget(editor, 1);
    }
    if (auto* const seed = qobject_cast<SeedEditor*>(editor); seed && !m_seed)
        m_seed = seed;
    connect(editor, &FieldEditor::changed, this, &SchemaForm::changed);
    m_rows.push_back({field, editor});
    return row;
}

bool SchemaForm::isMoreShown() const
{
    return m_showsMore;
}

void SchemaForm::showMore(bool isShown)
{
    m_showsMore = isShown;
    if (!m_more)
        return;
    m_more->setVisible(isShown);
    m_moreButton->setIcon(m_theme.icon(isShown ? QStringLiteral("arrow-down") : QStringLiteral("arrow-right")));
}

QString SchemaForm::input() const
{
    QVector<JsonMember> members;
    for (const Row& row : m_rows) {
        const QString json = row.editor->json();
        const bool isDefault = row.field.isDefault && isSameJson(json, row.field.initial);
        if (!json.isEmpty() && (row.field.isMain || !isDefault))
            members.append({row.field.name, json});
    }
    return jsonObject(members);
}

void SchemaForm::setInput(const QString& input)
{
    const QVector<JsonMember> members = jsonMembers(input);
    for (const Row& row : m_rows) {
        const QString json = jsonMember(members, row.field.name);
        row.editor->setJson(json.isEmpty() && row.editor != m_seed ? row.field.initial : json);
    }
    Q_EMIT changed();
}

QString SchemaForm::state() const
{
    QVector<JsonMember> members;
    for (const Row& row : m_rows) {
        if (const QString json = row.editor->json(); !json.isEmpty())
            members.append({row.field.name, json});
    }
    QVector<JsonMember> whole{{QStringLiteral("fields"), jsonObject(members)}};
    if (m_seed)
        whole.append({QStringLiteral("seed_mode"), jsonString(QLatin1String(seedModeName(m_seed->mode())))});
    return jsonObject(whole);
}

void SchemaForm::setState(const QString& state)
{
    const QVector<JsonMember> whole = jsonMembers(state);
    const QString fields = jsonMember(whole, QStringLiteral("fields"));
    if (!fields.startsWith(u'{'))
        return setInput(state);
    const QVector<JsonMember> members = jsonMembers(fields);
    for (const Row& row : m_rows) {
        const QString json = jsonMember(members, row.field.name);
        row.editor->setJson(json.isEmpty() && row.field.isDefault ? row.field.initial : json);
    }
    const QString mode = jsonMember(whole, QStringLiteral("seed_mode"));
    if (m_seed && !mode.isEmpty())
        m_seed->setMode(seedModeFromName(textOfJson(mode).value_or(QString())));
    Q_EMIT changed();
}

void SchemaForm::reset()
{
    for (const Row& row : m_rows)
        row.editor->setJson(row.field.initial);
    Q_EMIT changed();
}

const SchemaForm::Row* SchemaForm::firstProblem() const
{
    const auto found = std::ranges::find_if(m_rows, [](const Row& row) { return !row.editor->problem().isEmpty(); });
    return found == m_rows.end() ? nullptr : &*found;
}

QString SchemaForm::problem() const
{
    const Row* row = firstProblem();
    return row ? row->editor->problem() : QString();
}

void SchemaForm::focusProblem()
{
    const Row* row = firstProblem();
    if (!row)
        return;
    if (!row->field.isMain)
        showMore(true);
    row->editor->setFocus();
    ensureWidgetVisible(row->editor);
}

void SchemaForm::focusPrompt()
{
    const auto prompt = std::ranges::find_if(m_rows, [](const Row& row) { return row.field.kind == SchemaField::Kind::Prompt; });
    if (prompt != m_rows.end())
        prompt->editor->setFocus();
}

void SchemaForm::advanceSeed()
{
    if (!m_seed)
        return;
    m_seed->advance();
    Q_EMIT changed();
}

} // namespace tintype::ui
