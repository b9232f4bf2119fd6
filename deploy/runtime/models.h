// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/model_inventory.h"
#include "deploy/requirements/hub_settings.h"
#include "deploy/runtime/background.h"
#include "deploy/store/app_store.h"
#include "engine/base/result.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tintype::store {
class Stores;
}

namespace tintype::runtime {

class Apps;
class RevisionFiles;

/// A revision of this host that needs a model.
struct ModelNeed {
    std::string app;
    std::string revision;
    int number = 0;
    bool inUse = false; ///< the app's current one, or a replica of it is there
};

struct HostModel {
    requirements::ModelOnDisk files;
    std::vector<ModelNeed> neededBy;
    std::uint64_t memoryBytes = 0; ///< estimate for one replica; 0 = unknown
    std::uint64_t memoryPeak = 0;  ///< the most that a replica of the last day took; 0 = none was measured
};

/// The models on the disk of this host, and who needs them. Control thread; the disk is read and cleared elsewhere.
class Models {
public:
    Models(store::Stores& stores, Apps& apps, RevisionFiles& files, requirements::HubSettings hub);

    using ListCallback = std::function<void(Result<std::vector<HostModel>>)>;
    void list(ListCallback done);

    using RemoveCallback = std::function<void(Result<std::uint64_t>)>; ///< bytes that are free now

    /// @error NotFound · Conflict: a revision in use needs it (named), or it is in the user's own cache
    void remove(const std::string& id, RemoveCallback done);

private:
    struct Use { ///< what only the control thread knows
        std::set<std::string> revisions;
        std::map<std::string, std::uint64_t> memoryPeaks; ///< by revision
    };

    Use currentUse() const;
    Result<std::vector<HostModel>> read(const Use& use) const; ///< any thread
    Result<> checkRemovable(const HostModel& model) const;
    void removeFound(const HostModel& model, RemoveCallback done);

    store::Stores& m_stores;
    Apps& m_apps;
    RevisionFiles& m_files;
    const requirements::HubSettings m_hub;
    Background m_background; ///< last: it waits for what reads the members above
};

} // namespace tintype::runtime
