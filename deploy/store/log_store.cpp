// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/log_store.h"

#include <algorithm>
#include <array>

namespace tintype::store {
namespace {

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};
constexpr int kMaxPage = 10'000;

LogLevel levelOf(std::int64_t stored)
{
    return static_cast<LogLevel>(std::clamp<std::int64_t>(stored, 0, static_cast<std::int64_t>(kLevels.size()) - 1));
}

} // namespace

std::string_view logLevelName(LogLevel level) { return kLevels[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> logLevelFromName(std::string_view name)
{
    for (std::size_t index = 0; index < kLevels.size(); ++index) {
        if (kLevels[index] == name)
            return static_cast<LogLevel>(index);
    }
    return name == "critical" ? std::optional(LogLevel::Error) : std::nullopt;
}

Result<> insertLogLines(Database& database, const std::vector<StoredLogLine>& lines)
{
    for (const StoredLogLine& line : lines) {
        TINTYPE_TRY_ASSIGN(Statement insert,
            database.prepare("INSERT INTO logs (time, level, app, revision, replica, request, source, text) VALUES (?,?,?,?,?,?,?,?)"));
        insert.bind(toMilliseconds(line.time)).bind(static_cast<int>(line.level)).bind(line.app).bind(line.revision);
        TINTYPE_TRY(insert.bind(line.replica).bind(line.request).bind(line.source).bind(line.text).run());
    }
    return {};
}

Result<std::vector<StoredLogLine>> findLogLines(
    Database& database, const LogFilter& filter, LogOrder order, std::int64_t after, int limit)
{
    std::string sql = "SELECT id, time, level, app, revision, replica, request, source, text FROM logs WHERE level >= ?";
    std::vector<std::string> texts;
    const std::pair<const char*, const std::string&> conditions[]{{" AND app = ?", filter.app},
        {" AND revision = ?", filter.revision}, {" AND replica = ?", filter.replica}, {" AND request = ?", filter.request},
        {" AND instr(lower(text), lower(?)) > 0", filter.search}};
    for (const auto& [condition, value] : conditions) {
        if (value.empty())
            continue;
        sql += condition;
        texts.push_back(value);
    }
    if (filter.since)
        sql += " AND time >= ?";
    if (filter.until)
        sql += " AND time < ?";
    const bool latestFirst = order == LogOrder::LatestFirst;
    if (after != 0)
        sql += latestFirst ? " AND id < ?" : " AND id > ?";
    sql += latestFirst ? " ORDER BY id DESC LIMIT ?" : " ORDER BY id LIMIT ?";
    TINTYPE_TRY_ASSIGN(Statement select, database.prepare(sql));
    select.bind(static_cast<int>(filter.atLeast));
    for (const std::string& text : texts)
        select.bind(text);
    for (const auto& time : {filter.since, filter.until}) {
        if (time)
            select.bind(toMilliseconds(*time));
    }
    if (after != 0)
        select.bind(after);
    select.bind(std::clamp(limit, 1, kMaxPage));
    std::vector<StoredLogLine> lines;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return lines;
        lines.push_back({.id = select.integer(0), .time = fromMilliseconds(select.integer(1)),
            .level = levelOf(select.integer(2)), .app = select.text(3), .revision = select.text(4),
            .replica = select.text(5), .request = select.text(6), .source = select.text(7), .text = select.text(8)});
    }
}

Result<int> expireLogLines(Database& database, TimePoint before, int limit)
{
    TINTYPE_TRY_ASSIGN(Statement remove,
        database.prepare("DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE time < ? LIMIT ?)"));
    TINTYPE_TRY(remove.bind(toMilliseconds(before)).bind(limit).run());
    return database.changes();
}

Result<int> trimLogLines(Database& database, std::int64_t most, int limit)
{
    // Numbers are given in order and the oldest go first, so the span of numbers is the count, without counting.
    TINTYPE_TRY_ASSIGN(Statement remove,
        database.prepare("DELETE FROM logs WHERE id <= (SELECT max(id) FROM logs) - ? "
                         "AND id < (SELECT min(id) FROM logs) + ?"));
    TINTYPE_TRY(remove.bind(most).bind(limit).run());
    return database.changes();
}

} // namespace tintype::store
