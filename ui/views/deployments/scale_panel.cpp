// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/scale_panel.h"

#include "deploy/domain/effective_settings.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/views/deployments/setting_row.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <algorithm>

namespace tintype::ui {
namespace {

QString modeText(domain::AuthMode mode)
{
    switch (mode) {
    case domain::AuthMode::Private: return ScalePanel::tr("private: keys of this host");
    case domain::AuthMode::Public: return ScalePanel::tr("public: anyone");
    case domain::AuthMode::Shared: break;
    }
    return ScalePanel::tr("shared: anyone with a key");
}

} // namespace

ScalePanel::ScalePanel(const Theme&, QWidget* parent)
    : QWidget(parent)
    , m_auth(new QComboBox)
    , m_now(new QLabel)
    , m_problem(new QLabel)
    , m_apply(new QPushButton(tr("Apply")))
    , m_revert(new QPushButton(tr("Revert")))
{
    m_now->setProperty("role", QStringLiteral("muted"));
    m_now->setWordWrap(true);
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setWordWrap(true);
    m_apply->setProperty("role", QStringLiteral("primary"));

    auto* const grid = new QGridLayout;
    grid->setHorizontalSpacing(Theme::space(3));
    grid->setVerticalSpacing(Theme::space(2));
    grid->setColumnStretch(1, 1);
    addRows(*grid);
    auto* const buttons = new QHBoxLayout;
    buttons->addWidget(m_problem, 1);
    buttons->addWidget(m_revert);
    buttons->addWidget(m_apply);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(4), Theme::space(3), Theme::space(4), Theme::space(3));
    column->setSpacing(Theme::space(3));
    column->addWidget(m_now);
    column->addLayout(grid);
    column->addLayout(buttons);
    column->addStretch(1);
    connect(m_revert, &QPushButton::clicked, this, &ScalePanel::revert);
    connect(m_apply, &QPushButton::clicked, this, [this] { Q_EMIT applied(change()); });
    connect(m_auth, &QComboBox::currentIndexChanged, this, &ScalePanel::update);
    update();
}

ScalePanel::~ScalePanel() = default;

void ScalePanel::addRows(QGridLayout& grid)
{
    int line = 0;
    for (const domain::ScalingField& field : domain::scalingFields()) {
        if (!SettingRow::canShow(field))
            continue;
        auto* const row = new SettingRow(field, grid, line++, this);
        connect(row, &SettingRow::changed, this, &ScalePanel::update);
        m_rows.push_back(row);
    }
    for (const domain::AuthMode mode : {domain::AuthMode::Private, domain::AuthMode::Public, domain::AuthMode::Shared})
        m_auth->addItem(modeText(mode), static_cast<int>(mode));
    auto* const label = new QLabel(QStringLiteral("auth"));
    label->setBuddy(m_auth);
    m_auth->setAccessibleName(label->text());
    m_auth->setToolTip(tr("Who may call the app"));
    auto* const effect = new QLabel(tr("at once"));
    effect->setProperty("role", QStringLiteral("muted"));
    grid.addWidget(label, line, 0);
    grid.addWidget(m_auth, line, 1, 1, 2);
    grid.addWidget(effect, line, 3);
}

void ScalePanel::setApp(const control::AppInfo& app)
{
    const bool isOther = app.name != m_app.name || app.createdAt != m_app.createdAt;
    const bool keepsAuth = !isOther && m_auth->currentData().toInt() != static_cast<int>(m_app.auth);
    m_app = app;
    for (SettingRow* const row : m_rows) {
        row->setLive(app.scaling);
        if (isOther)
            row->revert();
    }
    if (!keepsAuth)
        m_auth->setCurrentIndex(m_auth->findData(static_cast<int>(app.auth)));
    update();
}

control::AppChange ScalePanel::change() const
{
    control::AppChange change;
    for (const SettingRow* const row : m_rows)
        row->addTo(change.scaling);
    const auto auth = static_cast<domain::AuthMode>(m_auth->currentData().toInt());
    if (auth != m_app.auth)
        change.auth = auth;
    return change;
}

void ScalePanel::revert()
{
    for (SettingRow* const row : m_rows)
        row->revert();
    m_auth->setCurrentIndex(m_auth->findData(static_cast<int>(m_app.auth)));
    update();
}

bool ScalePanel::isChanged() const
{
    const bool hasMoved = std::ranges::any_of(m_rows, &SettingRow::isChanged);
    return hasMoved || m_auth->currentData().toInt() != static_cast<int>(m_app.auth);
}

void ScalePanel::update()
{
    const bool hasChanged = isChanged() && !m_app.name.empty();
    const Result<> valid = domain::checkScaling(domain::withChanges(m_app.scaling, change().scaling));
    m_problem->setText(hasChanged && !valid ? qs(valid.error().message) : QString());
    m_apply->setEnabled(hasChanged && valid);
    m_revert->setEnabled(hasChanged);
    const int replicas = m_app.replicaCount();
    m_now->setText(m_app.paused
            ? tr("The app is paused: new values count once it is resumed.")
            : tr("Replicas now: %1, at most %2. A deploy keeps what is set here, unless it resets the scale.")
                  .arg(replicas).arg(m_app.scaling.maxConcurrency));
}

} // namespace tintype::ui
