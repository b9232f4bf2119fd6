// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/setting_row.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <algorithm>
#include <set>

namespace tintype::ui {
namespace {

using domain::ScalingSlot;
using Seconds = std::chrono::seconds;

constexpr int kUsualReplicas = 16;
constexpr int kUsualPercent = 200;
constexpr int kPercentStep = 10;
constexpr int kSpinSteps = 26;

/// Fields whose new value counts for replicas that start from now on.
const std::set<std::string_view> kForNewReplicas{"request_timeout", "startup_timeout", "termination_grace_period_seconds"};

bool isSeconds(const domain::ScalingField& field) { return std::holds_alternative<ScalingSlot<Seconds>>(field.slot); }

std::vector<int> stopsOf(const domain::ScalingField& field)
{
    std::vector<int> stops;
    if (isSeconds(field)) {
        for (const int seconds : {0, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14'400, 43'200, 86'400})
            stops.push_back(seconds);
    } else {
        const bool isPercent = field.name == "concurrency_buffer_perc";
        for (int value = 0; value <= (isPercent ? kUsualPercent : kUsualReplicas); value += isPercent ? kPercentStep : 1)
            stops.push_back(value);
    }
    std::erase_if(stops, [&](int value) { return value < field.low || value > field.high; });
    return stops;
}

int valueOf(const domain::ScalingField& field, const domain::Scaling& scaling)
{
    if (const auto* const slot = std::get_if<ScalingSlot<Seconds>>(&field.slot))
        return static_cast<int>((scaling.*slot->value).count());
    const auto* const number = std::get_if<ScalingSlot<int>>(&field.slot);
    return number ? scaling.*number->value : 0;
}

} // namespace

bool SettingRow::canShow(const domain::ScalingField& field)
{
    return isSeconds(field) || std::holds_alternative<ScalingSlot<int>>(field.slot);
}

SettingRow::SettingRow(const domain::ScalingField& field, QGridLayout& grid, int row, QObject* parent)
    : QObject(parent)
    , m_field(field)
    , m_stops(stopsOf(field))
    , m_label(new QLabel(qs(std::string(field.name))))
    , m_slider(new QSlider(Qt::Horizontal))
    , m_spin(new QSpinBox)
{
    const QString help = qs(std::string(field.help));
    m_slider->setRange(0, static_cast<int>(m_stops.size()) - 1);
    m_slider->setPageStep(1);
    m_spin->setRange(field.low, field.high);
    m_spin->setAlignment(Qt::AlignRight);
    m_spin->setMinimumWidth(Theme::space(kSpinSteps));
    m_spin->setKeyboardTracking(true);
    if (isSeconds(field))
        m_spin->setSuffix(tr(" s"));
    else if (field.name == "concurrency_buffer_perc")
        m_spin->setSuffix(tr(" %"));
    m_spin->setAccessibleName(m_label->text());
    m_slider->setAccessibleName(m_label->text());
    for (QWidget* const widget : {static_cast<QWidget*>(m_label), static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_spin)})
        widget->setToolTip(help);
    m_label->setBuddy(m_spin);
    auto* const effect = new QLabel(kForNewReplicas.contains(field.name) ? tr("new replicas") : tr("at once"));
    effect->setProperty("role", QStringLiteral("muted"));
    effect->setToolTip(tr("When a new value takes effect"));
    grid.addWidget(m_label, row, 0);
    grid.addWidget(m_slider, row, 1);
    grid.addWidget(m_spin, row, 2);
    grid.addWidget(effect, row, 3);
    connect(m_slider, &QSlider::valueChanged, this, [this](int place) { m_spin->setValue(m_stops[static_cast<std::size_t>(place)]); });
    connect(m_spin, &QSpinBox::valueChanged, this, [this](int value) {
        showValue(value);
        Q_EMIT changed();
    });
}

/// The slider at the last of its places that is not above the value.
void SettingRow::showValue(int value)
{
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietSpin(m_spin);
    const auto above = std::ranges::upper_bound(m_stops, value);
    m_slider->setValue(std::max(0, static_cast<int>(above - m_stops.begin()) - 1));
    m_spin->setValue(value);
    QFont font = m_label->font();
    font.setBold(isChanged());
    m_label->setFont(font);
}

void SettingRow::setLive(const domain::Scaling& scaling)
{
    const bool wasChanged = isChanged();
    m_live = valueOf(m_field, scaling);
    if (!wasChanged)
        showValue(m_live);
}

void SettingRow::revert() { showValue(m_live); }
bool SettingRow::isChanged() const { return m_spin->value() != m_live; }

void SettingRow::addTo(domain::ScalingSettings& changes) const
{
    if (!isChanged())
        return;
    if (const auto* const slot = std::get_if<ScalingSlot<Seconds>>(&m_field.slot))
        changes.*slot->setting = Seconds(m_spin->value());
    else if (const auto* const number = std::get_if<ScalingSlot<int>>(&m_field.slot))
        changes.*number->setting = m_spin->value();
}

} // namespace tintype::ui
