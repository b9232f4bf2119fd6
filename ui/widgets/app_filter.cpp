// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/app_filter.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>

namespace tintype::ui {
namespace {

constexpr int kShortestText = 10;

/// "All …" first, then these, and the chosen one although it is not among them.
void fillCombo(QComboBox& combo, const QString& all, const QStringList& texts, const std::string& chosen)
{
    QStringList wanted = QStringList{all} + texts;
    if (!chosen.empty() && !texts.contains(qs(chosen)))
        wanted += qs(chosen);
    QStringList present;
    for (int index = 0; index < combo.count(); ++index)
        present += combo.itemText(index);
    if (present != wanted) {
        combo.clear();
        combo.addItems(wanted);
    }
    combo.setCurrentIndex(chosen.empty() ? 0 : static_cast<int>(wanted.indexOf(qs(chosen), 1)));
}

std::string chosenIn(const QComboBox& combo)
{
    return combo.currentIndex() <= 0 ? std::string() : combo.currentText().toStdString();
}

} // namespace

AppFilter::AppFilter(const Targets& targets, QWidget* parent)
    : QWidget(parent)
    , m_targets(targets)
    , m_apps(new QComboBox)
    , m_endpoints(new QComboBox)
{
    m_apps->setAccessibleName(tr("App"));
    m_endpoints->setAccessibleName(tr("Endpoint"));
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(2));
    for (QComboBox* const combo : {m_apps, m_endpoints}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(kShortestText);
        combo->view()->setTextElideMode(Qt::ElideMiddle);
        row->addWidget(combo);
        connect(combo, &QComboBox::activated, this, &AppFilter::onActivated);
    }
    connect(&targets, &Targets::currentChanged, this, &AppFilter::connectTarget);
    connectTarget(targets.current());
}

void AppFilter::connectTarget(Target* target)
{
    if (m_target)
        disconnect(m_target, nullptr, this, nullptr);
    m_target = target;
    if (target)
        connect(target, &Target::appsChanged, this, &AppFilter::fill);
    fill();
}

void AppFilter::choose(const std::string& app, const std::string& endpoint)
{
    m_app = app;
    m_endpoint = endpoint;
    fill();
}

void AppFilter::fill()
{
    QStringList apps, endpoints;
    if (m_target) {
        for (const control::AppInfo& app : m_target->apps()) {
            apps += qs(app.name);
            for (const std::string& endpoint : app.endpoints) {
                if ((m_app.empty() || app.name == m_app) && !endpoints.contains(qs(endpoint)))
                    endpoints += qs(endpoint);
            }
        }
    }
    fillCombo(*m_apps, tr("All apps"), apps, m_app);
    fillCombo(*m_endpoints, tr("All endpoints"), endpoints, m_endpoint);
}

void AppFilter::onActivated()
{
    const std::string app = chosenIn(*m_apps);
    m_endpoint = app == m_app ? chosenIn(*m_endpoints) : std::string();
    m_app = app;
    fill();
    Q_EMIT changed();
}

} // namespace tintype::ui
