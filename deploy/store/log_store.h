// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "deploy/store/database.h"

#include <optional>
#include <string>
#include <vector>

namespace tintype::store {

enum class LogLevel { Debug, Info, Warning, Error };

std::string_view logLevelName(LogLevel level);
std::optional<LogLevel> logLevelFromName(std::string_view name); ///< "critical" is error

struct StoredLogLine {
    std::int64_t id = 0;
    TimePoint time;
    LogLevel level = LogLevel::Info;
    std::string app;
    std::string revision;
    std::string replica;
    std::string request;
    std::string source; ///< "worker" | "host"
    std::string text;
};

struct LogFilter {
    std::string app, revision, replica, request; ///< empty = any
    std::string search;                          ///< in the text, without case
    LogLevel atLeast = LogLevel::Debug;
    std::optional<TimePoint> since, until;
};

enum class LogOrder { LatestFirst, OldestFirst };

Result<> insertLogLines(Database& database, const std::vector<StoredLogLine>& lines);

/// @param after id of the last line of the page before; 0 = from the beginning of the order
Result<std::vector<StoredLogLine>> findLogLines(
    Database& database, const LogFilter& filter, LogOrder order, std::int64_t after, int limit);

/// Deletes at most `limit` of the lines that were written before; returns how many went.
Result<int> expireLogLines(Database& database, TimePoint before, int limit);

/// Deletes the oldest lines above `most`, at most `limit` at a time; returns how many went.
Result<int> trimLogLines(Database& database, std::int64_t most, int limit);

} // namespace tintype::store
