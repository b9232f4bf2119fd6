// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/effective_settings.h"
#include "deploy/domain/time_point.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tintype::control {

struct AppInfo {
    std::string name;
    std::string revision;
    domain::AuthMode auth = domain::AuthMode::Private;
    domain::Scaling scaling;
    bool paused = false;
    bool ephemeral = false;
    bool rolling = false;
    int queued = 0;
    int running = 0;
    std::map<std::string, int> replicas; ///< by state name
    std::vector<std::string> endpoints;  ///< paths
    std::map<std::string, std::string> urls; ///< "run", "queue", …
    TimePoint createdAt;
    TimePoint updatedAt;

    int replicaCount() const;
};

/// What to change of an app; absent = as it is.
struct AppChange {
    std::optional<domain::AuthMode> auth;
    std::optional<bool> paused;
    domain::ScalingSettings scaling;
};

/// How replicas of the old revision give way.
enum class Strategy { Rolling, Recreate };
std::string_view strategyName(Strategy strategy); ///< "rolling" | "recreate"

struct RevisionInfo {
    std::string id; ///< 40 hex digits
    int number = 0; ///< within its app, from 1
    std::string message;
    std::map<std::string, std::string> annotations;
    std::string author; ///< id of the key
    TimePoint createdAt;
    bool current = false;
};

/// A file that belongs to a definition, by its content.
struct FileReference {
    std::string path; ///< relative to the definition, with '/'
    std::string sha256;
    std::uint64_t size = 0;

    bool operator==(const FileReference&) const = default;
};

struct RevisionDetail {
    RevisionInfo info;
    std::string definition; ///< text of app.yaml
    std::vector<FileReference> files;
};

struct RevisionDiff {
    std::string text;               ///< unified diff of app.yaml; empty = the same
    std::vector<std::string> files; ///< "added models/x", "changed …", "removed …"
};

struct RevisionTarget {
    std::string revision; ///< id, an unambiguous start of one, or its number
    std::optional<domain::AuthMode> auth;
    Strategy strategy = Strategy::Rolling;
};

struct QueueSize {
    int queued = 0;
    int running = 0;
};

/// What a push sends: the definition and the list of its files, whose bytes travel as blobs.
struct Deployment {
    std::string definition;
    std::vector<FileReference> files;
    std::string name; ///< in place of the definition's; empty = that
    std::string message;
    std::map<std::string, std::string> annotations;
    std::optional<domain::AuthMode> auth;
    Strategy strategy = Strategy::Rolling;
    bool resetScale = false;
    bool ephemeral = false; ///< gone when its lease ends
};

/// What a deployment would do.
struct DeployPlan {
    std::string app;
    bool isNew = false;
    std::string currentRevision;
    std::vector<domain::EffectiveValue> values;
    std::uint64_t bytesMissing = 0;
    std::uint64_t weightBytes = 0;
    std::uint64_t memoryBytes = 0; ///< estimate for one replica
    std::vector<std::string> machineTypes; ///< of the wanted ones, those that the host has
    std::vector<std::string> warnings;
    std::string json; ///< the whole answer
};

struct DeployReceipt {
    std::string app;
    std::string revision;
    int number = 0;
    bool isNewRevision = true;
    std::map<std::string, std::string> urls;
    std::string status; ///< "deployed" | "rolling_out"
};

struct BlobReference {
    std::string sha256;
    std::uint64_t size = 0;
};

/// A blob that the host wants, from `offset` on: the bytes before it have arrived.
struct MissingBlob {
    std::string sha256;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

/// Something that happened to an app.
struct HistoryEntry {
    TimePoint time;
    std::string category; ///< "runner" | "deployment" | "config"
    std::string actor;
    std::string text;
};

} // namespace tintype::control
