// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/page.h"
#include "deploy/domain/replica.h"
#include "deploy/domain/time_point.h"

#include <optional>
#include <string>

namespace tintype::control {

struct ReplicaQuery {
    std::string app;   ///< empty = of all
    std::string state; ///< "IDLE", …; empty = every state, ended ones of the last 24 h too
};

struct RequestQuery {
    std::string app;
    std::string endpoint;
    std::string state;   ///< "queued" | "running" = live ones; empty = records
    std::string outcome; ///< "success" | "user_error" | "error" | "cancelled"
    std::string text;
    std::string replica;
    std::string revision;
    std::string key;
    std::string sort; ///< "newest" | "slowest"; empty = newest
    std::optional<int> status;
    std::optional<double> minTotal; ///< seconds from submitted to finished: above it
    std::optional<double> maxTotal; ///< up to it
    std::optional<bool> cold;       ///< waited for a replica to start
    std::optional<TimePoint> since;
    std::optional<TimePoint> until;
    PageQuery page;
};

/// A request in a list: live or done.
struct RequestInfo {
    std::string id;
    std::string app;
    std::string endpoint;
    std::string state;   ///< "queued" | "running" | "done"
    std::string outcome; ///< of one that is done
    int status = 0;      ///< HTTP status of its result; 0 = not done
    std::string via;
    std::string replica;
    std::string revision;
    std::string error;
    std::string reason; ///< why it waits, a sentence
    int position = 0;   ///< requests ahead of it
    TimePoint submittedAt;
    std::optional<TimePoint> startedAt;
    std::optional<TimePoint> finishedAt;
    double queueSeconds = 0;
    double setupSeconds = 0;
    double totalSeconds = 0; ///< inside the worker
};

struct RequestDetail {
    RequestInfo info;
    std::string json; ///< the whole answer: input, output, timings, …
};

struct AnalyticsQuery {
    std::string app;
    std::string endpoint;
    std::optional<TimePoint> since;
    std::optional<TimePoint> until;
    std::string bucket; ///< width of a column: "minute", "hour", …; empty = the host chooses
};

/// Counts, percentiles, heat map, slowest and failed requests, as the API gives them (deploy/api/README.md).
struct Analytics {
    std::string json;
};

struct LogQuery {
    std::string app;
    std::string replica;
    std::string request;
    std::string level; ///< this one and worse
    std::string search;
    std::optional<TimePoint> since;
    std::optional<TimePoint> until;
    bool newestFirst = false;
    PageQuery page;
};

struct LogLine {
    TimePoint time;
    std::string level; ///< "debug" | "info" | "warning" | "error"
    std::string app;
    std::string revision;
    std::string replica;
    std::string request;
    std::string source; ///< "worker" | "host"
    std::string text;

    bool operator==(const LogLine&) const = default;
};

} // namespace tintype::control
