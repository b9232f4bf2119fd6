// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/record.h"
#include "deploy/store/app_store.h"
#include "deploy/store/database.h"

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tintype::store {

struct AnalyticsQuery {
    std::string app, endpoint; ///< empty = any
    TimePoint since;
    TimePoint until;             ///< not included; requests count at their end
    std::chrono::seconds bucket; ///< width of a column of the series, whole buckets counted from 1970

    /// A request that has no record yet.
    struct Live {
        std::string endpoint;
        TimePoint submitted;
        std::optional<TimePoint> started;
    };
    std::vector<Live> live{};            ///< of that app
    TimePoint now = wallClockNow();      ///< until when what still goes on has lasted
};

struct OutcomeCounts {
    std::int64_t success = 0;
    std::int64_t userError = 0;
    std::int64_t error = 0;
    std::int64_t cancelled = 0;

    std::int64_t total() const { return success + userError + error + cancelled; }
    bool operator==(const OutcomeCounts&) const = default;
};

/// Seconds by nearest rank; zeros if nothing was measured.
struct Percentiles {
    double p50 = 0, p75 = 0, p90 = 0, p95 = 0, p99 = 0;

    bool operator==(const Percentiles&) const = default;
};

/// Where the time of successful requests went.
struct Durations {
    Percentiles latency;   ///< submitted → finished
    Percentiles startup;   ///< in the queue, and while a replica started
    Percentiles execution; ///< inside the worker
};

/// Successful requests by latency: one number for each of kHeatBounds, and one for the rest.
struct Heat {
    std::vector<std::int64_t> cold; ///< those that waited for a replica to start
    std::vector<std::int64_t> warm;
};

/// How many replicas there were, averaged over time.
struct ReplicaMeans {
    double starting = 0;
    double idle = 0;
    double running = 0; ///< busy with a request, as records tell
    double failing = 0; ///< waits after a failed start
    double draining = 0;

    bool operator==(const ReplicaMeans&) const = default;
};

struct AnalyticsColumn {
    TimePoint start;
    OutcomeCounts counts;
    Durations durations;
    Heat heat;
    std::int64_t mostQueued = 0; ///< at once
    double meanQueued = 0;       ///< over time
    ReplicaMeans replicas;
};

struct EndpointAnalytics {
    std::string app;
    std::string endpoint;
    OutcomeCounts counts;
    Durations durations;
};

/// Failed requests that failed in the same way.
struct FailureGroup {
    int status = 0;
    std::string errorType;
    std::string error;
    std::int64_t count = 0;
    TimePoint last;
};

struct Analytics {
    OutcomeCounts counts;
    std::map<int, std::int64_t> statuses;
    Durations durations;
    std::vector<AnalyticsColumn> series; ///< without gaps, from `since` to `until`
    std::vector<EndpointAnalytics> endpoints;
    std::vector<FailureGroup> failures;  ///< the most frequent first
    std::vector<domain::Record> slowest; ///< the slowest first
    std::vector<domain::Record> failed;  ///< the latest first
    std::vector<DeploymentMark> deployments;
};

/// Upper bounds of the heat map's rows, in seconds.
inline constexpr std::array kHeatBounds{0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0};

constexpr std::int64_t kMostColumns = 2000;

/// One pass over the records of the span; for the queue also over those of the day after it that waited in it.
/// @error InvalidArgument: no span, or more than kMostColumns columns
Result<Analytics> analyse(Database& database, const AnalyticsQuery& query);

} // namespace tintype::store
