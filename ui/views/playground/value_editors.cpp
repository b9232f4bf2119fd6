// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/value_editors.h"

#include "deploy/domain/endpoint_fields.h"
#include "ui/models/format.h"
#include "ui/models/json_text.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr double kWidest = 1e12;    ///< of a number without bounds
constexpr int kDecimals = 6;
constexpr int kNarrowestSteps = 18;
constexpr int kSliderSteps = 100;   ///< of a number that is free
constexpr double kLongSlider = 60;  ///< more whole numbers than these are too fine for a slider
constexpr double kUsualWhole = 50;  ///< what it covers then
constexpr double kUsualNumber = 20;
constexpr double kTimesInitial = 4;

/// "3.5", not "3.500000".
class NumberSpin : public QDoubleSpinBox {
public:
    NumberSpin() { setMinimumWidth(Theme::space(kNarrowestSteps)); } // its bounds may be numbers of thirteen digits
    QString textFromValue(double value) const override
    {
        constexpr int digits = 12;
        return decimals() == 0 ? QDoubleSpinBox::textFromValue(value) : locale().toString(value, 'g', digits);
    }
};

QHBoxLayout* rowOf(QWidget* widget)
{
    auto* const row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(2));
    return row;
}

QString shownChoice(const QString& json)
{
    return textOfJson(json).value_or(json);
}

} // namespace

ChoiceEditor::ChoiceEditor(const SchemaField& field, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_box(new QComboBox)
{
    rowOf(this)->addWidget(m_box);
    setFocusProxy(m_box);
    m_box->setAccessibleName(field.title);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // the panel may be narrower than its choices
    if (!field.isDefault && !field.isRequired)
        m_box->addItem(tr("Model's own"), QString());
    for (const QString& choice : field.choices)
        m_box->addItem(shownChoice(choice), choice);
    connect(m_box, &QComboBox::activated, this, &FieldEditor::changed);
}

QString ChoiceEditor::json() const
{
    return m_box->currentData().toString();
}

void ChoiceEditor::setJson(const QString& json)
{
    if (const int index = m_box->findData(json); index >= 0)
        m_box->setCurrentIndex(index);
}

FlagEditor::FlagEditor(const SchemaField& field, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_box(new QCheckBox)
{
    rowOf(this)->addWidget(m_box);
    setFocusProxy(m_box);
    m_box->setText(tr("On"));
    m_box->setAccessibleName(field.title);
    connect(m_box, &QCheckBox::clicked, this, &FieldEditor::changed);
}

QString FlagEditor::json() const
{
    if (!m_box->isChecked() && m_field.initial.isEmpty() && !m_field.isRequired)
        return {};
    return m_box->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
}

void FlagEditor::setJson(const QString& json)
{
    m_box->setChecked(json == QLatin1String("true"));
}

NumberEditor::NumberEditor(const SchemaField& field, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_spin(new NumberSpin)
{
    const bool isWhole = field.kind == SchemaField::Kind::Integer;
    const double low = field.low.value_or(-kWidest);
    const bool canBeAbsent = !field.isDefault && !field.isRequired;
    m_spin->setDecimals(isWhole ? 0 : kDecimals);
    m_spin->setRange(canBeAbsent ? low - stepSize() : low, field.high.value_or(kWidest)); // one below the lowest stands for absent
    if (canBeAbsent)
        m_spin->setSpecialValueText(tr("Model's own"));
    m_spin->setSingleStep(stepSize());
    m_spin->setKeyboardTracking(true);
    m_spin->setAccessibleName(field.title);
    m_spin->setValue(m_spin->minimum());
    setFocusProxy(m_spin);
    auto* const row = rowOf(this);
    if (field.low && field.high && *field.high > *field.low) {
        makeSlider();
        row->addWidget(m_slider, 1);
        m_spin->setFixedWidth(Theme::space(24));
    }
    row->addWidget(m_spin, m_slider ? 0 : 1);
    connect(m_spin, &QDoubleSpinBox::valueChanged, this, [this] {
        showInSlider();
        Q_EMIT changed();
    });
}

double NumberEditor::stepSize() const
{
    if (m_field.step > 0)
        return m_field.step;
    if (m_field.kind == SchemaField::Kind::Integer)
        return 1;
    return m_field.low && m_field.high && *m_field.high - *m_field.low <= 2 ? 0.05 : 0.5;
}

void NumberEditor::makeSlider()
{
    const bool isWhole = m_field.kind == SchemaField::Kind::Integer;
    const double low = *m_field.low;
    double high = *m_field.high;
    if (high - low > kLongSlider) {
        const double initial = numberOfJson(m_field.initial).value_or(low);
        high = std::min(high, std::max(low + (isWhole ? kUsualWhole : kUsualNumber), initial * kTimesInitial));
    }
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setAccessibleName(m_field.title);
    const double step = isWhole || m_field.step > 0 ? stepSize() : (high - low) / kSliderSteps;
    m_slider->setRange(0, static_cast<int>(std::lround((high - low) / step)));
    m_slider->setPageStep(std::max(1, m_slider->maximum() / 10));
    connect(m_slider, &QSlider::valueChanged, this, [this, low, step](int value) { m_spin->setValue(low + value * step); });
    m_slider->setProperty("step", step);
}

void NumberEditor::showInSlider()
{
    if (!m_slider)
        return;
    const QSignalBlocker blocker(m_slider);
    const double step = m_slider->property("step").toDouble();
    m_slider->setValue(static_cast<int>(std::lround(std::clamp((m_spin->value() - *m_field.low) / step, 0.0, 1e6))));
}

bool NumberEditor::isAbsent() const
{
    return !m_spin->specialValueText().isEmpty() && m_spin->value() <= m_spin->minimum();
}

QString NumberEditor::json() const
{
    return isAbsent() ? QString() : jsonNumber(m_spin->value());
}

void NumberEditor::setJson(const QString& json)
{
    const QSignalBlocker blocker(this);
    if (const auto number = numberOfJson(json))
        m_spin->setValue(*number);
    else if (json.isEmpty() && !m_spin->specialValueText().isEmpty())
        m_spin->setValue(m_spin->minimum());
}

SizeEditor::SizeEditor(const SchemaField& field, const Theme& theme, QWidget* parent)
    : FieldEditor(parent)
    , m_field(field)
    , m_preset(new QComboBox)
    , m_width(makeSide(tr("Width")))
    , m_height(makeSide(tr("Height")))
    , m_swap(new QToolButton)
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(1));
    auto* const sides = new QHBoxLayout;
    sides->setSpacing(Theme::space(1));
    sides->addWidget(m_width, 1);
    sides->addWidget(m_swap);
    sides->addWidget(m_height, 1);
    column->addWidget(m_preset);
    column->addLayout(sides);
    m_swap->setIcon(theme.icon(QStringLiteral("swap-panels")));
    m_swap->setToolTip(tr("Swap width and height"));
    m_preset->setAccessibleName(field.title);
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setFocusProxy(m_preset);

    if (!field.isDefault && !field.isRequired)
        m_preset->addItem(tr("Model's own"), Own);
    m_preset->addItem(tr("Custom"), Custom);
    for (int i = 0; i < field.choices.size(); ++i) {
        const QString name = shownChoice(field.choices[i]);
        const auto presets = domain::sizePresets();
        const auto known = std::ranges::find(presets, name.toStdString(), &domain::SizePreset::name);
        const QString words = name.left(1).toUpper() + QString(name.mid(1)).replace(u'_', u' ').replace(QLatin1String(" hd"), QLatin1String(" HD"));
        m_preset->addItem(known == presets.end() ? words : tr("%1 · %2 × %3").arg(words).arg(known->width).arg(known->height), i);
    }
    connect(m_preset, &QComboBox::activated, this, [this] {
        onPreset();
        Q_EMIT changed();
    });
    connect(m_swap, &QToolButton::clicked, this, &SizeEditor::swap);
    enableSides();
}

QSpinBox* SizeEditor::makeSide(const QString& name)
{
    constexpr int widest = 16384;
    constexpr int usual = 512;
    auto* const spin = new QSpinBox;
    spin->setMinimumWidth(Theme::space(kNarrowestSteps));
    spin->setRange(static_cast<int>(m_field.low.value_or(1)), static_cast<int>(std::min<double>(m_field.high.value_or(widest), widest)));
    spin->setSingleStep(std::max(1, static_cast<int>(m_field.step)));
    spin->setValue(usual);
    spin->setSuffix(tr(" px"));
    spin->setAccessibleName(name);
    spin->setToolTip(name);
    connect(spin, &QSpinBox::valueChanged, this, &SizeEditor::onSide);
    connect(spin, &QSpinBox::editingFinished, this, [this, spin] { // to the next multiple
        const int step = spin->singleStep();
        spin->setValue((spin->value() + step / 2) / step * step);
    });
    return spin;
}

/// Shows the preset's sides.
void SizeEditor::onPreset()
{
    const int index = m_preset->currentData().toInt();
    if (index >= 0) {
        const auto presets = domain::sizePresets();
        const std::string name = shownChoice(m_field.choices[index]).toStdString();
        if (const auto known = std::ranges::find(presets, name, &domain::SizePreset::name); known != presets.end()) {
            const QSignalBlocker width(m_width);
            const QSignalBlocker height(m_height);
            m_width->setValue(known->width);
            m_height->setValue(known->height);
        }
    }
    enableSides();
}

void SizeEditor::onSide()
{
    m_preset->setCurrentIndex(m_preset->findData(Custom));
    Q_EMIT changed();
}

void SizeEditor::swap()
{
    const int width = m_width->value();
    m_width->setValue(m_height->value());
    m_height->setValue(width);
}

void SizeEditor::enableSides()
{
    const bool isOwn = m_preset->currentData().toInt() == Own;
    for (QWidget* side : {static_cast<QWidget*>(m_width), static_cast<QWidget*>(m_height), static_cast<QWidget*>(m_swap)})
        side->setEnabled(!isOwn);
}

QString SizeEditor::json() const
{
    const int index = m_preset->currentData().toInt();
    if (index >= 0)
        return m_field.choices[index];
    if (index == Own)
        return {};
    return jsonObject({{QStringLiteral("width"), QString::number(m_width->value())}, {QStringLiteral("height"), QString::number(m_height->value())}});
}

void SizeEditor::setJson(const QString& json)
{
    const QSignalBlocker blocker(this);
    if (const qsizetype index = m_field.choices.indexOf(json); index >= 0) {
        m_preset->setCurrentIndex(m_preset->findData(static_cast<int>(index)));
        return onPreset();
    }
    const QVector<JsonMember> members = jsonMembers(json);
    const auto width = numberOfJson(jsonMember(members, QStringLiteral("width")));
    const auto height = numberOfJson(jsonMember(members, QStringLiteral("height")));
    if (width && height) {
        m_width->setValue(static_cast<int>(std::clamp(*width, 0.0, 1e6)));
        m_height->setValue(static_cast<int>(std::clamp(*height, 0.0, 1e6)));
        m_preset->setCurrentIndex(m_preset->findData(Custom));
    } else if (const int own = m_preset->findData(Own); own >= 0) {
        m_preset->setCurrentIndex(own);
    }
    enableSides();
}

} // namespace tintype::ui
