// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/analytics.h"

#include "deploy/store/request_store.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace tintype::store {
namespace {

using domain::Outcome;

constexpr std::size_t kListed = 20;

/// What the pass reads of a record: the columns of the index records_for_analytics.
struct Row {
    std::int64_t number = 0;
    std::string app;
    std::string endpoint;
    Outcome outcome = Outcome::Success;
    int status = 0;
    TimePoint finished;
    double latency = 0;
    double startup = 0;
    double execution = 0;
};

/// Everything measured of some of the requests.
class Sample {
public:
    void add(const Row& row)
    {
        switch (row.outcome) {
        case Outcome::Success: ++m_counts.success; break;
        case Outcome::UserError: ++m_counts.userError; break;
        case Outcome::Error: ++m_counts.error; break;
        case Outcome::Cancelled: ++m_counts.cancelled; break;
        }
        if (row.outcome != Outcome::Success)
            return;
        m_latency.push_back(row.latency);
        m_startup.push_back(row.startup);
        m_execution.push_back(row.execution);
    }

    const OutcomeCounts& counts() const { return m_counts; }
    Durations durations() { return {percentiles(m_latency), percentiles(m_startup), percentiles(m_execution)}; }

private:
    static Percentiles percentiles(std::vector<double>& values)
    {
        if (values.empty())
            return {};
        std::ranges::sort(values);
        const auto at = [&values](double share) {
            const double rank = std::ceil(share * static_cast<double>(values.size()));
            return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
        };
        return {at(0.5), at(0.75), at(0.9), at(0.95), at(0.99)};
    }

    OutcomeCounts m_counts;
    std::vector<double> m_latency;
    std::vector<double> m_startup;
    std::vector<double> m_execution;
};

struct Column {
    Sample sample;
    std::vector<std::int64_t> heat = std::vector<std::int64_t>(kHeatBounds.size() + 1);
};

class Pass {
public:
    explicit Pass(const AnalyticsQuery& query)
        : m_width(std::chrono::milliseconds(query.bucket).count())
        , m_firstColumn(toMilliseconds(query.since) / m_width)
        , m_columns(static_cast<std::size_t>((toMilliseconds(query.until) - 1) / m_width - m_firstColumn + 1))
    {
    }

    void add(const Row& row)
    {
        m_all.add(row);
        ++m_statuses[row.status];
        m_endpoints[{row.app, row.endpoint}].add(row);
        Column& column = m_columns[static_cast<std::size_t>(toMilliseconds(row.finished) / m_width - m_firstColumn)];
        column.sample.add(row);
        if (row.outcome == Outcome::Success) {
            const auto bound = std::ranges::lower_bound(kHeatBounds, row.latency);
            ++column.heat[static_cast<std::size_t>(bound - kHeatBounds.begin())];
        }
        keepTop(m_slowest, row.latency, row.number);
        if (row.outcome == Outcome::Error || row.outcome == Outcome::UserError)
            keepTop(m_failed, static_cast<double>(toMilliseconds(row.finished)), row.number);
    }

    Analytics result()
    {
        Analytics result{.counts = m_all.counts(), .statuses = m_statuses, .durations = m_all.durations(), .series = {},
            .endpoints = {}, .failures = {}, .slowest = {}, .failed = {}};
        for (std::size_t index = 0; index < m_columns.size(); ++index) {
            Column& column = m_columns[index];
            const auto start = fromMilliseconds((m_firstColumn + static_cast<std::int64_t>(index)) * m_width);
            result.series.push_back({start, column.sample.counts(), column.sample.durations(), std::move(column.heat)});
        }
        for (auto& [name, sample] : m_endpoints)
            result.endpoints.push_back({name.first, name.second, sample.counts(), sample.durations()});
        return result;
    }

    std::vector<std::int64_t> slowest() const { return numbersOf(m_slowest); }
    std::vector<std::int64_t> failed() const { return numbersOf(m_failed); }

private:
    using Top = std::vector<std::pair<double, std::int64_t>>; ///< the largest first

    static void keepTop(Top& top, double value, std::int64_t number)
    {
        const std::pair entry{value, number};
        if (top.size() == kListed && top.back() >= entry)
            return;
        top.insert(std::ranges::upper_bound(top, entry, std::ranges::greater()), entry);
        if (top.size() > kListed)
            top.pop_back();
    }

    static std::vector<std::int64_t> numbersOf(const Top& top)
    {
        std::vector<std::int64_t> numbers;
        for (const auto& [value, number] : top)
            numbers.push_back(number);
        return numbers;
    }

    const std::int64_t m_width; ///< ms
    const std::int64_t m_firstColumn;
    std::vector<Column> m_columns;
    Sample m_all;
    std::map<int, std::int64_t> m_statuses;
    std::map<std::pair<std::string, std::string>, Sample> m_endpoints;
    Top m_slowest;
    Top m_failed;
};

std::string conditionsOf(const AnalyticsQuery& query)
{
    return fmt::format(" WHERE finished >= ? AND finished < ?{}{}", query.app.empty() ? "" : " AND app = ?",
        query.endpoint.empty() ? "" : " AND endpoint = ?");
}

void bindConditions(Statement& statement, const AnalyticsQuery& query)
{
    statement.bind(toMilliseconds(query.since)).bind(toMilliseconds(query.until));
    if (!query.app.empty())
        statement.bind(query.app);
    if (!query.endpoint.empty())
        statement.bind(query.endpoint);
}

Result<> readRows(Database& database, const AnalyticsQuery& query, Pass& pass)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT number, app, endpoint, outcome, status, finished, total, queue + setup, worker FROM records"
            + conditionsOf(query)));
    bindConditions(select, query);
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return {};
        pass.add({.number = select.integer(0),
            .app = select.text(1),
            .endpoint = select.text(2),
            .outcome = static_cast<Outcome>(select.integer(3)),
            .status = static_cast<int>(select.integer(4)),
            .finished = fromMilliseconds(select.integer(5)),
            .latency = select.number(6),
            .startup = select.number(7),
            .execution = select.number(8)});
    }
}

Result<std::vector<FailureGroup>> readFailures(Database& database, const AnalyticsQuery& query)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT status, error_type, error, count(*), max(finished) FROM records" + conditionsOf(query)
            + fmt::format(" AND outcome IN ({}, {}) GROUP BY status, error_type, error ORDER BY 4 DESC, 5 DESC LIMIT {}",
                static_cast<int>(Outcome::UserError), static_cast<int>(Outcome::Error), kListed)));
    bindConditions(select, query);
    std::vector<FailureGroup> groups;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return groups;
        groups.push_back({static_cast<int>(select.integer(0)), select.text(1), select.text(2), select.integer(3),
            fromMilliseconds(select.integer(4))});
    }
}

Result<std::vector<domain::Record>> readRecords(Database& database, const std::vector<std::int64_t>& numbers)
{
    std::vector<domain::Record> records;
    for (const std::int64_t number : numbers) {
        std::string id;
        {
            TINTYPE_TRY_ASSIGN(Statement select, database.prepare("SELECT id FROM records WHERE number = ?"));
            TINTYPE_TRY(select.bind(number).step());
            id = select.text(0);
        }
        TINTYPE_TRY_ASSIGN(auto record, findRecord(database, id));
        if (record)
            records.push_back(*std::move(record));
    }
    return records;
}

} // namespace

Result<Analytics> analyse(Database& database, const AnalyticsQuery& query)
{
    if (query.since >= query.until || query.bucket.count() < 1)
        return fail(ErrorCode::InvalidArgument, "since is not before until");
    if (const auto columns = (query.until - query.since) / query.bucket; columns > kMostColumns)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("the span has {} buckets, at most {} are given; choose a wider bucket", columns, kMostColumns));
    Pass pass(query);
    TINTYPE_TRY(readRows(database, query, pass));
    Analytics analytics = pass.result();
    TINTYPE_TRY_ASSIGN(analytics.failures, readFailures(database, query));
    TINTYPE_TRY_ASSIGN(analytics.slowest, readRecords(database, pass.slowest()));
    TINTYPE_TRY_ASSIGN(analytics.failed, readRecords(database, pass.failed()));
    return analytics;
}

} // namespace tintype::store
