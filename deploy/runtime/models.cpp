// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/models.h"

#include "deploy/domain/requirement_text.h"
#include "deploy/requirements/local_lookup.h"
#include "deploy/runtime/apps.h"
#include "deploy/runtime/memory_estimate.h"
#include "deploy/store/stores.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace tintype::runtime {
namespace {

namespace fs = std::filesystem;
using requirements::ModelOnDisk;
using requirements::ModelPlace;

const std::string kDisk = "disk"; ///< what deletes goes one after the other

/// What names a model among those that revisions need: the folder of a push, or repository and commit.
std::string keyOf(const ModelOnDisk& model)
{
    return model.place == ModelPlace::Pushed ? model.folder.filename().string() : model.name + "@" + model.commit;
}

std::vector<std::string> keysOf(const store::StoredRevision& revision)
{
    std::vector<std::string> keys;
    if (!revision.files.empty())
        keys.push_back(store::folderNameOf(revision.files));
    for (const auto& [text, commit] : revision.commits) {
        if (const auto requirement = domain::parseRequirement(text))
            keys.push_back(requirement->name + "@" + commit);
    }
    return keys;
}

std::vector<ModelOnDisk> modelsOnDisk(const fs::path& pushed, const requirements::HubSettings& hub)
{
    std::vector<ModelOnDisk> models = requirements::pushedModels(pushed);
    const auto append = [&models](const std::vector<ModelOnDisk>& more) { models.insert(models.end(), more.begin(), more.end()); };
    append(requirements::hubModels(requirements::HubCache(hub.cacheFolder), ModelPlace::Hub));
    if (!hub.userCacheFolder.empty())
        append(requirements::hubModels(requirements::HubCache(hub.userCacheFolder), ModelPlace::UserCache));
    return models;
}

/// The blobs of a push that no other one has.
std::vector<std::string> ownBlobs(const std::vector<store::StoredRevision>& revisions, const std::string& folder)
{
    std::set<std::string> own;
    std::set<std::string> others;
    for (const store::StoredRevision& revision : revisions) {
        auto& blobs = store::folderNameOf(revision.files) == folder ? own : others;
        for (const store::StoredFile& file : revision.files)
            blobs.insert(file.sha256);
    }
    std::vector<std::string> rest;
    std::ranges::set_difference(own, others, std::back_inserter(rest));
    return rest;
}

/// A push: out of the way first, so that nobody meets half a folder.
Result<std::uint64_t> removePush(const store::Stores& stores, const ModelOnDisk& model)
{
    TINTYPE_TRY_ASSIGN(store::Database database, stores.openReader());
    TINTYPE_TRY_ASSIGN(const auto revisions, store::allRevisions(database));
    const fs::path aside = stores.folder() / "tmp" / (model.id + ".removed");
    std::error_code error;
    fs::remove_all(aside, error);
    fs::rename(model.folder, aside, error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be deleted: {}", model.name, error.message()));
    fs::remove_all(aside, error);
    std::uint64_t freed = 0; // what other pushes have too stays
    for (const std::string& hash : ownBlobs(revisions, model.folder.filename().string())) {
        const auto bytes = fs::file_size(stores.blobs().pathOf(hash), error);
        if (!error && fs::remove(stores.blobs().pathOf(hash), error))
            freed += bytes;
    }
    return freed;
}

} // namespace

Models::Models(store::Stores& stores, Apps& apps, RevisionFiles& files, requirements::HubSettings hub)
    : m_stores(stores)
    , m_apps(apps)
    , m_files(files)
    , m_hub(std::move(hub))
{
}

Models::Use Models::currentUse() const
{
    Use use{.revisions = m_apps.revisionsInUse(), .memoryPeaks = {}};
    for (const AppInfo& app : m_apps.list()) {
        for (const domain::ReplicaInfo& replica : m_apps.runtime(app.name)->replicas()) {
            std::uint64_t& peak = use.memoryPeaks[replica.revision];
            peak = std::max(peak, replica.memoryPeak);
        }
    }
    return use;
}

Result<std::vector<HostModel>> Models::read(const Use& use) const
{
    TINTYPE_TRY_ASSIGN(store::Database database, m_stores.openReader());
    TINTYPE_TRY_ASSIGN(const auto revisions, store::allRevisions(database));
    std::multimap<std::string, const store::StoredRevision*> needs;
    for (const store::StoredRevision& revision : revisions) {
        for (const std::string& key : keysOf(revision))
            needs.emplace(key, &revision);
    }
    std::vector<HostModel> models;
    for (ModelOnDisk& found : modelsOnDisk(m_stores.folder() / "models", m_hub)) {
        HostModel model{.files = std::move(found), .neededBy = {}, .memoryBytes = 0, .memoryPeak = 0};
        model.memoryBytes = memoryFor(model.files.weightBytes());
        const auto [first, last] = needs.equal_range(keyOf(model.files));
        for (auto need = first; need != last; ++need) {
            const store::StoredRevision& revision = *need->second;
            model.neededBy.push_back({revision.app, revision.id, revision.number, use.revisions.contains(revision.id)});
            if (const auto peak = use.memoryPeaks.find(revision.id); peak != use.memoryPeaks.end())
                model.memoryPeak = std::max(model.memoryPeak, peak->second);
        }
        models.push_back(std::move(model));
    }
    std::ranges::stable_sort(models, {}, [](const HostModel& model) { return model.files.name; });
    return models;
}

void Models::list(ListCallback done)
{
    m_background.run([this, use = currentUse()] { return read(use); }, std::move(done));
}

Result<> Models::checkRemovable(const HostModel& model) const
{
    if (model.files.place == ModelPlace::UserCache)
        return fail(ErrorCode::Conflict,
            fmt::format("{} is in the cache of this machine's user, which a host only reads", model.files.name));
    const auto inUse = m_apps.revisionsInUse(); // by now
    const auto need = std::ranges::find_if(
        model.neededBy, [&inUse](const ModelNeed& each) { return inUse.contains(each.revision); });
    if (need != model.neededBy.end())
        return fail(ErrorCode::Conflict,
            fmt::format("revision {} of {} is in use and needs {}", need->number, need->app, model.files.name));
    return {};
}

void Models::remove(const std::string& id, RemoveCallback done)
{
    list([this, id, done = std::move(done)](const Result<std::vector<HostModel>>& models) {
        if (!models)
            return done(tl::unexpected(models.error()));
        const auto found = std::ranges::find(*models, id, [](const HostModel& model) { return model.files.id; });
        if (found == models->end())
            return done(fail(ErrorCode::NotFound, fmt::format("model {}: not found on this host", id)));
        if (const auto removable = checkRemovable(*found); !removable)
            return done(tl::unexpected(removable.error()));
        removeFound(*found, done);
    });
}

void Models::removeFound(const HostModel& model, RemoveCallback done)
{
    m_files.forget(model.files.folder.string());
    m_background.runInOrder(kDisk,
        [this, files = model.files]() -> Result<std::uint64_t> {
            if (files.place == ModelPlace::Pushed)
                return removePush(m_stores, files);
            return requirements::HubCache(m_hub.cacheFolder).remove(files.name, files.commit);
        },
        std::move(done));
}

} // namespace tintype::runtime
