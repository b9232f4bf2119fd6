// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/axis_editor.h"

#include "ui/theme/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QStyle>
#include <algorithm>

namespace tintype::ui {
namespace {

enum ItemRole { KindRole = Qt::UserRole, NameRole };

QString titleOf(const GridParameter& parameter) { return parameter.title.isEmpty() ? parameter.name : parameter.title; }

QString exampleOf(const GridParameter& parameter)
{
    switch (parameter.type) {
    case GridParameter::Type::Integer: return AxisEditor::tr("1..8, or 20, 28, 50, or 0..100 step 10");
    case GridParameter::Type::Number: return AxisEditor::tr("0, 3.5, 7, or 1..4 step 0.5");
    case GridParameter::Type::Boolean: return AxisEditor::tr("false, true, or * for both");
    case GridParameter::Type::Choice: return AxisEditor::tr("%1, or * for all").arg(parameter.choices.mid(0, 2).join(QStringLiteral(", ")));
    case GridParameter::Type::Size: return AxisEditor::tr("512x512, 768x512, or a preset");
    case GridParameter::Type::Text: return AxisEditor::tr("a red circle|a blue star");
    }
    return {};
}

} // namespace

AxisEditor::AxisEditor(const QString& title, QGridLayout& layout, int row, QObject* parent)
    : QObject(parent)
    , m_kind(new QComboBox)
    , m_values(new QLineEdit)
    , m_state(new QLabel)
{
    auto* const label = new QLabel(title);
    label->setBuddy(m_kind);
    m_kind->setAccessibleName(title);
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_kind->setMinimumContentsLength(14);
    m_values->setAccessibleName(tr("Values of %1").arg(title));
    m_state->setProperty("role", QStringLiteral("caption"));
    m_state->setWordWrap(true);
    layout.addWidget(label, row, 0);
    layout.addWidget(m_kind, row, 1);
    layout.addWidget(m_values, row, 2);
    layout.addWidget(m_state, row, 3);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &AxisEditor::updateState);
    connect(m_values, &QLineEdit::textChanged, this, &AxisEditor::updateState);
    setChoices({}, {}, {});
}

void AxisEditor::setChoices(const QVector<GridParameter>& parameters, const QStringList& targets, const QStringList& apps)
{
    if (m_kind->count() > 0 && m_parameters == parameters && m_targets == targets && m_apps == apps)
        return;
    const QString kept = m_kind->currentData(NameRole).toString();
    const auto keptKind = kind();
    m_parameters = parameters;
    m_targets = targets;
    m_apps = apps;
    {
        const QSignalBlocker blocker(m_kind);
        m_kind->clear();
        const auto add = [this](const QString& text, GridAxis::Kind kind, const QString& name) {
            m_kind->addItem(text);
            m_kind->setItemData(m_kind->count() - 1, static_cast<int>(kind), KindRole);
            m_kind->setItemData(m_kind->count() - 1, name, NameRole);
        };
        add(tr("Not used"), GridAxis::Kind::None, {});
        for (const GridParameter& parameter : parameters)
            add(titleOf(parameter), GridAxis::Kind::Parameter, parameter.name);
        add(tr("Host"), GridAxis::Kind::Target, {});
        add(tr("App"), GridAxis::Kind::App, {});
        m_kind->setItemData(m_kind->count() - 1,
            tr("A revision is called where it is deployed: to compare two, deploy one under another name and go through the apps."), Qt::ToolTipRole);
        for (int item = 0; item < m_kind->count(); ++item) {
            if (m_kind->itemData(item, NameRole).toString() == kept && m_kind->itemData(item, KindRole).toInt() == static_cast<int>(keptKind))
                m_kind->setCurrentIndex(item);
        }
    }
    updateState();
}

void AxisEditor::setAxis(const GridAxis& axis)
{
    for (int item = 0; item < m_kind->count(); ++item) {
        if (m_kind->itemData(item, KindRole).toInt() == static_cast<int>(axis.kind) && m_kind->itemData(item, NameRole).toString() == axis.name)
            m_kind->setCurrentIndex(item);
    }
    m_values->setText(axis.text);
}

GridAxis::Kind AxisEditor::kind() const
{
    return static_cast<GridAxis::Kind>(m_kind->currentData(KindRole).toInt());
}

const GridParameter* AxisEditor::parameter() const
{
    const QString name = m_kind->currentData(NameRole).toString();
    const auto found = std::ranges::find(m_parameters, name, &GridParameter::name);
    return kind() == GridAxis::Kind::Parameter && found != m_parameters.end() ? &*found : nullptr;
}

Result<GridAxis> AxisEditor::axis() const
{
    GridAxis axis{kind(), m_kind->currentData(NameRole).toString(), m_kind->currentText(), m_values->text(), {}};
    switch (axis.kind) {
    case GridAxis::Kind::None:
        return axis;
    case GridAxis::Kind::Parameter:
        if (const GridParameter* const which = parameter()) {
            TINTYPE_TRY_ASSIGN(axis.values, parseAxisValues(*which, axis.text));
        }
        return axis;
    case GridAxis::Kind::Target: {
        TINTYPE_TRY_ASSIGN(axis.values, parseAxisNames(axis.text, m_targets));
        return axis;
    }
    case GridAxis::Kind::App: {
        TINTYPE_TRY_ASSIGN(axis.values, parseAxisNames(axis.text, m_apps));
        return axis;
    }
    }
    return axis;
}

void AxisEditor::updateState()
{
    const bool isUsed = kind() != GridAxis::Kind::None;
    m_values->setEnabled(isUsed);
    if (const GridParameter* const which = parameter())
        m_values->setPlaceholderText(exampleOf(*which));
    else if (isUsed)
        m_values->setPlaceholderText(tr("%1, or * for all").arg((kind() == GridAxis::Kind::Target ? m_targets : m_apps).mid(0, 2).join(QStringLiteral(", "))));
    else
        m_values->setPlaceholderText({});
    const Result<GridAxis> now = axis();
    m_values->setProperty("state", now ? QString() : QStringLiteral("error"));
    m_state->setProperty("role", now ? QStringLiteral("caption") : QStringLiteral("error"));
    for (QWidget* const widget : std::initializer_list<QWidget*>{m_values, m_state}) {
        widget->style()->unpolish(widget);
        widget->style()->polish(widget);
    }
    if (!now)
        m_state->setText(QString::fromStdString(now.error().message));
    else
        m_state->setText(isUsed ? tr("%n value(s)", nullptr, static_cast<int>(now->values.size())) : QString());
    Q_EMIT changed();
}

} // namespace tintype::ui
