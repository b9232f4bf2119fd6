// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/scaling.h"
#include "deploy/domain/time_point.h"
#include "deploy/store/database.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

// Apps, their revisions and what happened to them.

namespace tintype::store {

struct StoredApp {
    std::string name;
    domain::AuthMode auth = domain::AuthMode::Private;
    std::string revision; ///< the current one
    domain::Scaling scaling;
    bool paused = false;
    bool ephemeral = false;
    TimePoint created;
    TimePoint updated;
};

/// A file that a revision refers to by its content.
struct StoredFile {
    std::string path; ///< relative to the definition
    std::string sha256;
    std::uint64_t size = 0;

    bool operator==(const StoredFile&) const = default;
};

struct StoredRevision {
    std::string app;
    std::string id;   ///< commit in the app's repository, 40 hex digits
    int number = 0;   ///< 1, 2, … within the app
    std::string hash; ///< SHA-256 of definition and files: equal content, equal hash
    std::string definition; ///< canonical JSON
    std::vector<StoredFile> files;
    std::map<std::string, std::string> commits; ///< hub requirement as written → commit that it was pinned to
    std::string message;
    std::map<std::string, std::string> annotations;
    std::string author; ///< key id
    TimePoint created;
};

struct StoredEvent {
    std::int64_t id = 0;
    TimePoint time;
    std::string category; ///< "runner" | "deployment" | "config"
    std::string app;
    std::string actor;
    std::string text;
    std::string before; ///< JSON object of what changed; may be empty
    std::string after;
};

Result<> saveApp(Database& database, const StoredApp& app); ///< new, or in place of the one of its name
Result<> deleteApp(Database& database, const std::string& name); ///< with its revisions
Result<std::vector<StoredApp>> loadApps(Database& database);

/// Gives it its number.
Result<int> insertRevision(Database& database, const StoredRevision& revision);
Result<std::vector<StoredRevision>> revisionsOf(Database& database, const std::string& app); ///< the latest first
Result<std::vector<StoredRevision>> allRevisions(Database& database);
Result<std::optional<StoredRevision>> findRevision(Database& database, const std::string& app, const std::string& id);

/// Every sha256 that a revision refers to: what the blob store must keep.
Result<std::vector<std::string>> referencedBlobs(Database& database);

Result<> insertEvent(Database& database, const StoredEvent& event);

/// The latest first, those before `beforeId` (0 = from the top).
Result<std::vector<StoredEvent>> eventsOf(Database& database, const std::string& app, std::int64_t beforeId, int limit);

/// A revision that began to serve.
struct DeploymentMark {
    TimePoint time;
    std::string app;
    std::string revision;
    int number = 0; ///< 0 if the app is deleted
    std::string message;
};

/// The latest of this span, in order of time. @param app empty = of all
Result<std::vector<DeploymentMark>> deploymentsBetween(
    Database& database, const std::string& app, TimePoint since, TimePoint until, int limit);

std::string scalingJson(const domain::Scaling& scaling); ///< names of app.yaml, seconds
domain::Scaling scalingFromJson(const std::string& json); ///< what is missing takes its default

} // namespace tintype::store
