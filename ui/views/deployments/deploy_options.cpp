// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/deploy_options.h"

#include "ui/models/targets.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>

namespace tintype::ui {
namespace {

constexpr int kMaxMessage = 2048; ///< fal's limit
constexpr int kMaxName = 63;
constexpr int kAsTheFileSays = -1;

} // namespace

DeployOptions::DeployOptions(Targets& targets, QWidget* parent)
    : QWidget(parent)
    , m_targets(targets)
    , m_target(new QComboBox)
    , m_name(new QLineEdit)
    , m_message(new QLineEdit)
    , m_auth(new QComboBox)
    , m_strategy(new QComboBox)
    , m_resetScale(new QCheckBox(tr("Take all settings from the file, not from the app")))
{
    m_target->setModel(&targets);
    m_name->setMaxLength(kMaxName);
    m_message->setMaxLength(kMaxMessage);
    m_message->setPlaceholderText(tr("What is new, for the list of revisions"));
    m_auth->addItem(tr("As the file or the app says"), kAsTheFileSays);
    m_auth->addItem(tr("Private: keys of the host"), static_cast<int>(domain::AuthMode::Private));
    m_auth->addItem(tr("Public: anyone"), static_cast<int>(domain::AuthMode::Public));
    m_auth->addItem(tr("Shared: anyone with a key"), static_cast<int>(domain::AuthMode::Shared));
    m_strategy->addItem(tr("Rolling: the new revision must be ready first"), static_cast<int>(control::Strategy::Rolling));
    m_strategy->addItem(tr("Recreate: at once"), static_cast<int>(control::Strategy::Recreate));
    m_resetScale->setToolTip(tr("A deploy keeps keep_alive, concurrency, delays and regions as they were set on the host, unless this is on"));

    auto* const form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(Theme::space(3));
    form->setVerticalSpacing(Theme::space(2));
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Host"), m_target);
    form->addRow(tr("&App"), m_name);
    form->addRow(tr("&Message"), m_message);
    form->addRow(tr("Who may &call it"), m_auth);
    form->addRow(tr("&Strategy"), m_strategy);
    form->addRow({}, m_resetScale);

    connect(m_target, &QComboBox::currentIndexChanged, this, &DeployOptions::changed);
    connect(m_name, &QLineEdit::textChanged, this, &DeployOptions::changed);
    connect(m_auth, &QComboBox::currentIndexChanged, this, &DeployOptions::changed);
    connect(m_resetScale, &QCheckBox::toggled, this, &DeployOptions::changed);
}

void DeployOptions::begin(Target* target, const QString& name)
{
    const auto& all = m_targets.all();
    for (std::size_t row = 0; row < all.size(); ++row) {
        if (all[row].get() == target)
            m_target->setCurrentIndex(static_cast<int>(row));
    }
    m_name->setText(name);
    m_message->clear();
    m_message->setFocus();
}

Target* DeployOptions::target() const
{
    const auto row = static_cast<std::size_t>(std::max(m_target->currentIndex(), 0));
    return row < m_targets.all().size() ? m_targets.all()[row].get() : nullptr;
}

control::PushOptions DeployOptions::options() const
{
    control::PushOptions options;
    options.name = m_name->text().trimmed().toStdString();
    options.message = m_message->text().trimmed().toStdString();
    options.strategy = static_cast<control::Strategy>(m_strategy->currentData().toInt());
    options.resetScale = m_resetScale->isChecked();
    if (const int auth = m_auth->currentData().toInt(); auth != kAsTheFileSays)
        options.auth = static_cast<domain::AuthMode>(auth);
    return options;
}

} // namespace tintype::ui
