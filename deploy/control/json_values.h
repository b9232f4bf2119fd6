// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/event.h"
#include "deploy/control/host_values.h"
#include "deploy/control/model_values.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

// The API's JSON (deploy/api/README.md) as values and back. Hosts of other versions are read too: what is missing or
// of another type takes its default, what is unknown is ignored. Included by .cpp files only.

namespace tintype::control {

using Json = nlohmann::json;

std::string textOf(const Json& object, std::string_view name);
double numberOf(const Json& object, std::string_view name);
std::int64_t integerOf(const Json& object, std::string_view name);
bool flagOf(const Json& object, std::string_view name);
TimePoint timeOf(const Json& object, std::string_view name);
std::optional<TimePoint> optionalTimeOf(const Json& object, std::string_view name);
const Json& fieldOf(const Json& object, std::string_view name); ///< null if absent

/// "2026-08-01T12:00:00.000Z"
std::string isoTime(TimePoint time);

HostInfo hostFrom(const Json& object);
AppInfo appFrom(const Json& object);
RevisionInfo revisionFrom(const Json& object);
RevisionDetail revisionDetailFrom(const Json& object);
RevisionDiff diffFrom(const Json& object);
HistoryEntry historyFrom(const Json& object);
DeployPlan planFrom(const Json& object);
DeployReceipt receiptFrom(const Json& object);
std::vector<MissingBlob> missingFrom(const Json& object);
ModelInfo modelFrom(const Json& object);
domain::ReplicaInfo replicaFrom(const Json& object);
RequestInfo requestFrom(const Json& object);
LogLine logLineFrom(const Json& object);
KeyInfo keyFrom(const Json& object);
SecretInfo secretFrom(const Json& object);
CallProgress progressFrom(const Json& object);

/// Nothing for a type that this version does not know.
std::optional<Event> eventFrom(const Json& object);

Json toJson(const AppChange& change);
Json toJson(const RevisionTarget& target);
Json toJson(const Deployment& deployment);

/// The text of a value, whatever it holds that is not UTF-8.
std::string asText(const Json& value, int indent = -1);

} // namespace tintype::control
