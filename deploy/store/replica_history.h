// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/replica.h"
#include "deploy/store/database.h"

#include <optional>
#include <string>
#include <vector>

// From when to when each replica was in which state, for charts. Idle and running are one here: which of them it was,
// records tell, and a row for each request would double what a host writes.

namespace tintype::store {

enum class ReplicaPhase { Starting, Ready, Failing, Draining };

/// Nothing once it has ended.
std::optional<ReplicaPhase> phaseOf(domain::ReplicaState state);

/// Ends the phase before it.
Result<> notePhase(Database& database, const std::string& app, const std::string& replica, std::optional<ReplicaPhase> phase,
    TimePoint time);

struct PhaseSpan {
    ReplicaPhase phase = ReplicaPhase::Starting;
    TimePoint begun;
    std::optional<TimePoint> ended;
};

/// What overlaps this span, in order of time. @param app empty = of all
Result<std::vector<PhaseSpan>> findPhases(Database& database, const std::string& app, TimePoint since, TimePoint until);

/// Ends what a killed host left open, at the last time that it wrote anything.
Result<> closePhases(Database& database);

/// Deletes at most `limit` phases that ended before; returns how many.
Result<int> expirePhases(Database& database, TimePoint before, int limit);

} // namespace tintype::store
