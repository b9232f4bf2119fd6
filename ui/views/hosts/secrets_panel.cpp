// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/hosts/secrets_panel.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plain_table.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

namespace tintype::ui {

SecretsPanel::SecretsPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_model({tr("Secret"), tr("Set")})
    , m_table(makeTable(studio.theme, m_model, tr("Secrets of the host"), 1))
    , m_name(new QLineEdit)
    , m_value(new QLineEdit)
    , m_set(new QPushButton(tr("Set")))
    , m_unset(new QPushButton(tr("Unset…")))
{
    m_name->setPlaceholderText(tr("Name, as in HF_TOKEN"));
    m_name->setAccessibleName(tr("Name of the secret"));
    m_value->setPlaceholderText(tr("Value; nobody can read it back"));
    m_value->setAccessibleName(tr("Value of the secret"));
    m_value->setEchoMode(QLineEdit::Password);
    m_unset->setProperty("role", QStringLiteral("danger"));
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_name, 1);
    row->addWidget(m_value, 1);
    row->addWidget(m_set);
    row->addSpacing(Theme::space(4));
    row->addWidget(m_unset);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    connect(m_set, &QPushButton::clicked, this, &SecretsPanel::set);
    connect(m_value, &QLineEdit::returnPressed, this, &SecretsPanel::set);
    connect(m_unset, &QPushButton::clicked, this, &SecretsPanel::unset);
    connect(m_name, &QLineEdit::textChanged, this, &SecretsPanel::update);
    connect(m_value, &QLineEdit::textChanged, this, &SecretsPanel::update);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SecretsPanel::update);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &SecretsPanel::update);
    update();
}

SecretsPanel::~SecretsPanel() = default;

void SecretsPanel::update()
{
    m_set->setEnabled(!m_name->text().trimmed().isEmpty() && !m_value->text().isEmpty());
    m_unset->setEnabled(m_table->selectionModel()->hasSelection());
}

void SecretsPanel::setTarget(Target* target)
{
    if (target == m_target)
        return;
    m_target = target;
    m_guard = std::make_unique<QObject>();
    m_model.setRows({});
    m_value->clear(); // a secret is meant for one host
    refresh();
}

void SecretsPanel::refresh()
{
    setEnabled(m_target && m_target->isConnected());
    if (!isEnabled())
        return;
    m_target->control().secrets().then(m_guard.get(), [this](const Result<std::vector<control::SecretInfo>>& secrets) {
        if (!secrets)
            return Q_EMIT failed(secrets.error());
        std::vector<TextTable::Row> rows;
        for (const control::SecretInfo& secret : *secrets)
            rows.push_back({qs(secret.name), {qs(secret.name), formatDateTime(secret.createdAt)}});
        m_model.setRows(std::move(rows));
    });
}

void SecretsPanel::set()
{
    if (!m_target || !m_set->isEnabled())
        return;
    m_target->control().setSecret(m_name->text().trimmed().toStdString(), m_value->text().toStdString()).then(m_guard.get(), [this](const Result<>& kept) {
        if (!kept)
            return Q_EMIT failed(kept.error());
        m_name->clear();
        m_value->clear();
        refresh();
    });
}

void SecretsPanel::unset()
{
    const QString name = m_model.keyAt(m_table->currentIndex().row());
    if (name.isEmpty() || !m_target)
        return;
    Q_EMIT confirmationWanted(tr("Unset %1? Replicas that start from then on do not get it.").arg(name), tr("Unset"), [this, name, target = m_target] {
        if (!target || target != m_target)
            return;
        target->control().unsetSecret(name.toStdString()).then(m_guard.get(), [this](const Result<>& gone) {
            if (!gone)
                Q_EMIT failed(gone.error());
            refresh();
        });
    });
}

} // namespace tintype::ui
