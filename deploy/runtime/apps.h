// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/effective_settings.h"
#include "deploy/requirements/fetcher.h"
#include "deploy/runtime/app_runtime.h"
#include "deploy/runtime/revision_files.h"
#include "deploy/store/app_store.h"

#include <QObject>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tintype::runtime {

/// What `tintype deploy` and `tintype run` send.
struct DeployRequest {
    std::string definition; ///< text of app.yaml
    std::vector<store::StoredFile> files; ///< their contents lie in the blob store, or are missing
    std::string name;       ///< in place of the definition's; empty = that
    std::string message;
    std::map<std::string, std::string> annotations;
    std::optional<domain::AuthMode> auth;
    Strategy strategy = Strategy::Rolling;
    bool resetScale = false;
    bool ephemeral = false; ///< gone when its lease ends
    std::string actor;      ///< key id
};

/// What a deploy would do: `--check`.
struct DeployPlan {
    std::string app;
    bool isNew = false;
    std::string currentRevision;
    std::vector<domain::EffectiveValue> values;
    std::vector<store::StoredFile> missing; ///< to be uploaded
    std::uint64_t bytesMissing = 0;
    std::uint64_t weightBytes = 0; ///< of the pushed safetensors files
    std::uint64_t memoryBytes = 0; ///< estimate of what a replica needs; 0 = unknown before the weights are here
    std::vector<std::string> machineTypes; ///< of the wanted ones, those this host has
    std::vector<std::string> warnings;
};

struct DeployReceipt {
    std::string app;
    std::string revision;
    int number = 0; ///< of the revision within its app
    bool isNewRevision = true;
};

/// What anyone outside sees of an app.
struct AppInfo {
    std::string name;
    std::string revision; ///< empty while the first one starts
    domain::AuthMode auth = domain::AuthMode::Private;
    domain::Scaling scaling;
    bool paused = false;
    bool ephemeral = false;
    bool rolling = false;
    int queued = 0;
    int running = 0;
    TimePoint createdAt;
    TimePoint updatedAt;
    std::vector<std::string> endpoints; ///< paths
};

/// The apps of a host: revisions, the current one of each, and the runtime behind it. Control thread.
class Apps : public QObject {
    Q_OBJECT

public:
    Apps(store::Stores& stores, AppEnvironment& environment, RevisionFiles& files, requirements::Fetcher& fetcher,
        QObject* parent = nullptr);
    ~Apps() override;

    Result<> restore();

    Result<DeployPlan> plan(const DeployRequest& request) const;

    /// Makes a revision and starts its rollout. The callback comes when the revision is durable; rolloutEnded() tells
    /// what became of it. Content that is current already makes no new revision.
    using DeployCallback = std::function<void(Result<DeployReceipt>)>;
    void deploy(const DeployRequest& request, DeployCallback done);

    /// Points the app at an older revision (or replaces its replicas, with the current one).
    /// @param auth in place of what the revision's definition and the app say
    Result<> setRevision(const std::string& app, const std::string& revision, Strategy strategy, const std::string& actor,
        std::optional<domain::AuthMode> auth = {});

    Result<domain::Scaling> scale(const std::string& app, const domain::ScalingSettings& changes, const std::string& actor);
    Result<> setAuth(const std::string& app, domain::AuthMode auth, const std::string& actor);
    Result<> setPaused(const std::string& app, bool paused, const std::string& actor);
    Result<> remove(const std::string& app, const std::string& actor); ///< waiting requests end, cancelled

    std::vector<AppInfo> list() const;
    std::optional<AppInfo> info(const std::string& app) const;
    AppRuntime* runtime(const std::string& app) const;     ///< null if there is none
    AppRuntime* runtimeOfReplica(const std::string& replica) const;
    std::set<std::string> revisionsInUse() const; ///< current ones, and those that a replica is for
    domain::AuthMode auth(const std::string& app) const;   ///< private for one that does not exist
    void tick(TimePoint now);
    void shutDown();
    bool hasLiveReplicas() const;

Q_SIGNALS:
    void added(tintype::runtime::AppRuntime& app);
    void changed(const std::string& app);
    void removed(const std::string& app);
    void rolloutEnded(const std::string& app, const std::string& revision, const std::optional<tintype::Error>& reason);
    void replicaChanged(const tintype::domain::ReplicaInfo& replica);

    /// Something worth keeping for the history of an app: category is runner, deployment or config. It is kept already.
    void happened(const tintype::store::StoredEvent& event);

private:
    struct App;

    struct Prepared { ///< a deploy request that was found good
        domain::AppDefinition definition;
        domain::EffectiveSettings settings;
        std::vector<store::StoredFile> missing;
    };

    Result<Prepared> check(const DeployRequest& request) const;
    void pinHubRevisions(DeployRequest request, Prepared prepared, std::map<std::string, std::string> commits, DeployCallback done);
    void makeRevision(const DeployRequest& request, const Prepared& prepared, std::map<std::string, std::string> commits, DeployCallback done);
    void begin(const DeployRequest& request, const Prepared& prepared, const store::StoredRevision& revision);
    void rollOut(App& app, const store::StoredRevision& revision, const domain::EffectiveSettings& settings, Strategy strategy);
    App& add(const store::StoredApp& stored);
    Result<App*> find(const std::string& name) const;
    RevisionPointer load(const store::StoredRevision& revision) const;
    void onRolloutEnded(App& app, const std::string& revision, const std::optional<Error>& reason);
    void save(const App& app);
    void note(const std::string& category, const std::string& app, const std::string& actor, const std::string& text,
        const std::string& before = {}, const std::string& after = {});

    store::Stores& m_stores;
    AppEnvironment& m_environment;
    RevisionFiles& m_files;
    requirements::Fetcher& m_fetcher;
    std::map<std::string, std::unique_ptr<App>> m_apps;
    std::vector<std::unique_ptr<App>> m_leaving; ///< deleted; their replicas still end
};

} // namespace tintype::runtime
