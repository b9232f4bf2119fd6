// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/hosts/keys_panel.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"
#include "ui/widgets/plain_table.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

namespace tintype::ui {

KeysPanel::KeysPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_model({tr("Key"), tr("Scope"), tr("For"), tr("Made")})
    , m_table(makeTable(studio.theme, m_model, tr("Keys of the host"), 2))
    , m_scope(new QComboBox)
    , m_description(new QLineEdit)
    , m_createdPart(makeCreated())
    , m_revoke(new QPushButton(tr("Revoke…")))
{
    m_scope->addItem(tr("api: call apps"), static_cast<int>(control::KeyScope::Api));
    m_scope->addItem(tr("admin: everything"), static_cast<int>(control::KeyScope::Admin));
    m_scope->setAccessibleName(tr("Scope of the new key"));
    m_description->setPlaceholderText(tr("Who or what it is for"));
    m_description->setAccessibleName(tr("Description of the new key"));
    m_revoke->setProperty("role", QStringLiteral("danger"));
    auto* const make = new QPushButton(tr("Create key"));
    auto* const row = new QHBoxLayout;
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_description, 1);
    row->addWidget(m_scope);
    row->addWidget(make);
    row->addSpacing(Theme::space(4));
    row->addWidget(m_revoke);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_createdPart);
    column->addWidget(m_table, 1);

    connect(make, &QPushButton::clicked, this, &KeysPanel::create);
    connect(m_description, &QLineEdit::returnPressed, this, &KeysPanel::create);
    connect(m_revoke, &QPushButton::clicked, this, &KeysPanel::revoke);
    const auto update = [this] { m_revoke->setEnabled(m_table->selectionModel()->hasSelection()); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, update);
    connect(&m_model, &QAbstractItemModel::modelReset, this, update);
    update();
}

KeysPanel::~KeysPanel() = default;

QWidget* KeysPanel::makeCreated()
{
    auto* const part = new QFrame;
    part->setProperty("role", QStringLiteral("banner"));
    part->setProperty("severity", QStringLiteral("info"));
    m_created = new QLineEdit;
    m_created->setReadOnly(true);
    m_created->setFont(m_studio.theme.font(TextStyle::Mono));
    m_created->setAccessibleName(tr("The new key"));
    auto* const hint = new QLabel(tr("Keep it now: the host has only its hash and cannot show it again."));
    auto* const copy = new QPushButton(tr("Copy"));
    auto* const done = new QPushButton(tr("Done"));
    auto* const row = new QHBoxLayout(part);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(hint);
    row->addWidget(m_created, 1);
    row->addWidget(copy);
    row->addWidget(done);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_created->text()); });
    connect(done, &QPushButton::clicked, this, [this, part] {
        m_created->clear();
        part->hide();
    });
    part->hide();
    return part;
}

void KeysPanel::setTarget(Target* target)
{
    if (target == m_target)
        return;
    m_target = target;
    m_guard = std::make_unique<QObject>();
    m_model.setRows({});
    m_created->clear();
    m_createdPart->hide();
    refresh();
}

void KeysPanel::refresh()
{
    setEnabled(m_target && m_target->isConnected());
    if (!isEnabled())
        return;
    m_target->control().keys().then(m_guard.get(), [this](const Result<std::vector<control::KeyInfo>>& keys) {
        if (!keys)
            return Q_EMIT failed(keys.error());
        std::vector<TextTable::Row> rows;
        for (const control::KeyInfo& key : *keys)
            rows.push_back({qs(key.id), {qs(key.id), QString::fromUtf8(control::keyScopeName(key.scope).data()), qs(key.description), formatDateTime(key.createdAt)}});
        m_model.setRows(std::move(rows));
    });
}

void KeysPanel::create()
{
    if (!m_target)
        return;
    const auto scope = static_cast<control::KeyScope>(m_scope->currentData().toInt());
    m_target->control().createKey(scope, m_description->text().trimmed().toStdString()).then(m_guard.get(), [this](const Result<control::CreatedKey>& key) {
        if (!key)
            return Q_EMIT failed(key.error());
        m_description->clear();
        m_created->setText(qs(key->key));
        m_created->setCursorPosition(0);
        m_createdPart->show();
        refresh();
    });
}

void KeysPanel::revoke()
{
    const QString id = m_model.keyAt(m_table->currentIndex().row());
    if (id.isEmpty() || !m_target)
        return;
    const bool isOurs = m_target->address().key.starts_with(id.toStdString() + ":");
    const QString question = isOurs ? tr("Revoke %1? It is the key that this studio uses for this host, which will refuse it then.")
                                    : tr("Revoke %1? Whoever calls with it is refused from then on.");
    Q_EMIT confirmationWanted(question.arg(id), tr("Revoke"), [this, id, target = m_target] {
        if (!target || target != m_target)
            return;
        target->control().revokeKey(id.toStdString()).then(m_guard.get(), [this](const Result<>& revoked) {
            if (!revoked)
                Q_EMIT failed(revoked.error());
            refresh();
        });
    });
}

} // namespace tintype::ui
