// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/request_store.h"
#include "store_fixture.h"

#include <set>

using namespace tintype;
using namespace tintype::store;
using domain::Outcome;
using domain::Record;

class TestRequestStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        m_database = std::make_unique<Database>(openDatabase(*m_folder / "tintype.db"));
    }
    void cleanup() { m_database.reset(); }

    void aRequestIsKeptExactly()
    {
        const domain::Request request = fullRequest("one");
        QVERIFY(insertRequest(*m_database, request));
        QVERIFY(countAttempt(*m_database, "one"));
        QVERIFY(countAttempt(*m_database, "one"));
        const auto unfinished = unfinishedRequests(*m_database);
        QCOMPARE(unfinished->size(), std::size_t{1});
        QVERIFY(unfinished->front().request == request);
        QCOMPARE(unfinished->front().attempts, 2);
    }

    void whatWasNotSaidStaysUnsaid()
    {
        domain::Request request;
        request.id = "bare";
        request.app = "shapes";
        request.submittedAt = fromMilliseconds(5);
        QVERIFY(insertRequest(*m_database, request));
        QVERIFY(unfinishedRequests(*m_database)->front().request == request);
    }

    void unfinishedComeInTheirOrder()
    {
        for (const auto& [id, time] : {std::pair{"late", 3000}, {"b", 1000}, {"a", 1000}, {"middle", 2000}}) {
            auto request = fullRequest(id);
            request.submittedAt = fromMilliseconds(time);
            QVERIFY(insertRequest(*m_database, request));
        }
        std::string order;
        const auto unfinished = unfinishedRequests(*m_database);
        for (const auto& entry : *unfinished)
            order += entry.request.id + " ";
        QCOMPARE(order, std::string("a b middle late "));
    }

    void anIdIsTakenOnce()
    {
        QVERIFY(insertRequest(*m_database, fullRequest("one")));
        const auto again = insertRequest(*m_database, fullRequest("one"));
        QCOMPARE(again.error().code, ErrorCode::Conflict);
        QCOMPARE(again.error().message, std::string("request one exists already"));
        QVERIFY(finishRequest(*m_database, recordOf(fullRequest("one"))));
        QCOMPARE(insertRequest(*m_database, fullRequest("one")).error().code, ErrorCode::Conflict); // also when it is done
        QVERIFY(unfinishedRequests(*m_database)->empty());
    }

    void aRecordIsKeptExactly()
    {
        Record record = recordOf(fullRequest("one"));
        record.outcome = Outcome::Error;
        record.status = 504;
        record.errorType = "request_timeout";
        record.error = "one sentence";
        QVERIFY(insertRequest(*m_database, record.request));
        QVERIFY(finishRequest(*m_database, record));
        const auto found = findRecord(*m_database, "one");
        QVERIFY(found && *found);
        Record expected = record; // what nobody asks of a finished request goes
        expected.request.startDeadline.reset();
        expected.request.hint.clear();
        expected.request.publicBase.clear();
        expected.request.noRetry = false;
        expected.request.retries.clear();
        expected.request.fileLifetime.reset();
        QVERIFY(**found == expected);
        QVERIFY(unfinishedRequests(*m_database)->empty());
        QVERIFY(!*findRecord(*m_database, "two"));
    }

    void theFirstRecordStays()
    {
        QVERIFY(finishRequest(*m_database, recordOf(fullRequest("one"))));
        Record second = recordOf(fullRequest("one"));
        second.outcome = Outcome::Cancelled;
        QVERIFY(finishRequest(*m_database, second));
        QCOMPARE((*findRecord(*m_database, "one"))->outcome, Outcome::Success);
        QCOMPARE(countOf(*m_database, "SELECT count(*) FROM records"), std::int64_t{1});
    }

    void whatShallNotBeStoredGoesInTime()
    {
        auto request = fullRequest("private");
        request.storeInputOutput = false;
        QVERIFY(insertRequest(*m_database, request));
        QCOMPARE(unfinishedRequests(*m_database)->front().request.input, request.input); // it still has to run
        QVERIFY(finishRequest(*m_database, recordOf(request, 1000)));
        QVERIFY(finishRequest(*m_database, recordOf(fullRequest("open"), 1000)));
        QVERIFY((*findRecord(*m_database, "private"))->request.input.empty());
        QVERIFY(forgetOutputs(*m_database, fromMilliseconds(1000)));
        QVERIFY(!(*findRecord(*m_database, "private"))->output.empty()); // its caller may still fetch it
        QVERIFY(forgetOutputs(*m_database, fromMilliseconds(1001)));
        QVERIFY((*findRecord(*m_database, "private"))->output.empty());
        QVERIFY(!(*findRecord(*m_database, "open"))->output.empty());
    }

    void pagesGiveEachRecordOnce_data()
    {
        QTest::addColumn<int>("order");
        QTest::newRow("latest first") << static_cast<int>(RecordOrder::LatestFirst);
        QTest::newRow("slowest first") << static_cast<int>(RecordOrder::SlowestFirst);
    }

    void pagesGiveEachRecordOnce()
    {
        QFETCH(int, order);
        for (int number = 0; number < 25; ++number) // several of one duration
            finish("r" + std::to_string(number), [&](Record& record) {
                record.finishedAt = record.request.submittedAt + std::chrono::milliseconds(1000 + 100 * (number % 4));
            });
        std::multiset<std::string> seen;
        std::string cursor;
        TimePoint before = TimePoint::max();
        do {
            const auto page = findRecords(*m_database, {}, static_cast<RecordOrder>(order), 10, cursor);
            QVERIFY(page);
            QVERIFY(page->records.size() == 10 || page->nextCursor.empty());
            for (const Record& record : page->records) {
                seen.insert(record.request.id);
                if (static_cast<RecordOrder>(order) == RecordOrder::SlowestFirst)
                    QVERIFY(record.finishedAt <= before); // all were submitted at once
                before = record.finishedAt;
            }
            finish("later" + std::to_string(seen.size()), // would be on the first page of either order
                [](Record& record) { record.finishedAt = record.request.submittedAt + std::chrono::hours(1); });
            cursor = page->nextCursor;
        } while (!cursor.empty());
        QCOMPARE(seen.size(), std::size_t{25}); // neither one twice nor one that came in between
        QCOMPARE(std::set(seen.begin(), seen.end()).size(), std::size_t{25});
    }

    void aPageHasNoCursorAtTheEnd()
    {
        for (const char* id : {"a", "b"})
            finish(id);
        QVERIFY(findRecords(*m_database, {}, RecordOrder::LatestFirst, 2, "")->nextCursor.empty());
        QCOMPARE(findRecords(*m_database, {}, RecordOrder::LatestFirst, 0, "")->records.size(), std::size_t{1});
        QCOMPARE(findRecords(*m_database, {}, RecordOrder::LatestFirst, -5, "")->records.size(), std::size_t{1});
    }

    void foreignCursorsAreRefused_data()
    {
        QTest::addColumn<QString>("cursor");
        QTest::addColumn<bool>("byDuration");
        for (const char* cursor :
            {"n", "x5", "n5x", "n-", "n 5", "5", "nn5", "n99999999999999999999", "d1:5", "n1; DROP TABLE records"})
            QTest::newRow(cursor) << QString::fromLatin1(cursor) << false;
        for (const char* cursor : {"d", "d1", "d1:", "d:5", "dinf:5", "dnan:5", "d1e999:5", "d1:5:6", "n5", "d1:x"})
            QTest::newRow(cursor) << QString::fromLatin1(cursor) << true;
    }

    void foreignCursorsAreRefused()
    {
        QFETCH(QString, cursor);
        QFETCH(bool, byDuration);
        const auto order = byDuration ? RecordOrder::SlowestFirst : RecordOrder::LatestFirst;
        const auto page = findRecords(*m_database, {}, order, 10, cursor.toStdString());
        QVERIFY(!page);
        QCOMPARE(page.error().code, ErrorCode::InvalidArgument);
    }

    void filtersFindWhatTheySay()
    {
        finish("a", [](Record& record) { record.request.app = "one"; });
        finish("b", [](Record& record) { record.request.endpoint = "/x"; });
        finish("c", [](Record& record) { record.request.keyId = "key-c"; });
        finish("d", [](Record& record) { record.replica = "replica-d"; });
        finish("e", [](Record& record) { record.revision = "e"; });
        finish("f", [](Record& record) { record.outcome = Outcome::Cancelled; });
        finish("g", [](Record& record) { record.status = 404; });
        finish("h", [](Record& record) { record.status = 422; });
        finish("i", [](Record& record) { record.error = "the Disk is full"; });
        finish("j", [](Record& record) { record.finishedAt = fromMilliseconds(2'000'000'000'000); });
        QCOMPARE(ids(with(&RecordFilter::app, "one")), std::string("a"));
        QCOMPARE(ids(with(&RecordFilter::endpoint, "/x")), std::string("b"));
        QCOMPARE(ids(with(&RecordFilter::key, "key-c")), std::string("c"));
        QCOMPARE(ids(with(&RecordFilter::replica, "replica-d")), std::string("d"));
        QCOMPARE(ids(with(&RecordFilter::revision, "e")), std::string("e"));
        QCOMPARE(ids(with(&RecordFilter::outcome, Outcome::Cancelled)), std::string("f"));
        QCOMPARE(ids(with(&RecordFilter::status, 404)), std::string("g"));
        QCOMPARE(ids(with(&RecordFilter::status, 4)), std::string("hg"));
        QCOMPARE(ids(with(&RecordFilter::text, "dISK")), std::string("i"));
        QCOMPARE(ids(with(&RecordFilter::text, "100%_'\";")), std::string());
        QCOMPARE(ids(with(&RecordFilter::since, fromMilliseconds(2'000'000'000'000))), std::string("j"));
        QCOMPARE(ids(with(&RecordFilter::until, fromMilliseconds(2'000'000'000'000))), std::string("ihgfedcba"));
        QCOMPARE(ids(with(&RecordFilter::status, 404, with(&RecordFilter::app, "one"))), std::string());
    }

    void oldRecordsGoInBatches()
    {
        for (int number = 0; number < 10; ++number)
            finish(std::to_string(number), [&](Record& record) { record.finishedAt = fromMilliseconds(1000 + number); });
        QCOMPARE(expireRecords(*m_database, fromMilliseconds(1005), 3).value(), 3);
        QCOMPARE(expireRecords(*m_database, fromMilliseconds(1005), 3).value(), 2);
        QCOMPARE(expireRecords(*m_database, fromMilliseconds(1005), 3).value(), 0);
        QCOMPARE(ids({}), std::string("98765"));
        QCOMPARE(trimRecords(*m_database, 5, 10).value(), 0);
        QCOMPARE(trimRecords(*m_database, 2, 1).value(), 1);
        QCOMPARE(trimRecords(*m_database, 2, 10).value(), 2);
        QCOMPARE(ids({}), std::string("98"));
    }

    void damagedRowsAreReadWithoutHarm()
    {
        QVERIFY(insertRequest(*m_database, fullRequest("open")));
        finish("done");
        QVERIFY(m_database->execute("UPDATE requests SET retries = '[1'; UPDATE records SET steps = '{\"a\": [', outcome = 77"));
        QVERIFY(unfinishedRequests(*m_database)->front().request.retries.empty());
        const auto found = findRecord(*m_database, "done");
        QVERIFY((*found)->timings.steps.empty());
        QVERIFY(domain::outcomeName((*found)->outcome).empty());
    }

    void textThatIsNotUtf8ThrowsNothing()
    {
        auto request = fullRequest("odd");
        request.input = "\xFF\xFE";
        request.retries = {{"\xFF", 1}};
        QVERIFY(insertRequest(*m_database, request));
        QCOMPARE(unfinishedRequests(*m_database)->front().request.input, request.input);
    }

    void listsUseIndexes_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("index");
        QTest::newRow("slowest") << QStringLiteral("SELECT input FROM records ORDER BY total DESC, number DESC LIMIT 9")
                                 << QStringLiteral("records_by_duration");
        QTest::newRow("of an app")
            << QStringLiteral("SELECT input FROM records WHERE 1 AND app = ? ORDER BY number DESC LIMIT 9")
            << QStringLiteral("records_by_app");
        QTest::newRow("to forget")
            << QStringLiteral("UPDATE records SET output = '' WHERE store_io = 0 AND output <> '' AND finished < 5")
            << QStringLiteral("records_to_forget");
        QTest::newRow("old logs") << QStringLiteral("SELECT id FROM logs WHERE time < ? LIMIT 5")
                                  << QStringLiteral("logs_by_time");
    }

    void listsUseIndexes()
    {
        QFETCH(QString, sql);
        QFETCH(QString, index);
        auto plan = m_database->prepare("EXPLAIN QUERY PLAN " + sql.toStdString());
        QVERIFY(plan && plan->step().value());
        QVERIFY2(QString::fromStdString(plan->text(3)).contains(index), plan->text(3).c_str());
        QVERIFY(!plan->step().value()); // in particular no sorting
    }

private:
    void finish(const std::string& id, const std::function<void(Record&)>& change = {})
    {
        Record record = recordOf(fullRequest(id));
        if (change)
            change(record);
        QVERIFY(finishRequest(*m_database, record));
    }

    std::string ids(const RecordFilter& filter)
    {
        std::string ids;
        const auto page = findRecords(*m_database, filter, RecordOrder::LatestFirst, 100, "");
        for (const Record& record : page->records)
            ids += record.request.id;
        return ids;
    }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(TestRequestStore)
#include "tst_request_store.moc"
