// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/request_store.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::store {
namespace {

using domain::Record;
using domain::Request;
using nlohmann::json;

Statement& bindTime(Statement& statement, const std::optional<TimePoint>& time)
{
    return time ? statement.bind(toMilliseconds(*time)) : statement.bindNull();
}

constexpr int kMaxPage = 1000;

json parsed(const std::string& text) { return json::parse(text, nullptr, /*allow_exceptions=*/false); }

/// Never throws: text that is not UTF-8 is mended.
std::string jsonText(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

Request readRequest(const Statement& row)
{
    Request request;
    request.id = row.text(0);
    request.app = row.text(1);
    request.endpoint = row.text(2);
    request.via = static_cast<domain::Via>(row.integer(3));
    request.priority = static_cast<domain::Priority>(row.integer(4));
    request.input = row.text(5);
    request.submittedAt = fromMilliseconds(row.integer(6));
    if (!row.isNull(7))
        request.startDeadline = fromMilliseconds(row.integer(7));
    request.hint = row.text(8);
    request.webhook = row.text(9);
    request.keyId = row.text(10);
    request.publicBase = row.text(11);
    request.noRetry = row.integer(12) != 0;
    if (const auto retries = parsed(row.text(13)); retries.is_object()) {
        for (const auto& [condition, number] : retries.items())
            request.retries[condition] = number.is_number_integer() ? number.get<int>() : 0;
    }
    request.storeInputOutput = row.integer(14) != 0;
    if (!row.isNull(15))
        request.fileLifetime = std::chrono::seconds(row.integer(15));
    return request;
}

constexpr const char* kRecordColumns
    = "id, app, endpoint, via, priority, input, submitted, webhook, key, store_io, revision, replica, outcome, status, "
      "error_type, error, output, attempts, cold, started, finished, queue, setup, text, denoise, decode, encode, worker, "
      "steps, number, total";
constexpr int kNumberColumn = 29;
constexpr int kTotalColumn = 30;

Record readRecord(const Statement& row)
{
    Record record;
    record.request.id = row.text(0);
    record.request.app = row.text(1);
    record.request.endpoint = row.text(2);
    record.request.via = static_cast<domain::Via>(row.integer(3));
    record.request.priority = static_cast<domain::Priority>(row.integer(4));
    record.request.input = row.text(5);
    record.request.submittedAt = fromMilliseconds(row.integer(6));
    record.request.webhook = row.text(7);
    record.request.keyId = row.text(8);
    record.request.storeInputOutput = row.integer(9) != 0;
    record.revision = row.text(10);
    record.replica = row.text(11);
    record.outcome = static_cast<domain::Outcome>(row.integer(12));
    record.status = static_cast<int>(row.integer(13));
    record.errorType = row.text(14);
    record.error = row.text(15);
    record.output = row.text(16);
    record.attempts = static_cast<int>(row.integer(17));
    record.cold = row.integer(18) != 0;
    record.startedAt = fromMilliseconds(row.integer(19));
    record.finishedAt = fromMilliseconds(row.integer(20));
    record.queueSeconds = row.number(21);
    record.setupSeconds = row.number(22);
    record.timings.text = row.number(23);
    record.timings.denoise = row.number(24);
    record.timings.decode = row.number(25);
    record.timings.encode = row.number(26);
    record.timings.total = row.number(27);
    if (const auto steps = parsed(row.text(28)); steps.is_array()) {
        for (const json& step : steps)
            record.timings.steps.push_back(step.is_number() ? step.get<double>() : 0.0);
    }
    return record;
}

double totalSeconds(const Record& record)
{
    return std::chrono::duration<double>(record.finishedAt - record.request.submittedAt).count();
}

/// The conditions of a filter as SQL, and their values in the same order.
struct Conditions {
    std::string sql = " WHERE 1";
    std::vector<std::string> texts;
    std::vector<std::int64_t> numbers;
    std::vector<bool> isText;

    void add(const std::string& condition, const std::string& value)
    {
        sql += " AND " + condition;
        texts.push_back(value);
        isText.push_back(true);
    }
    void add(const std::string& condition, std::int64_t value)
    {
        sql += " AND " + condition;
        numbers.push_back(value);
        isText.push_back(false);
    }
    void bindTo(Statement& statement) const
    {
        std::size_t text = 0;
        std::size_t number = 0;
        for (const bool next : isText) {
            if (next)
                statement.bind(texts[text++]);
            else
                statement.bind(numbers[number++]);
        }
    }
};

Conditions conditionsOf(const RecordFilter& filter)
{
    Conditions conditions;
    const std::pair<const char*, const std::string&> equal[]{{"app = ?", filter.app}, {"endpoint = ?", filter.endpoint},
        {"key = ?", filter.key}, {"replica = ?", filter.replica}, {"revision = ?", filter.revision}};
    for (const auto& [condition, value] : equal) {
        if (!value.empty())
            conditions.add(condition, value);
    }
    if (!filter.text.empty())
        conditions.add("instr(lower(id || char(10) || error || char(10) || input), lower(?)) > 0", filter.text);
    if (filter.outcome)
        conditions.add("outcome = ?", static_cast<std::int64_t>(*filter.outcome));
    if (filter.status)
        conditions.add(*filter.status < 10 ? "status / 100 = ?" : "status = ?", *filter.status);
    if (filter.aboveTotal)
        conditions.add("total > CAST(? AS REAL)", fmt::format("{:.17g}", *filter.aboveTotal));
    if (filter.upToTotal)
        conditions.add("total <= CAST(? AS REAL)", fmt::format("{:.17g}", *filter.upToTotal));
    if (filter.cold)
        conditions.add("cold = ?", static_cast<std::int64_t>(*filter.cold));
    if (filter.since)
        conditions.add("finished >= ?", toMilliseconds(*filter.since));
    if (filter.until)
        conditions.add("finished < ?", toMilliseconds(*filter.until));
    return conditions;
}

/// The place after which a page begins: "n<number>" in the order of time, "d<total>:<number>" in that of duration.
struct Cursor {
    double total = 0;
    std::int64_t number = 0;
};

template <class Number>
bool readWhole(std::string_view text, Number& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && std::isfinite(static_cast<double>(number));
}

Result<std::optional<Cursor>> readCursor(std::string_view text, RecordOrder order)
{
    if (text.empty())
        return std::nullopt;
    Cursor cursor;
    const bool byDuration = order == RecordOrder::SlowestFirst;
    const auto colon = byDuration ? text.find(':') : 0;
    const bool isCursor = text.front() == (byDuration ? 'd' : 'n') && colon != std::string_view::npos
        && (!byDuration || readWhole(text.substr(1, colon - 1), cursor.total)) && readWhole(text.substr(colon + 1), cursor.number);
    if (!isCursor)
        return fail(ErrorCode::InvalidArgument, "the cursor is not one that this list gave");
    return cursor;
}

std::string cursorAfter(const Statement& row, RecordOrder order)
{
    return order == RecordOrder::LatestFirst ? fmt::format("n{}", row.integer(kNumberColumn))
                                             : fmt::format("d{:.17g}:{}", row.number(kTotalColumn), row.integer(kNumberColumn));
}

} // namespace

Result<> insertRequest(Database& database, const Request& request)
{
    TINTYPE_TRY_ASSIGN(Statement insert,
        database.prepare("INSERT INTO requests (id, app, endpoint, via, priority, input, submitted, deadline, hint, webhook, "
                         "key, base, no_retry, retries, store_io, lifetime) SELECT ?1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,? "
                         "WHERE NOT EXISTS (SELECT 1 FROM records WHERE id = ?1 UNION ALL SELECT 1 FROM requests WHERE id = ?1)"));
    const std::string retries = request.retries.empty() ? "{}" : jsonText(request.retries);
    insert.bindView(request.id).bindView(request.app).bindView(request.endpoint).bind(static_cast<int>(request.via));
    insert.bind(static_cast<int>(request.priority)).bindView(request.input).bind(toMilliseconds(request.submittedAt));
    bindTime(insert, request.startDeadline).bindView(request.hint).bindView(request.webhook).bindView(request.keyId);
    insert.bindView(request.publicBase).bind(request.noRetry).bindView(retries).bind(request.storeInputOutput);
    if (request.fileLifetime)
        insert.bind(static_cast<std::int64_t>(request.fileLifetime->count()));
    else
        insert.bindNull();
    TINTYPE_TRY(insert.run());
    if (database.changes() == 0)
        return fail(ErrorCode::Conflict, fmt::format("request {} exists already", request.id));
    return {};
}

Result<> countAttempt(Database& database, const std::string& id)
{
    TINTYPE_TRY_ASSIGN(Statement update, database.prepare("UPDATE requests SET attempts = attempts + 1 WHERE id = ?"));
    return update.bind(id).run();
}

Result<> insertRecord(Database& database, const Record& record)
{
    const Request& request = record.request;
    TINTYPE_TRY_ASSIGN(Statement insert,
        database.prepare("INSERT OR IGNORE INTO records (id, app, endpoint, via, priority, input, submitted, webhook, key, "
                         "store_io, revision, replica, outcome, status, error_type, error, output, attempts, cold, started, "
                         "finished, queue, setup, text, denoise, decode, encode, worker, steps, total) "
                         "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    const Timings& timings = record.timings;
    const std::string steps = timings.steps.empty() ? "[]" : jsonText(timings.steps);
    insert.bindView(request.id).bindView(request.app).bindView(request.endpoint).bind(static_cast<int>(request.via));
    insert.bind(static_cast<int>(request.priority)).bindView(request.storeInputOutput ? request.input : std::string_view());
    insert.bind(toMilliseconds(request.submittedAt)).bindView(request.webhook).bindView(request.keyId);
    insert.bind(request.storeInputOutput).bindView(record.revision).bindView(record.replica);
    insert.bind(static_cast<int>(record.outcome)).bind(record.status).bindView(record.errorType).bindView(record.error);
    insert.bindView(record.output).bind(record.attempts).bind(record.cold).bind(toMilliseconds(record.startedAt));
    insert.bind(toMilliseconds(record.finishedAt)).bind(record.queueSeconds).bind(record.setupSeconds).bind(timings.text);
    insert.bind(timings.denoise).bind(timings.decode).bind(timings.encode).bind(timings.total).bindView(steps);
    return insert.bind(totalSeconds(record)).run();
}

Result<> finishRequest(Database& database, const Record& record)
{
    TINTYPE_TRY_ASSIGN(Statement remove, database.prepare("DELETE FROM requests WHERE id = ?"));
    TINTYPE_TRY(remove.bindView(record.request.id).run());
    return insertRecord(database, record);
}

Result<std::vector<UnfinishedRequest>> unfinishedRequests(Database& database)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT id, app, endpoint, via, priority, input, submitted, deadline, hint, webhook, key, base, "
                         "no_retry, retries, store_io, lifetime, attempts FROM requests ORDER BY submitted, id"));
    std::vector<UnfinishedRequest> unfinished;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return unfinished;
        unfinished.push_back({readRequest(select), static_cast<int>(select.integer(16))});
    }
}

Result<std::optional<Record>> findRecord(Database& database, const std::string& id)
{
    TINTYPE_TRY_ASSIGN(Statement select, database.prepare(fmt::format("SELECT {} FROM records WHERE id = ?", kRecordColumns)));
    TINTYPE_TRY_ASSIGN(const bool hasRow, select.bind(id).step());
    return hasRow ? std::optional(readRecord(select)) : std::nullopt;
}

Result<RecordPage> findRecords(
    Database& database, const RecordFilter& filter, RecordOrder order, int limit, const std::string& cursor)
{
    const Conditions conditions = conditionsOf(filter);
    TINTYPE_TRY_ASSIGN(const auto after, readCursor(cursor, order));
    const bool byDuration = order == RecordOrder::SlowestFirst;
    const std::string_view place = !after ? "" : byDuration ? " AND (total, number) < (?, ?)" : " AND number < ?";
    const std::string_view inOrder = byDuration ? " ORDER BY total DESC, number DESC" : " ORDER BY number DESC";
    // Sorts numbers and not whole rows, whose inputs and outputs are long.
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare(fmt::format("SELECT {0} FROM records WHERE number IN (SELECT number FROM records{1}{2}{3} LIMIT ?){3}",
            kRecordColumns, conditions.sql, place, inOrder)));
    conditions.bindTo(select);
    if (after && byDuration)
        select.bind(after->total);
    if (after)
        select.bind(after->number);
    limit = std::clamp(limit, 1, kMaxPage);
    select.bind(limit + 1);
    RecordPage page;
    std::string last;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return page;
        if (std::ssize(page.records) == limit) {
            page.nextCursor = last;
            return page;
        }
        page.records.push_back(readRecord(select));
        last = cursorAfter(select, order);
    }
}

Result<int> expireRecords(Database& database, TimePoint before, int limit)
{
    TINTYPE_TRY_ASSIGN(Statement remove,
        database.prepare("DELETE FROM records WHERE number IN (SELECT number FROM records WHERE finished < ? LIMIT ?)"));
    TINTYPE_TRY(remove.bind(toMilliseconds(before)).bind(limit).run());
    return database.changes();
}

Result<int> trimRecords(Database& database, std::int64_t most, int limit)
{
    TINTYPE_TRY_ASSIGN(Statement count, database.prepare("SELECT count(*) FROM records"));
    TINTYPE_TRY(count.step());
    const std::int64_t tooMany = std::min<std::int64_t>(count.integer(0) - most, limit);
    if (tooMany <= 0)
        return 0;
    TINTYPE_TRY_ASSIGN(Statement remove,
        database.prepare("DELETE FROM records WHERE number IN (SELECT number FROM records ORDER BY number LIMIT ?)"));
    TINTYPE_TRY(remove.bind(tooMany).run());
    return database.changes();
}

Result<> forgetOutputs(Database& database, TimePoint before)
{
    TINTYPE_TRY_ASSIGN(Statement update,
        database.prepare("UPDATE records SET output = '' WHERE store_io = 0 AND output <> '' AND finished < ?"));
    return update.bind(toMilliseconds(before)).run();
}

} // namespace tintype::store
