// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/local_lookup.h"

#include "deploy/requirements/wanted_files.h"

#include <algorithm>

namespace tintype::requirements {
namespace {

bool isComplete(
    const HubCache& cache, const std::optional<HubListing>& listing, const HubModel& model, const std::string& commit)
{
    const auto index = cache.read(model.repository, commit, std::string(kModelIndex));
    if (!index)
        return false;
    const auto files = listing ? listing->files : cache.filesOf(model.repository, commit);
    const auto wanted = wantedFiles(files, *index, model.variant);
    if (!wanted)
        return false;
    if (!listing)
        return looksComplete(*wanted, *index);
    return std::ranges::all_of(
        *wanted, [&](const HubFile& file) { return isNotice(file) || cache.holds(model.repository, commit, file); });
}

} // namespace

std::vector<HubCache> cachesOf(const HubSettings& settings)
{
    std::vector<HubCache> caches{HubCache(settings.cacheFolder)};
    if (!settings.userCacheFolder.empty())
        caches.emplace_back(settings.userCacheFolder);
    return caches;
}

std::optional<std::string> knownCommit(const HubSettings& settings, const HubModel& model)
{
    for (const HubCache& cache : cachesOf(settings)) {
        if (auto commit = cache.commitOf(model.repository, model.revision))
            return commit;
    }
    return std::nullopt;
}

std::optional<std::string> findLocally(const HubSettings& settings, const HubModel& model)
{
    const auto caches = cachesOf(settings);
    for (const HubCache& knowing : caches) {
        const auto commit = knowing.commitOf(model.repository, model.revision);
        if (!commit)
            continue;
        const auto listing = caches.front().listing(model.repository, *commit);
        for (const HubCache& cache : caches) {
            if (isComplete(cache, listing, model, *commit))
                return cache.snapshot(model.repository, *commit).string();
        }
    }
    return std::nullopt;
}

} // namespace tintype::requirements
