// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/analytics.h"

#include "deploy/store/column_load.h"
#include "deploy/store/replica_history.h"
#include "deploy/store/request_store.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace tintype::store {
namespace {

using domain::Outcome;

constexpr std::size_t kListed = 20;
constexpr int kMostMarks = 200;
constexpr std::chrono::hours kLongestWait{24}; ///< of requests that are found in a queue of the past

/// What the pass reads of a record: the columns of the index records_by_time.
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
    TimePoint submitted;
    TimePoint started;
    bool cold = false;
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

using HeatColumn = std::vector<std::int64_t>;

struct Column {
    Sample sample;
    HeatColumn cold = HeatColumn(kHeatBounds.size() + 1);
    HeatColumn warm = HeatColumn(kHeatBounds.size() + 1);
};

ColumnLoad::Span spanOf(const AnalyticsQuery& query)
{
    const std::int64_t width = std::chrono::milliseconds(query.bucket).count();
    const std::int64_t since = toMilliseconds(query.since);
    const std::int64_t until = toMilliseconds(query.until);
    return {.from = since, .until = std::min(until, toMilliseconds(query.now)), .firstColumn = since / width * width,
        .width = width, .columns = static_cast<std::size_t>((until - 1) / width - since / width + 1)};
}

class Pass {
public:
    explicit Pass(const AnalyticsQuery& query)
        : m_span(spanOf(query))
        , m_columns(m_span.columns)
        , m_queue(m_span)
        , m_busy(m_span)
    {
    }

    /// @param started when it ended, for one that never did
    void addLoad(TimePoint submitted, TimePoint started, TimePoint finished, bool isCounted)
    {
        m_busy.add(toMilliseconds(started), toMilliseconds(finished));
        if (isCounted)
            m_queue.add(toMilliseconds(submitted), toMilliseconds(started));
    }

    void add(const Row& row)
    {
        m_all.add(row);
        ++m_statuses[row.status];
        m_endpoints[{row.app, row.endpoint}].add(row);
        Column& column = m_columns[static_cast<std::size_t>((toMilliseconds(row.finished) - m_span.firstColumn) / m_span.width)];
        column.sample.add(row);
        if (row.outcome == Outcome::Success) {
            const auto bound = std::ranges::lower_bound(kHeatBounds, row.latency);
            ++(row.cold ? column.cold : column.warm)[static_cast<std::size_t>(bound - kHeatBounds.begin())];
        }
        keepTop(m_slowest, row.latency, row.number);
        if (row.outcome == Outcome::Error || row.outcome == Outcome::UserError)
            keepTop(m_failed, static_cast<double>(toMilliseconds(row.finished)), row.number);
    }

    Analytics result()
    {
        Analytics result;
        result.counts = m_all.counts();
        result.statuses = m_statuses;
        result.durations = m_all.durations();
        const auto mostQueued = m_queue.maxima();
        const auto meanQueued = m_queue.means();
        const auto busy = m_busy.means();
        for (std::size_t index = 0; index < m_columns.size(); ++index) {
            Column& column = m_columns[index];
            const auto start = fromMilliseconds(m_span.firstColumn + static_cast<std::int64_t>(index) * m_span.width);
            result.series.push_back({start, column.sample.counts(), column.sample.durations(),
                {std::move(column.cold), std::move(column.warm)}, mostQueued[index], meanQueued[index], {.running = busy[index]}});
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

    const ColumnLoad::Span m_span;
    std::vector<Column> m_columns;
    ColumnLoad m_queue;
    ColumnLoad m_busy;
    Sample m_all;
    std::map<int, std::int64_t> m_statuses;
    std::map<std::pair<std::string, std::string>, Sample> m_endpoints;
    Top m_slowest;
    Top m_failed;
};

Row rowOf(const Statement& select)
{
    return {.number = select.integer(0),
        .app = select.text(1),
        .endpoint = select.text(2),
        .outcome = static_cast<Outcome>(select.integer(3)),
        .status = static_cast<int>(select.integer(4)),
        .finished = fromMilliseconds(select.integer(5)),
        .latency = select.number(6),
        .startup = select.number(7),
        .execution = select.number(8),
        .submitted = fromMilliseconds(select.integer(9)),
        .started = fromMilliseconds(select.integer(10)),
        .cold = select.integer(11) != 0};
}

Result<> readRows(Database& database, const AnalyticsQuery& query, Pass& pass)
{
    const auto isCounted = [&query](const std::string& endpoint) { return query.endpoint.empty() || endpoint == query.endpoint; };
    for (const AnalyticsQuery::Live& live : query.live)
        pass.addLoad(live.submitted, live.started.value_or(query.now), query.now, isCounted(live.endpoint));
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT number, app, endpoint, outcome, status, finished, total, queue + setup, worker, submitted, "
                         "started, cold FROM records INDEXED BY records_by_time "
                         "WHERE finished >= ? AND finished < ? AND submitted < ? AND (? = '' OR app = ?)"));
    select.bind(toMilliseconds(query.since)).bind(toMilliseconds(query.until + kLongestWait)).bind(toMilliseconds(query.until));
    select.bind(query.app).bind(query.app);
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return {};
        const Row row = rowOf(select);
        pass.addLoad(row.submitted, row.started, row.finished, isCounted(row.endpoint));
        if (row.finished < query.until && isCounted(row.endpoint))
            pass.add(row);
    }
}

/// Needs the means of busy replicas.
Result<> readReplicas(Database& database, const AnalyticsQuery& query, std::vector<AnalyticsColumn>& series)
{
    TINTYPE_TRY_ASSIGN(const auto phases, findPhases(database, query.app, query.since, query.until));
    std::array loads{ColumnLoad(spanOf(query)), ColumnLoad(spanOf(query)), ColumnLoad(spanOf(query)), ColumnLoad(spanOf(query))};
    for (const PhaseSpan& span : phases) {
        if (const auto phase = static_cast<std::size_t>(span.phase); phase < loads.size())
            loads[phase].add(toMilliseconds(span.begun), toMilliseconds(span.ended.value_or(query.now)));
    }
    const auto meansOf = [&loads](ReplicaPhase phase) { return loads[static_cast<std::size_t>(phase)].means(); };
    const auto starting = meansOf(ReplicaPhase::Starting);
    const auto ready = meansOf(ReplicaPhase::Ready);
    const auto failing = meansOf(ReplicaPhase::Failing);
    const auto draining = meansOf(ReplicaPhase::Draining);
    for (std::size_t index = 0; index < series.size(); ++index) {
        const double running = std::min(series[index].replicas.running, ready[index]); // one may run several requests
        series[index].replicas = {starting[index], ready[index] - running, running, failing[index], draining[index]};
    }
    return {};
}

static_assert(static_cast<int>(Outcome::UserError) == 1 && static_cast<int>(Outcome::Error) == 2); // as the index has them

Result<std::vector<FailureGroup>> readFailures(Database& database, const AnalyticsQuery& query)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT status, error_type, error, count(*), max(finished) FROM records INDEXED BY records_of_failures "
                         "WHERE finished >= ? AND finished < ? AND (? = '' OR app = ?) AND (? = '' OR endpoint = ?) "
                         "AND outcome IN (1, 2) GROUP BY status, error_type, error ORDER BY 4 DESC, 5 DESC LIMIT ?"));
    select.bind(toMilliseconds(query.since)).bind(toMilliseconds(query.until)).bind(query.app).bind(query.app);
    select.bind(query.endpoint).bind(query.endpoint).bind(static_cast<int>(kListed));
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
    TINTYPE_TRY(readReplicas(database, query, analytics.series));
    TINTYPE_TRY_ASSIGN(analytics.deployments, deploymentsBetween(database, query.app, query.since, query.until, kMostMarks));
    TINTYPE_TRY_ASSIGN(analytics.failures, readFailures(database, query));
    TINTYPE_TRY_ASSIGN(analytics.slowest, readRecords(database, pass.slowest()));
    TINTYPE_TRY_ASSIGN(analytics.failed, readRecords(database, pass.failed()));
    return analytics;
}

} // namespace tintype::store
