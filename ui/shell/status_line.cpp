// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_line.h"

#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/widgets/memory_gauge.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QToolButton>
#include <map>

namespace tintype::ui {
namespace {

/// Main memory of the host, as `/v1/host` tells it.
std::uint64_t mainMemory(const control::HostInfo& host)
{
    const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(host.json)).object();
    return static_cast<std::uint64_t>(object[QLatin1String("memory")].toDouble());
}

} // namespace

StatusLine::StatusLine(Studio& studio, QWidget* parent)
    : QStatusBar(parent)
    , m_studio(studio)
    , m_connection(new QToolButton)
    , m_devices(new QLabel)
    , m_queue(new QLabel)
    , m_memory(new MemoryGauge(studio.theme))
{
    setSizeGripEnabled(false);
    m_connection->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_connection->setAccessibleName(tr("Connection to the host"));
    m_connection->setFont(studio.theme.font(TextStyle::Caption));
    connect(m_connection, &QToolButton::clicked, this, [this] { m_studio.navigator.showPage(PageId::Hosts); });
    addWidget(m_connection);
    addWidget(m_devices);
    addPermanentWidget(m_queue);
    addPermanentWidget(m_memory);
    connect(&studio.targets, &Targets::currentChanged, this, &StatusLine::follow);
    connect(&studio.theme, &Theme::changed, this, [this] { showConnection(); });
    follow(studio.targets.current());
}

void StatusLine::follow(Target* target)
{
    if (m_target)
        m_target->disconnect(this);
    m_target = target;
    if (target) {
        connect(target, &Target::connectionChanged, this, &StatusLine::showConnection);
        connect(target, &Target::hostInfoChanged, this, [this] {
            showConnection();
            showDevices();
            showMemory();
        });
        connect(target, &Target::replicasChanged, this, &StatusLine::showMemory);
        connect(target, &Target::appsChanged, this, &StatusLine::showQueue);
    }
    showConnection();
    showDevices();
    showMemory();
    showQueue();
}

void StatusLine::showConnection()
{
    const bool isUp = m_target && m_target->isConnected() && !m_target->trouble();
    const bool isStarting = !m_target || !m_target->trouble();
    const ColorToken token = isUp ? ColorToken::Success : isStarting ? ColorToken::TextMuted : ColorToken::Warning;
    m_connection->setIcon(m_studio.theme.icon(QStringLiteral("network-server"), token));
    if (!m_target)
        m_connection->setText(tr("The host of this machine is starting"));
    else if (isUp)
        m_connection->setText(m_target->hostInfo() ? tr("%1 · Tintype %2").arg(m_target->name(), qs(m_target->hostInfo()->version)) : m_target->name());
    else if (isStarting)
        m_connection->setText(tr("Connecting to %1").arg(m_target->name()));
    else
        m_connection->setText(tr("%1 does not answer as it should").arg(m_target->name()));
    m_connection->setToolTip(m_target && m_target->trouble() ? qs(m_target->trouble()->message) : tr("Show hosts"));
}

void StatusLine::showDevices()
{
    QStringList devices;
    if (m_target && m_target->hostInfo()) {
        for (const control::MachineInfo& machine : m_target->hostInfo()->machines) {
            if (machine.type.isGpu)
                devices += tr("%1 %2, %n free", nullptr, machine.freeDevices).arg(qs(machine.type.name), formatBytes(machine.type.memoryBytes));
        }
        if (devices.isEmpty())
            devices += tr("CPU only");
    }
    m_devices->setText(devices.join(QStringLiteral(" · ")));
}

void StatusLine::showMemory()
{
    std::map<std::string, std::uint64_t> byApp;
    if (m_target) {
        for (const domain::ReplicaInfo& replica : m_target->replicas()) {
            if (!replica.endedAt && replica.memoryUsed > 0)
                byApp[replica.app] += replica.memoryUsed;
        }
    }
    QVector<MemoryGauge::Part> parts;
    for (const auto& [app, bytes] : byApp)
        parts.push_back({qs(app), bytes});
    const bool isKnown = m_target && m_target->hostInfo();
    m_memory->setMemory(isKnown ? mainMemory(*m_target->hostInfo()) : 0, std::move(parts));
    m_memory->setVisible(m_target);
}

void StatusLine::showQueue()
{
    int queued = 0;
    int running = 0;
    if (m_target) {
        for (const control::AppInfo& app : m_target->apps()) {
            queued += app.queued;
            running += app.running;
        }
    }
    m_queue->setText(tr("%1 running, %2 waiting").arg(running).arg(queued));
}

} // namespace tintype::ui
