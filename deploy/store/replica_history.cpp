// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/replica_history.h"

namespace tintype::store {

std::optional<ReplicaPhase> phaseOf(domain::ReplicaState state)
{
    using enum domain::ReplicaState;
    switch (state) {
    case Pending:
    case Fetching:
    case Setup: return ReplicaPhase::Starting;
    case CrashBackoff: return ReplicaPhase::Failing;
    case Idle:
    case Running: return ReplicaPhase::Ready;
    case Draining:
    case Terminating: return ReplicaPhase::Draining;
    case Terminated: break;
    }
    return std::nullopt;
}

Result<> notePhase(Database& database, const std::string& app, const std::string& replica, std::optional<ReplicaPhase> phase,
    TimePoint time)
{
    TINTYPE_TRY_ASSIGN(
        Statement end, database.prepare("UPDATE replica_states SET ended = ? WHERE replica = ? AND ended IS NULL"));
    TINTYPE_TRY(end.bind(toMilliseconds(time)).bind(replica).run());
    if (!phase)
        return {};
    TINTYPE_TRY_ASSIGN(
        Statement begin, database.prepare("INSERT INTO replica_states (replica, app, state, begun) VALUES (?,?,?,?)"));
    return begin.bind(replica).bind(app).bind(static_cast<int>(*phase)).bind(toMilliseconds(time)).run();
}

Result<std::vector<PhaseSpan>> findPhases(Database& database, const std::string& app, TimePoint since, TimePoint until)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT state, begun, ended FROM replica_states"
                         " WHERE (ended IS NULL OR ended > ?) AND begun < ? AND (? = '' OR app = ?) ORDER BY begun"));
    select.bind(toMilliseconds(since)).bind(toMilliseconds(until)).bind(app).bind(app);
    std::vector<PhaseSpan> spans;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return spans;
        spans.push_back({static_cast<ReplicaPhase>(select.integer(0)), fromMilliseconds(select.integer(1)), {}});
        if (!select.isNull(2))
            spans.back().ended = fromMilliseconds(select.integer(2));
    }
}

Result<> closePhases(Database& database)
{
    return database.execute(
        "UPDATE replica_states SET ended = max(begun,"
        " coalesce((SELECT max(finished) FROM records), 0), coalesce((SELECT max(time) FROM logs), 0),"
        " coalesce((SELECT max(begun) FROM replica_states), 0), coalesce((SELECT max(ended) FROM replica_states), 0))"
        " WHERE ended IS NULL");
}

Result<int> expirePhases(Database& database, TimePoint before, int limit)
{
    TINTYPE_TRY_ASSIGN(Statement remove,
        database.prepare(
            "DELETE FROM replica_states WHERE rowid IN (SELECT rowid FROM replica_states WHERE ended < ? LIMIT ?)"));
    TINTYPE_TRY(remove.bind(toMilliseconds(before)).bind(limit).run());
    return database.changes();
}

} // namespace tintype::store
