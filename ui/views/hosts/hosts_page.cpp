// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/hosts/hosts_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/views/hosts/host_sheet.h"
#include "ui/views/hosts/keys_panel.h"
#include "ui/views/hosts/secrets_panel.h"
#include "ui/widgets/confirm_strip.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/mark_delegate.h"
#include "ui/widgets/plain_table.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QUrl>

namespace tintype::ui {

HostsPage::HostsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_model(studio.targets)
    , m_machines({tr("Machine type"), tr("Devices"), tr("Memory"), tr("Cores"), tr("Free")}, {2, 3, 4})
    , m_banner(new ErrorBanner(studio.theme))
    , m_confirm(new ConfirmStrip)
    , m_table(makeTable(studio.theme, m_model, tr("Hosts"), HostModel::Machines))
{
    m_table->setItemDelegateForColumn(HostModel::State, new MarkDelegate(studio.theme, HostModel::MarkRole, -1, m_table));
    addCommands();
    auto* const splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(makeDetail());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_banner);
    column->addWidget(m_confirm);
    column->addWidget(splitter, 1);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &HostsPage::onChosen);
    connect(&m_probe, &CertificateProbe::found, this, &HostsPage::explainCertificate);
    for (const auto& target : studio.targets.all())
        connectTarget(target.get());
    connect(&studio.targets, &Targets::added, this, [this](Target* target) {
        connectTarget(target);
        choose(target);
    });
    choose(studio.targets.current());
    showHost();
}

HostsPage::~HostsPage() = default;

void HostsPage::addCommands()
{
    const QString group = tr("Hosts");
    Commands& commands = m_studio.commands;
    m_add = commands.add({.id = QStringLiteral("hosts.add"), .group = group, .text = tr("Add host…"), .icon = QStringLiteral("list-add"),
                             .shortcut = {}, .tip = tr("Names another machine that runs tintype serve")},
        [this] { sheet().add(); });
    m_edit = commands.add({.id = QStringLiteral("hosts.edit"), .group = group, .text = tr("Change…"), .icon = QStringLiteral("document-edit"),
                              .shortcut = {}, .tip = tr("Another address, key or certificate for the chosen host")},
        [this] {
            if (m_target)
                sheet().edit(*m_target);
        });
    m_test = commands.add({.id = QStringLiteral("hosts.test"), .group = group, .text = tr("Test connection"), .icon = QStringLiteral("view-refresh"),
                              .shortcut = {}, .tip = tr("Asks the chosen host who it is")},
        [this] { testConnection(); });
    m_use = commands.add({.id = QStringLiteral("hosts.use"), .group = group, .text = tr("Make current"), .icon = QStringLiteral("dialog-ok-apply"),
                             .shortcut = {}, .tip = tr("Run, Playground and the other pages mean the chosen host")},
        [this] { m_studio.targets.setCurrent(m_target); });
    m_remove = commands.add({.id = QStringLiteral("hosts.remove"), .group = group, .text = tr("Remove…"), .icon = QStringLiteral("list-remove"),
                                .shortcut = {}, .tip = tr("Forgets the chosen host and its key")},
        [this] { removeHost(); });
    connect(&m_studio.targets, &Targets::currentChanged, this, &HostsPage::showHost);
}

QWidget* HostsPage::makeBar()
{
    auto* const bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    row->setSpacing(Theme::space(1));
    for (QAction* const action : {m_add, m_use, m_test, m_edit, m_remove}) {
        auto* const button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
        if (action != m_add)
            m_table->addAction(action);
    }
    row->addStretch(1);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    bar->setMinimumHeight(m_studio.theme.controlHeight() + Theme::space(3));
    return bar;
}

QWidget* HostsPage::makeDetail()
{
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_keys = new KeysPanel(m_studio);
    m_secrets = new SecretsPanel(m_studio);
    m_tabs->addTab(makeTable(m_studio.theme, m_machines, tr("Machine types"), 1), tr("Machines"));
    m_tabs->addTab(m_keys, tr("Keys"));
    m_tabs->addTab(m_secrets, tr("Secrets"));
    const auto tell = [this](const Error& error) { m_banner->showError(error); };
    connect(m_keys, &KeysPanel::failed, this, tell);
    connect(m_secrets, &SecretsPanel::failed, this, tell);
    connect(m_keys, &KeysPanel::confirmationWanted, m_confirm, &ConfirmStrip::ask);
    connect(m_secrets, &SecretsPanel::confirmationWanted, m_confirm, &ConfirmStrip::ask);
    return m_tabs;
}

HostSheet& HostsPage::sheet()
{
    if (!m_sheet)
        m_sheet = new HostSheet(m_studio, this);
    return *m_sheet;
}

void HostsPage::connectTarget(Target* target)
{
    const auto update = [this, target] {
        if (target == m_target)
            showHost();
    };
    connect(target, &Target::hostInfoChanged, this, update);
    connect(target, &Target::connectionChanged, this, [this, update, target] {
        update();
        if (target == m_target) {
            m_keys->refresh();
            m_secrets->refresh();
        }
    });
}

void HostsPage::choose(Target* target)
{
    if (const int row = m_model.rowOf(target); row >= 0)
        m_table->selectRow(row);
}

void HostsPage::onChosen()
{
    m_target = m_model.at(m_table->currentIndex().row());
    m_confirm->cancel();
    m_keys->setTarget(m_target);
    m_secrets->setTarget(m_target);
    showHost();
}

void HostsPage::showHost()
{
    m_test->setEnabled(m_target);
    m_use->setEnabled(m_target && m_target != m_studio.targets.current());
    m_edit->setEnabled(m_target && !m_target->isLocal());
    m_remove->setEnabled(m_target && !m_target->isLocal());
    m_tabs->setEnabled(m_target && m_target->isConnected());
    m_banner->clear();
    if (!m_target)
        return m_machines.setRows({});
    showMachines(*m_target);
    if (m_target->trouble())
        showTrouble(*m_target);
}

void HostsPage::showMachines(const Target& target)
{
    std::vector<TextTable::Row> rows;
    if (target.hostInfo()) {
        for (const control::MachineInfo& machine : target.hostInfo()->machines) {
            QStringList devices;
            for (const std::string& device : machine.type.devices)
                devices.append(qs(device));
            const QString cores = machine.type.isGpu ? QString() : QLocale().toString(machine.type.cpus, 'g', 3);
            rows.push_back({qs(machine.type.name), {qs(machine.type.name), devices.join(QStringLiteral(", ")),
                                                       formatBytes(machine.type.memoryBytes), cores, formatCount(machine.freeDevices)}});
        }
    }
    m_machines.setRows(std::move(rows));
}

void HostsPage::showTrouble(const Target& target)
{
    const Error& trouble = *target.trouble();
    QString sentence = tr("%1: %2").arg(target.name(), qs(trouble.message));
    if (const QString advice = hostAdvice(trouble); !advice.isEmpty())
        sentence += (sentence.endsWith(QLatin1Char('.')) ? QStringLiteral(" ") : QStringLiteral(". ")) + advice;
    m_banner->showMessage(ErrorBanner::Severity::Error, sentence, qs(trouble.detail));
    if (target.isLocal())
        return m_banner->setAction(tr("Test connection"), [this] { testConnection(); });
    m_banner->setAction(tr("Change…"), [this] { m_edit->trigger(); });
    const QUrl url(qs(target.address().url));
    if (url.scheme() == QLatin1String("https"))
        m_probe.ask(url);
}

/// What TLS alone cannot say: an expired certificate, or another one than was pinned.
void HostsPage::explainCertificate(const ServerCertificate& certificate)
{
    if (!m_target || !m_target->trouble())
        return;
    QString sentence;
    const QString pinned = qs(m_target->address().fingerprint);
    if (certificate.isExpired(QDateTime::currentDateTimeUtc()))
        sentence = tr("%1: its certificate is not valid now (good until %2). Renew it on the host, then connect again.")
                       .arg(m_target->name(), certificate.validUntil.toString(Qt::ISODate));
    else if (!pinned.isEmpty() && pinned.compare(certificate.fingerprint, Qt::CaseInsensitive) != 0)
        sentence = tr("%1: its certificate is another one than the one that is pinned. If the host got a new one, compare the fingerprint that it prints when it starts and pin that. If it did not, somebody else answers.")
                       .arg(m_target->name());
    else
        return;
    m_banner->showMessage(ErrorBanner::Severity::Error, sentence, tr("Pinned: %1\nShown:  %2").arg(pinned.isEmpty() ? tr("none") : pinned, certificate.fingerprint));
    m_banner->setAction(tr("Change…"), [this] { m_edit->trigger(); });
}

void HostsPage::testConnection()
{
    if (!m_target)
        return;
    m_test->setEnabled(false);
    m_target->control().host().then(m_target.data(), [this, page = QPointer<HostsPage>(this), target = m_target.data()](const Result<control::HostInfo>& host) {
        if (!page)
            return;
        m_test->setEnabled(true);
        if (host)
            m_banner->showMessage(ErrorBanner::Severity::Info, tr("Answer of %1: version %2, up since %3.").arg(target->name(), qs(host->version), formatDateTime(host->startedAt)));
        target->start(); // takes up again what it may have given up
    });
}

void HostsPage::removeHost()
{
    if (!m_target)
        return;
    m_confirm->ask(tr("Remove %1? Its address and key are forgotten here; its apps go on.").arg(m_target->name()), tr("Remove"),
        [this, name = m_target->name()] {
            if (const Result<> removed = m_studio.targets.remove(name); !removed)
                m_banner->showError(removed.error());
        });
}

} // namespace tintype::ui
