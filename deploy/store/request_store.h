// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/record.h"
#include "deploy/store/database.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

// Requests that are not done yet (table requests) and what the others left (table records).

namespace tintype::store {

/// A request that the last run of the host did not finish.
struct UnfinishedRequest {
    domain::Request request;
    int attempts = 0; ///< starts on a replica
};

/// Keeps a queued one until it is finished; of the others see CallJournal.
/// @error Conflict: the id is taken, by a request or a record
Result<> insertRequest(Database& database, const domain::Request& request);

Result<> countAttempt(Database& database, const std::string& id);

/// One statement. A second record of one id is dropped.
Result<> insertRecord(Database& database, const domain::Record& record);

/// The request goes, its record comes: in the transaction around it, so that there is always exactly one of the two.
Result<> finishRequest(Database& database, const domain::Record& record);

Result<std::vector<UnfinishedRequest>> unfinishedRequests(Database& database);
Result<std::optional<domain::Record>> findRecord(Database& database, const std::string& id);

struct RecordFilter {
    std::string app, endpoint, key, replica, revision; ///< empty = any
    std::string text;                                  ///< in id, error or input
    std::optional<domain::Outcome> outcome;
    std::optional<int> status;       ///< 422, or a class: 4 = 4xx
    std::optional<TimePoint> since, until; ///< of their end; until is not included
    std::optional<double> aboveTotal, upToTotal; ///< seconds, submitted → finished
    std::optional<bool> cold;
};

enum class RecordOrder { LatestFirst, SlowestFirst };

struct RecordPage {
    std::vector<domain::Record> records;
    std::string nextCursor; ///< empty at the end
};

/// @param limit 1 to 1000  @param cursor of the page before; opaque  @error InvalidArgument: not a cursor of this order
Result<RecordPage> findRecords(
    Database& database, const RecordFilter& filter, RecordOrder order, int limit, const std::string& cursor);

/// Deletes at most `limit` records that ended before; returns how many went.
Result<int> expireRecords(Database& database, TimePoint before, int limit);

/// Deletes the oldest records above `most`, at most `limit` at a time; returns how many went.
Result<int> trimRecords(Database& database, std::int64_t most, int limit);

/// Empties the outputs of requests that asked for nothing to be kept, once their callers had time to fetch them.
Result<> forgetOutputs(Database& database, TimePoint before);

} // namespace tintype::store
