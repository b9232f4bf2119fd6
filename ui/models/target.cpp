// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/target.h"

#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kTellMs = 30; ///< changes within it make one signal

/// Puts a value in the place of the one with the same key, or at its place in the order.
template <class T, class Key>
void upsert(std::vector<T>& list, const T& value, Key key)
{
    const auto found = std::ranges::find(list, std::invoke(key, value), key);
    if (found != list.end())
        *found = value;
    else
        list.push_back(value);
}

} // namespace

Target::Target(QString name, control::HostAddress address, bool isLocal, std::unique_ptr<control::Control> control)
    : m_name(std::move(name))
    , m_address(std::move(address))
    , m_isLocal(isLocal)
    , m_control(std::move(control))
{
    m_tellTimer.setSingleShot(true);
    m_tellTimer.setInterval(kTellMs);
    connect(&m_tellTimer, &QTimer::timeout, this, [this] {
        if (std::exchange(m_appsDirty, false))
            Q_EMIT appsChanged();
        if (std::exchange(m_replicasDirty, false))
            Q_EMIT replicasChanged();
    });
    connect(m_control.get(), &control::Control::connectionChanged, this, &Target::onConnection);
    connect(m_control.get(), &control::Control::happened, this, &Target::onEvent);
}

Target::~Target()
{
    m_control->disconnect(this);
}

const control::AppInfo* Target::findApp(const std::string& name) const
{
    const auto found = std::ranges::find(m_apps, name, &control::AppInfo::name);
    return found == m_apps.end() ? nullptr : &*found;
}

void Target::start()
{
    askHost(); // a host that refuses us says why here, which the stream of events cannot
    m_control->watch({});
}

void Target::refresh()
{
    askHost();
    askApps();
    askReplicas();
}

void Target::onConnection(const control::ConnectionState& state)
{
    if (state == m_connection)
        return;
    const bool isNew = state.kind == control::ConnectionState::Kind::Connected && !isConnected();
    m_connection = state;
    if (isNew)
        refresh();
    else if (state.kind == control::ConnectionState::Kind::Retrying && !m_trouble)
        m_trouble = Error{ErrorCode::Unavailable, state.reason, {}};
    Q_EMIT connectionChanged();
}

void Target::askHost()
{
    m_control->host().then(this, [this](const Result<control::HostInfo>& answer) {
        const std::optional<Error> before = m_trouble;
        m_trouble = answer ? std::optional<Error>() : answer.error();
        if (answer) {
            m_hostInfo = *answer;
            Q_EMIT hostInfoChanged();
        }
        if (before != m_trouble)
            Q_EMIT connectionChanged();
    });
}

void Target::askApps()
{
    m_control->apps().then(this, [this](const Result<std::vector<control::AppInfo>>& answer) {
        if (!answer)
            return;
        m_apps = *answer;
        std::ranges::sort(m_apps, {}, &control::AppInfo::name);
        tellSoon(true, false);
    });
}

void Target::askReplicas()
{
    m_control->replicas({}).then(this, [this](const Result<std::vector<domain::ReplicaInfo>>& answer) {
        if (!answer)
            return;
        m_replicas = *answer;
        std::ranges::sort(m_replicas, {}, &domain::ReplicaInfo::createdAt);
        tellSoon(false, true);
    });
}

void Target::onEvent(const control::Event& event)
{
    if (const auto* const app = std::get_if<control::AppChanged>(&event)) {
        upsert(m_apps, app->app, &control::AppInfo::name);
        std::ranges::sort(m_apps, {}, &control::AppInfo::name);
        tellSoon(true, false);
    } else if (const auto* const removed = std::get_if<control::AppRemoved>(&event)) {
        std::erase_if(m_apps, [&](const control::AppInfo& known) { return known.name == removed->app; });
        tellSoon(true, false);
    } else if (const auto* const replica = std::get_if<control::ReplicaChanged>(&event)) {
        upsert(m_replicas, replica->replica, &domain::ReplicaInfo::id);
        tellSoon(false, true);
    }
    Q_EMIT happened(event);
}

void Target::tellSoon(bool apps, bool replicas)
{
    m_appsDirty |= apps;
    m_replicasDirty |= replicas;
    if (!m_tellTimer.isActive())
        m_tellTimer.start();
}

} // namespace tintype::ui
