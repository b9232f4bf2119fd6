// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/analytics.h"
#include "deploy/store/request_store.h"
#include "deploy/store/stores.h"
#include "tests/unit/store/store_fixture.h"

#include <map>
#include <set>

using namespace tintype;
using namespace tintype::store;
using domain::Outcome;
using domain::Record;

namespace {

constexpr int kRecords = 10'000;
constexpr std::int64_t kBegin = 1'700'000'000'000;

Record recordNumber(int number)
{
    domain::Request request = fullRequest(std::to_string(number));
    request.app = number % 10 == 0 ? "rare" : "shapes";
    request.input = std::string(4096, 'x');
    request.submittedAt = fromMilliseconds(kBegin + number * 1000);
    Record record = recordOf(request, kBegin + number * 1000 + number % 977);
    record.outcome = static_cast<Outcome>(number % 4);
    record.timings.total = number % 100 / 10.0;
    return record;
}

} // namespace

/// A host's store after ten thousand requests.
class TestStoreLarge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto stores = Stores::open(m_folder / "data", [](const std::function<void()>& outcome) { outcome(); });
        QVERIFY(stores);
        m_stores = *std::move(stores);
        for (int number = 0; number < kRecords; ++number) {
            const auto record = std::make_shared<const Record>(recordNumber(number));
            const auto note = [this](const Result<>& outcome) { m_failures += outcome ? 0 : 1; };
            m_stores->writer().write([record](Database& database) { return insertRequest(database, record->request); }, note);
            m_stores->writer().write([record](Database& database) { return finishRequest(database, *record); }, note);
        }
        m_stores->writer().flush();
        QCOMPARE(m_failures, 0);
    }

    void pagesGiveEachRecordOnce_data()
    {
        QTest::addColumn<int>("order");
        QTest::addColumn<QString>("app");
        QTest::addColumn<int>("expected");
        for (const auto order : {RecordOrder::LatestFirst, RecordOrder::SlowestFirst}) {
            QTest::addRow("all, order %d", static_cast<int>(order)) << static_cast<int>(order) << QString() << kRecords;
            QTest::addRow("rare, order %d", static_cast<int>(order))
                << static_cast<int>(order) << QStringLiteral("rare") << kRecords / 10;
        }
    }

    void pagesGiveEachRecordOnce()
    {
        QFETCH(int, order);
        QFETCH(QString, app);
        QFETCH(int, expected);
        const auto filter = with(&RecordFilter::app, app.toStdString());
        auto reader = m_stores->openReader();
        std::set<std::string> seen;
        std::string cursor;
        do {
            const auto page = findRecords(*reader, filter, static_cast<RecordOrder>(order), 1000, cursor);
            QVERIFY(page);
            for (const Record& record : page->records)
                QVERIFY(seen.insert(record.request.id).second);
            cursor = page->nextCursor;
        } while (!cursor.empty());
        QCOMPARE(std::ssize(seen), expected);
    }

    void analyticsAgreeWithACountByHand()
    {
        const AnalyticsQuery query{.app = "shapes", .endpoint = {}, .since = fromMilliseconds(kBegin + 1'000'000),
            .until = fromMilliseconds(kBegin + 5'000'000), .bucket = std::chrono::minutes(10)};
        std::map<Outcome, std::int64_t> counts;
        std::vector<double> latencies;
        for (int number = 0; number < kRecords; ++number) {
            const Record record = recordNumber(number);
            if (record.request.app != query.app || record.finishedAt < query.since || record.finishedAt >= query.until)
                continue;
            ++counts[record.outcome];
            if (record.outcome == Outcome::Success)
                latencies.push_back(std::chrono::duration<double>(record.finishedAt - record.request.submittedAt).count());
        }
        std::ranges::sort(latencies);
        auto reader = m_stores->openReader();
        const auto analytics = analyse(*reader, query);
        QVERIFY(analytics);
        QCOMPARE(analytics->counts.success, counts[Outcome::Success]);
        QCOMPARE(analytics->counts.userError, counts[Outcome::UserError]);
        QCOMPARE(analytics->counts.error, counts[Outcome::Error]);
        QCOMPARE(analytics->counts.cancelled, counts[Outcome::Cancelled]);
        QCOMPARE(analytics->durations.latency.p50, latencies[(latencies.size() + 1) / 2 - 1]);
        std::int64_t inColumns = 0;
        for (const AnalyticsColumn& column : analytics->series)
            inColumns += column.counts.total();
        QCOMPARE(inColumns, analytics->counts.total());
        QCOMPARE(analytics->slowest.size(), std::size_t{20});
    }

    void manySmallWritesAllArrive()
    {
        constexpr int kWrites = 50'000;
        for (int number = 0; number < kWrites; ++number)
            m_stores->writer().write([number](Database& database) -> Result<> {
                TINTYPE_TRY_ASSIGN(Statement insert, database.prepare("INSERT INTO keys VALUES (?, x'00', 'api', '', 0)"));
                return insert.bind(std::to_string(number)).run();
            });
        m_stores->writer().flush();
        QCOMPARE(countOf(m_stores->reader(), "SELECT count(*) FROM keys"), std::int64_t{kWrites});
    }

    void retentionTakesTheOldest() // the last: it empties the store
    {
        std::int64_t gone = 0;
        m_stores->writer().write([&gone](Database& database) -> Result<> {
            TINTYPE_TRY_ASSIGN(gone, expireRecords(database, fromMilliseconds(kBegin + 2'000'000), 100'000));
            TINTYPE_TRY_ASSIGN(const int trimmed, trimRecords(database, 5000, 100'000));
            gone += trimmed;
            return {};
        });
        m_stores->writer().flush();
        QCOMPARE(gone, std::int64_t{kRecords - 5000});
        QVERIFY(!*findRecord(m_stores->reader(), "4999"));
        QVERIFY(*findRecord(m_stores->reader(), "5000"));
    }

private:
    TestFolder m_folder;
    int m_failures = 0;
    std::unique_ptr<Stores> m_stores;
};

QTEST_GUILESS_MAIN(TestStoreLarge)
#include "tst_store_large.moc"
