// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/app_values.h"
#include "deploy/control/call.h"
#include "deploy/control/request_values.h"
#include "engine/base/error.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tintype::control {

struct AppChanged {
    AppInfo app;
};
struct AppRemoved {
    std::string app;
};
struct ReplicaChanged {
    domain::ReplicaInfo replica;
};
struct RequestChanged {
    RequestInfo request;
};
struct RequestProgressed {
    std::string app;
    std::string request;
    CallProgress progress;
};
struct LogAdded {
    LogLine line;
};
struct RolloutEnded {
    std::string app;
    std::string revision;
    std::optional<Error> error; ///< why the old revision is still the one that serves
};

/// Something that happened on the host just now.
using Event = std::variant<AppChanged, AppRemoved, ReplicaChanged, RequestChanged, RequestProgressed, LogAdded, RolloutEnded>;

/// Which events are wanted; empty = all.
struct EventFilter {
    std::string app;
    std::vector<std::string> types; ///< "app", "replica", "request", "progress", "log", "rollout"
};

/// How the stream of events stands. After a gap (Connected again) a holder of snapshots asks for them anew.
struct ConnectionState {
    enum class Kind { Off, Connecting, Connected, Retrying };
    Kind kind = Kind::Off;
    double retrySeconds = 0; ///< Retrying: until the next attempt
    std::string reason;      ///< Retrying: a sentence

    bool operator==(const ConnectionState&) const = default;
};

} // namespace tintype::control
