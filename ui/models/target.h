// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/control.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

namespace tintype::ui {

/// A host that apps run on: its Control, and a snapshot of its apps and replicas that events keep true. After a break the snapshot is
/// asked for anew. GUI thread.
class Target : public QObject {
    Q_OBJECT

public:
    /// @param isLocal the host of this machine that the studio itself keeps running
    Target(QString name, control::HostAddress address, bool isLocal, std::unique_ptr<control::Control> control);
    ~Target() override;

    const QString& name() const { return m_name; } ///< unique; "This machine" for the local one
    bool isLocal() const { return m_isLocal; }
    const control::HostAddress& address() const { return m_address; }

    /// For commands and for what a page asks for; lives as long as this target.
    control::Control& control() const { return *m_control; }

    bool isConnected() const { return m_connection.kind == control::ConnectionState::Kind::Connected; }
    const control::ConnectionState& connection() const { return m_connection; }

    /// Why the host does not answer as it should, a sentence with what to do: unreachable, wrong key, expired certificate.
    const std::optional<Error>& trouble() const { return m_trouble; }

    const std::optional<control::HostInfo>& hostInfo() const { return m_hostInfo; }
    const std::vector<control::AppInfo>& apps() const { return m_apps; }             ///< sorted by name
    const std::vector<domain::ReplicaInfo>& replicas() const { return m_replicas; } ///< live ones and ended ones of the last 24 h, oldest first
    const control::AppInfo* findApp(const std::string& name) const;                  ///< null if there is none

    void start();   ///< connects; again after a change of the address
    void refresh(); ///< asks for everything anew

Q_SIGNALS:
    // Several events that come at once make one signal.
    void connectionChanged();
    void hostInfoChanged();
    void appsChanged();
    void replicasChanged();

    /// Every event as it comes, after the snapshot has it: for pages that show requests, log lines, rollouts.
    void happened(const tintype::control::Event& event);

private:
    void onConnection(const control::ConnectionState& state);
    void onEvent(const control::Event& event);
    void askHost();
    void askApps();
    void askReplicas();
    void tellSoon(bool apps, bool replicas);

    const QString m_name;
    const control::HostAddress m_address;
    const bool m_isLocal;
    const std::unique_ptr<control::Control> m_control;
    control::ConnectionState m_connection;
    std::optional<Error> m_trouble;
    std::optional<control::HostInfo> m_hostInfo;
    std::vector<control::AppInfo> m_apps;
    std::vector<domain::ReplicaInfo> m_replicas;
    QTimer m_tellTimer;
    bool m_appsDirty = false;
    bool m_replicasDirty = false;
};

} // namespace tintype::ui
