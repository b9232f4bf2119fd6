// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/seed_editor.h"

#include "ui/models/json_text.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QToolButton>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tintype::ui {
namespace {

constexpr std::array kModeNames{"random", "lock", "increment"}; // in the order of SeedMode
constexpr double kTwoTo64 = 18446744073709551616.0;

quint64 highestOf(const SchemaField& field)
{
    const double high = field.high.value_or(kTwoTo64);
    return high >= kTwoTo64 ? std::numeric_limits<quint64>::max() : static_cast<quint64>(std::max(0.0, std::floor(high)));
}

} // namespace

const char* seedModeName(SeedMode mode)
{
    return kModeNames[static_cast<std::size_t>(mode)];
}

SeedMode seedModeFromName(const QString& name)
{
    const auto found = std::ranges::find_if(kModeNames, [&](const char* known) { return name == QLatin1String(known); });
    return found == kModeNames.end() ? SeedMode::Random : static_cast<SeedMode>(found - kModeNames.begin());
}

SeedSpin::SeedSpin(quint64 highest, QWidget* parent)
    : QAbstractSpinBox(parent)
    , m_highest(highest)
{
    setValue(0);
    connect(lineEdit(), &QLineEdit::textEdited, this, [this](const QString& text) {
        m_value = text.toULongLong();
        Q_EMIT edited();
    });
    connect(this, &QAbstractSpinBox::editingFinished, this, [this] { setValue(m_value); });
}

void SeedSpin::setValue(quint64 value)
{
    m_value = std::min(value, m_highest);
    lineEdit()->setText(QString::number(m_value));
}

void SeedSpin::stepBy(int steps)
{
    const quint64 distance = static_cast<quint64>(std::abs(static_cast<qint64>(steps)));
    const quint64 room = steps > 0 ? m_highest - m_value : m_value;
    setValue(steps > 0 ? m_value + std::min(distance, room) : m_value - std::min(distance, room));
    Q_EMIT edited();
}

QValidator::State SeedSpin::validate(QString& input, int&) const
{
    if (input.isEmpty())
        return QValidator::Intermediate;
    bool isNumber = false;
    const quint64 value = input.toULongLong(&isNumber);
    return isNumber && value <= m_highest && !input.startsWith(u'+') ? QValidator::Acceptable : QValidator::Invalid;
}

QAbstractSpinBox::StepEnabled SeedSpin::stepEnabled() const
{
    return (m_value > 0 ? StepDownEnabled : StepNone) | (m_value < m_highest ? StepUpEnabled : StepNone);
}

SeedEditor::SeedEditor(const SchemaField& field, const Theme& theme, QWidget* parent)
    : FieldEditor(parent)
    , m_highest(highestOf(field))
    , m_spin(new SeedSpin(m_highest))
    , m_modes(new QButtonGroup(this))
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(1));
    row->addWidget(m_spin, 1);
    m_spin->setMinimumWidth(Theme::space(18));
    m_spin->setAccessibleName(field.title);
    setFocusProxy(m_spin);
    addMode(SeedMode::Random, QStringLiteral("randomize"), tr("Another seed for each call"), theme);
    addMode(SeedMode::Lock, QStringLiteral("object-locked"), tr("The same seed for each call"), theme);
    addMode(SeedMode::Increment, QStringLiteral("list-add"), tr("One more for each call"), theme);
    drawSeed();
    setMode(SeedMode::Random);
    connect(m_spin, &SeedSpin::edited, this, [this] {
        if (mode() == SeedMode::Random)
            setMode(SeedMode::Lock);
        Q_EMIT changed();
    });
    connect(m_modes, &QButtonGroup::idClicked, this, [this](int id) {
        if (static_cast<SeedMode>(id) == SeedMode::Random)
            drawSeed();
        Q_EMIT changed();
    });
}

void SeedEditor::addMode(SeedMode mode, const QString& icon, const QString& tip, const Theme& theme)
{
    auto* const button = new QToolButton;
    button->setIcon(theme.icon(icon));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setCheckable(true);
    m_modes->addButton(button, static_cast<int>(mode));
    layout()->addWidget(button);
}

SeedMode SeedEditor::mode() const
{
    return static_cast<SeedMode>(m_modes->checkedId());
}

void SeedEditor::setMode(SeedMode mode)
{
    m_modes->button(static_cast<int>(mode))->setChecked(true);
}

/// Ten digits at most: every JSON reader keeps them.
void SeedEditor::drawSeed()
{
    const quint32 drawn = QRandomGenerator::global()->generate();
    m_spin->setValue(m_highest == std::numeric_limits<quint64>::max() ? drawn : drawn % (m_highest + 1));
}

QString SeedEditor::json() const
{
    return QString::number(m_spin->value());
}

void SeedEditor::setJson(const QString& json)
{
    const auto seed = wholeOfJson(json);
    setMode(seed ? SeedMode::Lock : SeedMode::Random);
    if (seed)
        m_spin->setValue(*seed);
    else
        drawSeed();
}

void SeedEditor::advance()
{
    switch (mode()) {
    case SeedMode::Random: return drawSeed();
    case SeedMode::Increment: return m_spin->setValue(m_spin->value() == m_highest ? 0 : m_spin->value() + 1);
    case SeedMode::Lock: return;
    }
}

} // namespace tintype::ui
