// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/scaling_fields.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tintype::domain {
namespace {

using S = ScalingSettings;
using Seconds = std::chrono::seconds;

constexpr int kDay = 86'400;
constexpr int kYear = 365 * kDay;
constexpr int kMostReplicas = 1000;

// Inherited: fal 2026-08, cli/deploy_check.py
constexpr std::array kFields{
    ScalingField{.name = "machine_type", .slot = ScalingSlot<Names>{&S::machineTypes, &Scaling::machineTypes},
        .help = "Hardware of a replica: a name that the host knows, or a list of names in order of preference."},
    ScalingField{.name = "keep_alive", .slot = ScalingSlot<Seconds>{&S::keepAlive, &Scaling::keepAlive},
        .high = kYear, .isInherited = true,
        .help = "How long a replica waits for another request before it goes."},
    ScalingField{.name = "min_concurrency", .slot = ScalingSlot<int>{&S::minConcurrency, &Scaling::minConcurrency},
        .high = kMostReplicas, .isInherited = true,
        .help = "Replicas that are always there. Not above max_concurrency."},
    ScalingField{.name = "max_concurrency", .slot = ScalingSlot<int>{&S::maxConcurrency, &Scaling::maxConcurrency},
        .low = 1, .high = kMostReplicas, .isInherited = true, .help = "Most replicas at a time."},
    ScalingField{.name = "concurrency_buffer",
        .slot = ScalingSlot<int>{&S::concurrencyBuffer, &Scaling::concurrencyBuffer},
        .high = kMostReplicas, .isInherited = true,
        .help = "Spare replicas beyond what the load needs. Wins over min_concurrency; the two do not add up."},
    ScalingField{.name = "concurrency_buffer_perc",
        .slot = ScalingSlot<int>{&S::concurrencyBufferPerc, &Scaling::concurrencyBufferPerc},
        .high = kMostReplicas, .isInherited = true,
        .help = "Spare replicas in percent of the load. The larger of the two buffers counts."},
    ScalingField{.name = "scaling_delay", .slot = ScalingSlot<Seconds>{&S::scalingDelay, &Scaling::scalingDelay},
        .high = kDay, .isInherited = true,
        .help = "How long a request waits for the replicas that are there before another is added."},
    ScalingField{.name = "max_multiplexing",
        .slot = ScalingSlot<int>{&S::maxMultiplexing, &Scaling::maxMultiplexing}, .low = 1, .high = 64,
        .help = "Requests that one replica takes at a time."},
    ScalingField{.name = "request_timeout",
        .slot = ScalingSlot<Seconds>{&S::requestTimeout, &Scaling::requestTimeout}, .low = 1, .high = kDay,
        .isInherited = true, .help = "Longest time of one request on a replica, which is then replaced."},
    ScalingField{.name = "startup_timeout",
        .slot = ScalingSlot<Seconds>{&S::startupTimeout, &Scaling::startupTimeout}, .low = 1, .high = kDay,
        .help = "Longest time from a replica's start to its readiness."},
    ScalingField{.name = "termination_grace_period_seconds",
        .slot = ScalingSlot<Seconds>{&S::terminationGrace, &Scaling::terminationGrace}, .high = 30,
        .help = "How long a replica that shall go may finish what it does before it is killed."},
    ScalingField{.name = "regions", .slot = ScalingSlot<Names>{&S::regions, &Scaling::regions}, .isInherited = true,
        .help = "Regions that the app may run in. None: any."},
};

constexpr std::array<std::string_view, 5> kRegions{"us-west", "us-central", "us-east", "eu-north", "eu-west"};

} // namespace

std::span<const ScalingField> scalingFields() { return kFields; }

const ScalingField* findScalingField(std::string_view name)
{
    const auto found = std::ranges::find(kFields, name, &ScalingField::name);
    return found == kFields.end() ? nullptr : &*found;
}

std::span<const std::string_view> regionNames() { return kRegions; }

std::string shownValue(int value) { return std::to_string(value); }

std::string shownValue(std::chrono::seconds value) { return fmt::format("{} s", value.count()); }

std::string shownValue(const Names& value)
{
    return value.empty() ? "none" : fmt::format("{}", fmt::join(value, ", "));
}

} // namespace tintype::domain
