// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/json_output.h"
#include "deploy/cli/table.h"
#include "deploy/control/control.h"

// Apps, replicas and revisions as tables and as the JSON that fal's CLI prints (fal.md 6). Included by .cpp files only.

namespace tintype::cli {

Json appJson(const control::AppInfo& app);
Table appTable(const std::vector<control::AppInfo>& apps);

/// @param now uptime and expiry are told relative to it
Json replicaJson(const domain::ReplicaInfo& replica, TimePoint now);
Table replicaTable(const std::vector<domain::ReplicaInfo>& replicas, TimePoint now);

Json revisionJson(const control::RevisionInfo& revision);
Table revisionTable(const std::vector<control::RevisionInfo>& revisions);

Json urlsJson(const std::map<std::string, std::string>& urls);

} // namespace tintype::cli
