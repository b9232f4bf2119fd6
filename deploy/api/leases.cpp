// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/leases.h"

#include "deploy/api/heartbeat.h"

#include <QTimer>
#include <fmt/format.h>

namespace tintype::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kTimeToTakeALease = 60s;

} // namespace

Leases::Leases(runtime::Host& host)
    : m_host(host)
{
    connect(&host.apps(), &runtime::Apps::added, this, &Leases::expectLease);
}

Leases::~Leases()
{
    for (const auto& [app, sockets] : m_sockets) {
        for (QWebSocket* socket : sockets) {
            socket->disconnect(this);
            socket->deleteLater();
        }
    }
}

Result<> Leases::check(const std::string& app) const
{
    const auto info = m_host.apps().info(app);
    if (!info)
        return fail(ErrorCode::NotFound, fmt::format("app {}: not found on this host", app));
    if (!info->ephemeral)
        return fail(ErrorCode::Conflict, fmt::format("app {} was deployed to stay: it takes no lease", app));
    return {};
}

void Leases::hold(const std::string& app, std::unique_ptr<QWebSocket> socket)
{
    QWebSocket* raw = socket.release();
    m_sockets[app].insert(raw);
    keepBeating(*raw);
    connect(raw, &QWebSocket::disconnected, this, [this, app, raw] { release(app, raw); });
}

void Leases::expectLease(runtime::AppRuntime& app)
{
    auto* deadline = new QTimer(&app);
    deadline->setSingleShot(true);
    connect(deadline, &QTimer::timeout, this, [this, &app] {
        if (m_host.apps().runtime(app.name()) == &app) // else it has gone, and another one of its name may be there
            removeUnheld(app.name());
    });
    deadline->start(kTimeToTakeALease);
}

void Leases::release(const std::string& app, QWebSocket* socket)
{
    auto& sockets = m_sockets[app];
    sockets.erase(socket);
    socket->deleteLater();
    if (!sockets.empty())
        return;
    m_sockets.erase(app);
    removeUnheld(app);
}

void Leases::removeUnheld(const std::string& app)
{
    const auto info = m_host.apps().info(app);
    if (!info || !info->ephemeral || m_sockets.contains(app))
        return;
    if (const auto removed = m_host.apps().remove(app, "lease"); !removed)
        m_host.logs().add({.time = wallClockNow(), .level = "warning", .app = app, .revision = {}, .replica = {},
            .request = {}, .source = "host", .text = "the ephemeral app could not be removed: " + removed.error().message});
}

} // namespace tintype::api
