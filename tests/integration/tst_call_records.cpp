// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/request_store.h"
#include "tests/integration/wire_fixture.h"

#include <QTest>

using namespace tintype;
using namespace tintype::test;

/// A call whose caller waits leaves exactly one record, also when its host is killed or its disk fails.
class tst_call_records : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aCallThatAKilledHostLeftBehindGetsItsRecord()
    {
        start();
        leaveBehind("left");
        for (int run = 0; run < 2; ++run) {
            const auto host = start();
            const auto record = recordOf(*host, "left");
            QVERIFY(record);
            QCOMPARE(record->outcome, domain::Outcome::Error);
            QCOMPARE(record->status, 503);
            QCOMPARE(record->request.input, std::string(R"({"prompt": "a red circle"})"));
            QCOMPARE(records(*host), std::size_t{1});
        }
        QVERIFY(leftOver().empty());
    }

    void aCallThatHadItsRecordGetsNoSecondOne()
    {
        {
            const auto host = start();
            domain::Record record;
            record.request = call("done");
            record.finishedAt = wallClockNow();
            host->host().stores().writer().write(
                [record](store::Database& database) { return store::insertRecord(database, record); });
        }
        leaveBehind("done");
        const auto host = start();
        QCOMPARE(recordOf(*host, "done")->outcome, domain::Outcome::Success);
        QCOMPARE(records(*host), std::size_t{1});
        QVERIFY(!host->host().stores().calls().has("done"));
    }

    void aRecordThatCouldNotBeKeptIsMadeByTheNextRun()
    {
        std::string id;
        {
            const auto host = start();
            host->deploy("demo");
            execute(*host, "CREATE TRIGGER refuse BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'no'); END");
            const Answer answer = host->run("/local/demo", prompt());
            QCOMPARE(answer.status, 200); // its caller has it
            id = answer.header("x-fal-request-id");
            execute(*host, "DROP TRIGGER refuse");
            QCOMPARE(records(*host), std::size_t{0});
            QVERIFY(host->host().stores().calls().tidy()); // which must not forget it
        }
        const auto host = start();
        const auto record = recordOf(*host, id);
        QVERIFY(record);
        QCOMPARE(record->outcome, domain::Outcome::Error);
        QCOMPARE(records(*host), std::size_t{1});
    }

    void finishedCallsLeaveNothingBehind()
    {
        {
            const auto host = start();
            host->deploy("demo");
            for (int count = 0; count < 3; ++count)
                QCOMPARE(host->run("/local/demo", prompt()).status, 200);
            QTRY_COMPARE(records(*host), std::size_t{3});
        }
        const auto host = start();
        QCOMPARE(records(*host), std::size_t{3});
        QVERIFY(leftOver().empty());
    }

private:
    std::string path() const { return m_folder->path().toStdString(); }

    std::unique_ptr<WireHost> start() const
    {
        runtime::HostOptions options;
        options.dataFolder = path();
        return std::make_unique<WireHost>("step_ms=1", options);
    }

    static domain::Request call(const std::string& id)
    {
        domain::Request request;
        request.id = id;
        request.app = "demo";
        request.endpoint = "/";
        request.via = domain::Via::Run;
        request.input = R"({"prompt": "a red circle"})";
        request.submittedAt = wallClockNow();
        return request;
    }

    void leaveBehind(const std::string& id) const
    {
        auto journal = store::CallJournal::open(path() + "/calls");
        QVERIFY(journal && journal->begin(call(id)));
    }

    std::vector<domain::Request> leftOver() const { return store::CallJournal::open(path() + "/calls")->leftOver(); }

    static std::optional<domain::Record> recordOf(WireHost& host, const std::string& id)
    {
        host.host().stores().writer().flush();
        return *store::findRecord(host.host().stores().reader(), id);
    }
    static std::size_t records(WireHost& host)
    {
        host.host().stores().writer().flush();
        return store::findRecords(host.host().stores().reader(), {}, store::RecordOrder::LatestFirst, 100, {})->records.size();
    }
    static void execute(WireHost& host, const std::string& sql)
    {
        host.host().stores().writer().write([sql](store::Database& database) { return database.execute(sql); });
        host.host().stores().writer().flush();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(tst_call_records)
#include "tst_call_records.moc"
