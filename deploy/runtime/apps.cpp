// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/apps.h"

#include "deploy/domain/definition_yaml.h"
#include "deploy/runtime/app_entry.h"
#include "deploy/store/stores.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::runtime {
namespace {

std::string settingsJson(const domain::Scaling& scaling) { return store::scalingJson(scaling); }

} // namespace

Apps::Apps(store::Stores& stores, AppEnvironment& environment, RevisionFiles& files, requirements::Fetcher& fetcher, QObject* parent)
    : QObject(parent)
    , m_stores(stores)
    , m_environment(environment)
    , m_files(files)
    , m_fetcher(fetcher)
{
}

Apps::~Apps() = default;

Result<> Apps::restore()
{
    TINTYPE_TRY_ASSIGN(const auto stored, store::loadApps(m_stores.reader()));
    for (const store::StoredApp& entry : stored) {
        TINTYPE_TRY_ASSIGN(const auto revision, store::findRevision(m_stores.reader(), entry.name, entry.revision));
        if (!revision || entry.ephemeral) { // its first rollout never ended, or nobody holds it any more
            m_stores.writer().write([name = entry.name](store::Database& database) { return store::deleteApp(database, name); });
            continue;
        }
        App& app = add(entry);
        app.runtime->restore(load(*revision), entry.scaling, entry.paused);
    }
    return {};
}

Apps::App& Apps::add(const store::StoredApp& stored)
{
    auto& slot = m_apps[stored.name];
    slot = std::make_unique<App>(stored, std::make_unique<AppRuntime>(stored.name, m_environment));
    App& app = *slot;
    connect(app.runtime.get(), &AppRuntime::replicaChanged, this, &Apps::replicaChanged);
    connect(app.runtime.get(), &AppRuntime::rolloutEnded, this,
        [this, &app](const std::string& revision, const std::optional<Error>& reason) { onRolloutEnded(app, revision, reason); });
    Q_EMIT added(*app.runtime);
    return app;
}

RevisionPointer Apps::load(const store::StoredRevision& stored) const
{
    auto revision = std::make_shared<Revision>();
    revision->id = stored.id;
    if (auto definition = domain::definitionFromJson(stored.definition))
        revision->definition = *std::move(definition);
    for (const domain::EndpointSpec& endpoint : revision->definition.endpoints)
        revision->endpoints.emplace(endpoint.path, domain::EndpointSchema(endpoint));
    m_files.know(stored, revision->definition);
    return revision;
}

Result<Apps::App*> Apps::find(const std::string& name) const
{
    const auto found = m_apps.find(name);
    if (found == m_apps.end())
        return fail(ErrorCode::NotFound, fmt::format("app {}: not found on this host", name));
    return found->second.get();
}

void Apps::save(const App& app)
{
    m_stores.writer().write([stored = app.stored](store::Database& database) { return store::saveApp(database, stored); });
    Q_EMIT changed(app.stored.name);
}

void Apps::note(const std::string& category, const std::string& app, const std::string& actor, const std::string& text,
    const std::string& before, const std::string& after)
{
    const store::StoredEvent event{.id = 0, .time = wallClockNow(), .category = category, .app = app, .actor = actor,
        .text = text, .before = before, .after = after};
    m_stores.writer().write([event](store::Database& database) { return store::insertEvent(database, event); });
    Q_EMIT happened(event);
}

Result<> Apps::setRevision(const std::string& name, const std::string& id, Strategy strategy, const std::string& actor,
    std::optional<domain::AuthMode> auth)
{
    TINTYPE_TRY_ASSIGN(App * app, find(name));
    TINTYPE_TRY_ASSIGN(const auto revision, store::findRevision(m_stores.reader(), name, id));
    if (!revision)
        return fail(ErrorCode::NotFound, fmt::format("app {} has no revision {}", name, id));
    TINTYPE_TRY_ASSIGN(const auto definition, domain::definitionFromJson(revision->definition));
    app->actor = actor;
    auto settings = domain::effectiveSettings(
        definition, domain::CurrentSettings{app->stored.scaling, app->stored.auth}, /*resetScale=*/false);
    settings.auth = auth.value_or(settings.auth);
    rollOut(*app, *revision, settings, strategy);
    return {};
}

void Apps::rollOut(App& app, const store::StoredRevision& revision, const domain::EffectiveSettings& settings, Strategy strategy)
{
    app.target = AppTarget{revision.number, settings};
    app.runtime->rollOut(load(revision), settings.scaling, strategy);
    Q_EMIT changed(app.stored.name);
}

void Apps::onRolloutEnded(App& app, const std::string& revision, const std::optional<Error>& reason)
{
    const std::string name = app.stored.name;
    const bool isCurrent = !reason && app.target;
    if (isCurrent) {
        const std::string before = app.stored.revision;
        app.stored.revision = revision;
        app.stored.scaling = app.target->settings.scaling;
        app.stored.auth = app.target->settings.auth;
        app.stored.updated = wallClockNow();
        note("deployment", name, app.actor, fmt::format("revision {} serves", app.target->number), before, revision);
        save(app);
    } else if (reason) {
        note("deployment", name, app.actor, fmt::format("revision {} was given up: {}", revision.substr(0, 8), reason->message));
    }
    app.target.reset();
    Q_EMIT rolloutEnded(name, revision, reason);
    if (reason && app.stored.revision.empty())
        QMetaObject::invokeMethod(this, [this, name] { // it never served: nothing is left of it but its history
            if (const auto found = m_apps.find(name); found != m_apps.end() && found->second->stored.revision.empty()
                && !found->second->target)
                std::ignore = remove(name, {});
        }, Qt::QueuedConnection);
}

Result<domain::Scaling> Apps::scale(const std::string& name, const domain::ScalingSettings& changes, const std::string& actor)
{
    TINTYPE_TRY_ASSIGN(App * app, find(name));
    const std::string before = settingsJson(app->stored.scaling);
    const domain::Scaling scaling = domain::withChanges(app->stored.scaling, changes);
    TINTYPE_TRY(domain::checkScaling(scaling));
    app->stored.scaling = scaling;
    app->stored.updated = wallClockNow();
    app->runtime->setScaling(scaling);
    note("config", name, actor, "scaling changed", before, settingsJson(scaling));
    save(*app);
    return scaling;
}

Result<> Apps::setAuth(const std::string& name, domain::AuthMode auth, const std::string& actor)
{
    TINTYPE_TRY_ASSIGN(App * app, find(name));
    note("config", name, actor, fmt::format("auth is {} now", domain::authModeName(auth)));
    app->stored.auth = auth;
    app->stored.updated = wallClockNow();
    save(*app);
    return {};
}

Result<> Apps::setPaused(const std::string& name, bool paused, const std::string& actor)
{
    TINTYPE_TRY_ASSIGN(App * app, find(name));
    note("config", name, actor, paused ? "paused" : "resumed");
    app->stored.paused = paused;
    app->stored.updated = wallClockNow();
    app->runtime->setPaused(paused);
    save(*app);
    return {};
}

Result<> Apps::remove(const std::string& name, const std::string& actor)
{
    TINTYPE_TRY_ASSIGN(App * app, find(name));
    app->runtime->flush();
    std::vector<std::string> running;
    for (const auto& [id, live] : app->runtime->requests())
        running.push_back(id);
    for (const std::string& id : running)
        app->runtime->cancel(id);
    app->runtime->shutDown();
    note("deployment", name, actor, "deleted");
    m_leaving.push_back(std::move(m_apps.extract(name).mapped()));
    m_stores.writer().write([name, repositories = m_stores.revisions()](store::Database& database) -> Result<> {
        TINTYPE_TRY(store::deleteApp(database, name));
        return repositories.remove(name);
    });
    Q_EMIT removed(name);
    return {};
}

std::optional<AppInfo> Apps::info(const std::string& name) const
{
    const auto found = m_apps.find(name);
    if (found == m_apps.end())
        return std::nullopt;
    const App& app = *found->second;
    AppInfo info{.name = name, .revision = app.stored.revision, .auth = app.stored.auth, .scaling = app.stored.scaling,
        .paused = app.stored.paused, .ephemeral = app.stored.ephemeral, .rolling = app.runtime->isRolling(),
        .queued = app.runtime->queueSize(), .running = 0, .createdAt = app.stored.created, .updatedAt = app.stored.updated,
        .endpoints = {}};
    info.running = static_cast<int>(app.runtime->requests().size()) - info.queued;
    if (const auto& revision = app.runtime->revision()) {
        for (const auto& [path, endpoint] : revision->endpoints)
            info.endpoints.push_back(path);
    }
    return info;
}

std::vector<AppInfo> Apps::list() const
{
    std::vector<AppInfo> list;
    for (const auto& [name, app] : m_apps)
        list.push_back(*info(name));
    return list;
}

AppRuntime* Apps::runtime(const std::string& name) const
{
    const auto found = m_apps.find(name);
    return found == m_apps.end() ? nullptr : found->second->runtime.get();
}

AppRuntime* Apps::runtimeOfReplica(const std::string& replica) const
{
    for (const auto& [name, app] : m_apps) {
        const auto replicas = app->runtime->replicas();
        if (std::ranges::find(replicas, replica, &domain::ReplicaInfo::id) != replicas.end())
            return app->runtime.get();
    }
    return nullptr;
}

std::set<std::string> Apps::revisionsInUse() const
{
    std::set<std::string> revisions;
    for (const auto& [name, app] : m_apps) {
        revisions.insert(app->stored.revision);
        for (const domain::ReplicaInfo& replica : app->runtime->replicas()) {
            if (!replica.endedAt)
                revisions.insert(replica.revision);
        }
    }
    return revisions;
}

domain::AuthMode Apps::auth(const std::string& name) const
{
    const auto found = m_apps.find(name);
    return found == m_apps.end() ? domain::AuthMode::Private : found->second->stored.auth;
}

void Apps::tick(TimePoint now)
{
    for (const auto& [name, app] : m_apps)
        app->runtime->tick(now);
    for (const auto& app : m_leaving)
        app->runtime->tick(now);
    std::erase_if(m_leaving, [](const auto& app) { return !app->runtime->hasLiveReplicas() && app->runtime->requests().empty(); });
}

void Apps::shutDown()
{
    for (const auto& [name, app] : m_apps)
        app->runtime->shutDown();
}

bool Apps::hasLiveReplicas() const
{
    const auto isAlive = [](const auto& app) { return app->runtime->hasLiveReplicas(); };
    return std::ranges::any_of(m_leaving, isAlive)
        || std::ranges::any_of(m_apps, [&](const auto& entry) { return isAlive(entry.second); });
}

} // namespace tintype::runtime
