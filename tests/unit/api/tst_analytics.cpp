// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/analytics.h"
#include "deploy/store/replica_history.h"
#include "deploy/store/request_store.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

using namespace tintype;
using namespace tintype::store;
using namespace std::chrono_literals;
using domain::Outcome;

namespace {

const TimePoint kHour = fromMilliseconds(1'785'585'600'000); // a full hour

struct Done {
    std::string app = "demo";
    Outcome outcome = Outcome::Success;
    std::chrono::milliseconds end{0};
    double seconds = 1;
    std::string error = {};
    bool cold = false;
    std::chrono::milliseconds waited{0}; ///< of these seconds
};

} // namespace

class tst_analytics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void countsByOutcomeStatusAndEndpoint();
    void percentilesAreOfSuccessfulRequests();
    void columnsHaveNoGaps();
    void leavesOutWhatLiesOutside();
    void putsEachLatencyIntoOneRowOfTheHeatMap();
    void listsTheSlowestAndTheLatestFailed();
    void groupsFailures();
    void coldOnesStandApart();
    void theQueueIsMeasuredOverTime();
    void whoWaitsNowIsInTheQueue();
    void whoEndedLaterWasInTheQueueToo();
    void replicasAreCountedByPhase();
    void anEndpointHasItsQueueButAllReplicas();
    void marksDeployments();
    void anEmptySpanIsAllZeros();
    void refusesSpans();

private:
    void add(const Done& done);
    Analytics analysed(const AnalyticsQuery& query);
    static AnalyticsQuery hours(int count)
    {
        return {.app = {}, .endpoint = {}, .since = kHour, .until = kHour + std::chrono::hours(count), .bucket = 1h, .live = {},
            .now = kHour + 1000h};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<Database> m_database;
    int m_count = 0;
};

void tst_analytics::init()
{
    m_database.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto database = Database::open(m_folder->filePath(QStringLiteral("t.db")).toStdString(), Database::Mode::ReadWrite);
    QVERIFY(database);
    m_database.emplace(*std::move(database));
    m_count = 0;
}

void tst_analytics::add(const Done& done)
{
    domain::Record record;
    record.request.id = "r" + std::to_string(++m_count);
    record.request.app = done.app;
    record.finishedAt = kHour + done.end;
    record.request.submittedAt = record.finishedAt - std::chrono::milliseconds(static_cast<int>(done.seconds * 1000));
    record.outcome = done.outcome;
    record.status = done.outcome == Outcome::Success ? 200 : done.outcome == Outcome::UserError ? 422 : 500;
    record.error = done.error;
    record.cold = done.cold;
    record.startedAt = record.request.submittedAt + done.waited;
    record.queueSeconds = 0.25;
    record.setupSeconds = 0.5;
    record.timings.total = done.seconds / 2;
    QVERIFY(finishRequest(*m_database, record));
}

Analytics tst_analytics::analysed(const AnalyticsQuery& query)
{
    auto result = analyse(*m_database, query);
    if (!result)
        qFatal("%s", result.error().message.c_str());
    return *std::move(result);
}

void tst_analytics::countsByOutcomeStatusAndEndpoint()
{
    add({});
    add({.app = "other"});
    add({.outcome = Outcome::UserError});
    add({.outcome = Outcome::Error});
    add({.outcome = Outcome::Cancelled});
    const Analytics all = analysed(hours(1));
    QCOMPARE(all.counts, (OutcomeCounts{2, 1, 1, 1}));
    QCOMPARE(all.statuses.at(200), 2);
    QCOMPARE(all.statuses.at(500), 2);
    QCOMPARE(all.endpoints.size(), std::size_t{2});
    AnalyticsQuery one = hours(1);
    one.app = "other";
    QCOMPARE(analysed(one).counts, (OutcomeCounts{1, 0, 0, 0}));
    one.endpoint = "/none";
    QCOMPARE(analysed(one).counts.total(), 0);
}

void tst_analytics::percentilesAreOfSuccessfulRequests()
{
    for (int number = 1; number <= 100; ++number)
        add({.seconds = static_cast<double>(number)});
    add({.outcome = Outcome::Error, .seconds = 1000});
    const Durations durations = analysed(hours(1)).durations;
    QCOMPARE(durations.latency, (Percentiles{50, 75, 90, 95, 99}));
    QCOMPARE(durations.execution.p50, 25.0);
    QCOMPARE(durations.startup.p99, 0.75);
}

void tst_analytics::columnsHaveNoGaps()
{
    add({.end = 10min});
    add({.end = 130min});
    const auto series = analysed(hours(3)).series;
    QCOMPARE(series.size(), std::size_t{3});
    QCOMPARE(series[0].counts.success, 1);
    QCOMPARE(series[1].counts.success, 0);
    QCOMPARE(series[2].counts.success, 1);
    QCOMPARE(series[1].start, kHour + 1h);
}

void tst_analytics::leavesOutWhatLiesOutside()
{
    add({.end = -1ms});
    add({.end = 0ms});
    add({.end = 1h});
    QCOMPARE(analysed(hours(1)).counts.success, 1);
}

void tst_analytics::putsEachLatencyIntoOneRowOfTheHeatMap()
{
    add({.seconds = 0.1}); // on a bound: below it
    add({.seconds = 0.2});
    add({.seconds = 5000});
    const auto heat = analysed(hours(1)).series[0].heat.warm;
    QCOMPARE(heat.size(), kHeatBounds.size() + 1);
    QCOMPARE(heat[0], 1);
    QCOMPARE(heat[1], 1);
    QCOMPARE(heat.back(), 1);
}

void tst_analytics::listsTheSlowestAndTheLatestFailed()
{
    for (int number = 0; number < 50; ++number)
        add({.outcome = number % 2 == 0 ? Outcome::Success : Outcome::Error, .end = std::chrono::seconds(number),
            .seconds = static_cast<double>(number)});
    const Analytics all = analysed(hours(1));
    QCOMPARE(all.slowest.size(), std::size_t{20});
    QCOMPARE(all.slowest.front().request.id, std::string("r50"));
    QCOMPARE(all.slowest.back().request.id, std::string("r31"));
    QCOMPARE(all.failed.size(), std::size_t{20});
    QCOMPARE(all.failed.front().request.id, std::string("r50"));
    QVERIFY(std::ranges::all_of(all.failed, [](const auto& record) { return record.outcome == Outcome::Error; }));
}

void tst_analytics::groupsFailures()
{
    add({.outcome = Outcome::Error, .error = "out of memory"});
    add({.outcome = Outcome::Error, .end = 5s, .error = "out of memory"});
    add({.outcome = Outcome::UserError, .error = "bad size"});
    const auto failures = analysed(hours(1)).failures;
    QCOMPARE(failures.size(), std::size_t{2});
    QCOMPARE(failures[0].error, std::string("out of memory"));
    QCOMPARE(failures[0].count, 2);
    QCOMPARE(failures[0].last, kHour + 5s);
}

void tst_analytics::coldOnesStandApart()
{
    add({.seconds = 0.05, .cold = true});
    add({.seconds = 0.05});
    add({.outcome = Outcome::Error, .seconds = 0.05, .cold = true});
    const auto heat = analysed(hours(1)).series[0].heat;
    QCOMPARE(heat.cold[0], 1);
    QCOMPARE(heat.warm[0], 1);
}

void tst_analytics::theQueueIsMeasuredOverTime()
{
    add({.end = 90min, .seconds = 3600, .waited = 45min}); // waits from 0:30 to 1:15
    add({.end = 60min, .seconds = 1800, .waited = 15min}); // from 0:30 to 0:45
    const auto series = analysed(hours(3)).series;
    QCOMPARE(series[0].mostQueued, 2);
    QCOMPARE(series[0].meanQueued, 0.75);
    QCOMPARE(series[1].mostQueued, 1);
    QCOMPARE(series[1].meanQueued, 0.25);
    QCOMPARE(series[2].mostQueued, 0);
}

void tst_analytics::whoWaitsNowIsInTheQueue()
{
    AnalyticsQuery query = hours(2);
    query.now = kHour + 90min;
    query.live = {{"/", kHour + 60min, {}}, {"/", kHour, kHour + 30min}};
    const auto series = analysed(query).series;
    QCOMPARE(series[0].meanQueued, 0.5);
    QCOMPARE(series[1].mostQueued, 1);
    QCOMPARE(series[1].meanQueued, 1.0); // until now
}

void tst_analytics::whoEndedLaterWasInTheQueueToo()
{
    add({.end = 3h, .seconds = 3 * 3600.0, .waited = 2h});
    const Analytics hour = analysed(hours(1));
    QCOMPARE(hour.counts.total(), 0);
    QCOMPARE(hour.series[0].meanQueued, 1.0);
}

void tst_analytics::replicasAreCountedByPhase()
{
    const auto note = [this](const char* replica, std::optional<ReplicaPhase> phase, std::chrono::minutes time) {
        QVERIFY(notePhase(*m_database, "demo", replica, phase, kHour + time));
    };
    note("a", ReplicaPhase::Starting, 0min);
    note("a", ReplicaPhase::Ready, 30min);
    note("b", ReplicaPhase::Failing, 45min);
    note("b", std::nullopt, 60min);
    add({.end = 60min, .seconds = 900, .waited = 0min}); // runs from 0:45 to 1:00
    AnalyticsQuery query = hours(2);
    query.now = kHour + 90min;
    const auto series = analysed(query).series;
    QCOMPARE(series[0].replicas, (ReplicaMeans{.starting = 0.5, .idle = 0.25, .running = 0.25, .failing = 0.25}));
    QCOMPARE(series[1].replicas, (ReplicaMeans{.idle = 1}));
    query.app = "other";
    QCOMPARE(analysed(query).series[0].replicas, ReplicaMeans());
}

void tst_analytics::anEndpointHasItsQueueButAllReplicas()
{
    QVERIFY(notePhase(*m_database, "demo", "a", ReplicaPhase::Ready, kHour));
    add({.end = 60min - 1ms, .seconds = 1800, .waited = 15min});
    AnalyticsQuery query = hours(1);
    query.now = kHour + 1h;
    query.app = "demo";
    query.endpoint = "/edit";
    const Analytics found = analysed(query);
    QCOMPARE(found.counts.total(), 0);
    QCOMPARE(found.series[0].mostQueued, 0);
    QVERIFY(found.series[0].replicas.running > 0.24);
}

void tst_analytics::marksDeployments()
{
    StoredRevision revision;
    revision.app = "demo";
    revision.id = std::string(40, 'a');
    revision.message = "sharper";
    QVERIFY(insertRevision(*m_database, revision));
    const auto serve = [this](const std::string& app, const std::string& id, std::chrono::minutes time) {
        QVERIFY(insertEvent(*m_database, {.id = 0, .time = kHour + time, .category = "deployment", .app = app, .actor = {},
                                             .text = "revision 1 serves", .before = {}, .after = id}));
    };
    serve("demo", revision.id, 20min);
    serve("gone", std::string(40, 'b'), 10min);
    serve("demo", {}, 30min); // rolled out, not yet serving
    serve("demo", revision.id, 60min);
    const auto marks = analysed(hours(1)).deployments;
    QCOMPARE(marks.size(), std::size_t{2});
    QCOMPARE(marks[0].app, std::string("gone"));
    QCOMPARE(marks[0].number, 0);
    QCOMPARE(marks[1].number, 1);
    QCOMPARE(marks[1].message, std::string("sharper"));
    AnalyticsQuery query = hours(1);
    query.app = "gone";
    QCOMPARE(analysed(query).deployments.size(), std::size_t{1});
}

void tst_analytics::anEmptySpanIsAllZeros()
{
    const Analytics all = analysed(hours(2));
    QCOMPARE(all.counts.total(), 0);
    QCOMPARE(all.series.size(), std::size_t{2});
    QCOMPARE(all.durations.latency, Percentiles());
}

void tst_analytics::refusesSpans()
{
    QVERIFY(!analyse(*m_database, hours(0)));
    QVERIFY(!analyse(*m_database, hours(-1)));
    AnalyticsQuery fine = hours(100);
    fine.bucket = 1s;
    const auto wrong = analyse(*m_database, fine);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().code, ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(tst_analytics)
#include "tst_analytics.moc"
