// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"
#include "engine/base/result.h"
#include "ui/models/time_range.h"

#include <QString>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tintype::ui {

/// Seconds; zeros if nothing was measured.
struct Percentiles {
    double p50 = 0, p75 = 0, p90 = 0, p95 = 0, p99 = 0;

    bool operator==(const Percentiles&) const = default;
};

struct OutcomeCounts {
    std::int64_t success = 0;
    std::int64_t userError = 0; ///< refused: the caller's fault
    std::int64_t error = 0;
    std::int64_t cancelled = 0;

    std::int64_t total() const { return success + userError + error + cancelled; }

    /// Of those that the host had to answer well: without the callers' own errors and cancellations. Nothing if there were none.
    std::optional<double> successRate() const;
    bool operator==(const OutcomeCounts&) const = default;
};

/// Counts of all requests, durations of the successful ones.
struct Measured {
    OutcomeCounts counts;
    Percentiles latency;   ///< submitted → finished
    Percentiles startup;   ///< in the queue and while a replica started
    Percentiles execution; ///< inside the worker
};

struct AnalyticsColumn : Measured {
    TimePoint start;
};

struct EndpointAnalytics : Measured {
    std::string app;
    std::string endpoint;
};

using HeatCounts = std::vector<std::vector<std::int64_t>>; ///< by column, then by row: one more than there are bounds

struct HeatMap {
    std::vector<double> bounds; ///< upper ones of the rows, seconds, ascending; the last row has none
    HeatCounts all;
    std::optional<HeatCounts> cold; ///< waited for a replica to start
    std::optional<HeatCounts> warm;
};

/// Requests that waited, by column.
struct QueueSeries {
    std::vector<std::int64_t> most; ///< at once
    std::vector<double> mean;       ///< over time
};

struct ReplicaSeries {
    std::vector<std::string> states; ///< "starting", …
    std::vector<std::optional<std::vector<double>>> means; ///< by column, then by state; nothing = the host does not know
};

struct DeployMark {
    TimePoint time;
    std::string app;
    std::string revision;
    int number = 0;
    std::string message;
};

struct FailureGroup {
    int status = 0;
    std::string errorType;
    std::string error;
    std::int64_t count = 0;
    TimePoint last;
};

/// An answer of Control::analytics. What this host's version does not tell is nothing.
struct AnalyticsData {
    TimeSpan span;
    std::chrono::seconds bucket{0}; ///< width of a column
    Measured all;
    std::map<int, std::int64_t> statuses;
    std::vector<AnalyticsColumn> series; ///< without gaps
    HeatMap heat;
    std::optional<QueueSeries> queue;
    std::optional<ReplicaSeries> replicas;
    std::optional<std::vector<DeployMark>> deployments;
    std::vector<EndpointAnalytics> endpoints;
    std::vector<FailureGroup> failures;
    std::vector<control::RequestInfo> slowest;
    std::vector<control::RequestInfo> failed;
};

/// Any thread. @error Protocol: no object, no series, or lists that do not fit the series
Result<AnalyticsData> readAnalytics(const std::string& json);

} // namespace tintype::ui
