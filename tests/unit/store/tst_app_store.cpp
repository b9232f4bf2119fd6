// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/app_store.h"
#include "deploy/store/log_store.h"
#include "deploy/store/webhook_store.h"
#include "store_fixture.h"

using namespace tintype;
using namespace tintype::store;

namespace {

StoredRevision revisionOf(const std::string& app, char id)
{
    return {.app = app, .id = std::string(40, id), .number = 0, .hash = std::string(64, id), .definition = "{\"name\":\"x\"}",
        .files = {{"models/a b.safetensors", std::string(64, id), 5'000'000'000}, {"c", std::string(64, 'c'), 0}},
        .commits = {{"hf:org/name", std::string(40, 'd')}}, .message = "says \"why\"", .annotations = {{"k", "v\n"}},
        .author = "key", .created = fromMilliseconds(1234)};
}

StoredLogLine line(std::int64_t time, const std::string& text, LogLevel level = LogLevel::Info)
{
    return {.id = 0, .time = fromMilliseconds(time), .level = level, .app = "shapes", .revision = "r", .replica = "p",
        .request = time % 2 == 0 ? "even" : "", .source = "worker", .text = text};
}

} // namespace

class TestAppStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        m_database = std::make_unique<Database>(openDatabase(*m_folder / "tintype.db"));
    }
    void cleanup() { m_database.reset(); }

    void anAppComesBackAsItWas()
    {
        StoredApp app{.name = "shapes", .auth = domain::AuthMode::Shared, .revision = std::string(40, 'a'), .scaling = {},
            .paused = true, .ephemeral = true, .created = fromMilliseconds(1), .updated = fromMilliseconds(2)};
        app.scaling = {.minConcurrency = 1, .maxConcurrency = 9, .concurrencyBuffer = 2, .concurrencyBufferPerc = 30,
            .scalingDelay = std::chrono::seconds(4), .keepAlive = std::chrono::seconds(5),
            .requestTimeout = std::chrono::seconds(6), .startupTimeout = std::chrono::seconds(7),
            .terminationGrace = std::chrono::seconds(8), .maxMultiplexing = 3, .machineTypes = {"GPU-H100", "L"},
            .regions = {"eu"}};
        QVERIFY(saveApp(*m_database, app));
        app.paused = false;
        QVERIFY(saveApp(*m_database, app)); // in place of the first
        const auto apps = loadApps(*m_database);
        QCOMPARE(apps->size(), std::size_t{1});
        const StoredApp& loaded = apps->front();
        QVERIFY(loaded.name == app.name && loaded.auth == app.auth && loaded.revision == app.revision);
        QVERIFY(loaded.scaling == app.scaling);
        QVERIFY(!loaded.paused && loaded.ephemeral && loaded.created == app.created && loaded.updated == app.updated);
    }

    void scalingThatIsDamagedTakesDefaults()
    {
        QVERIFY(scalingFromJson("") == domain::Scaling());
        QVERIFY(scalingFromJson("[1, 2") == domain::Scaling());
        QVERIFY(scalingFromJson(R"({"max_concurrency": "9", "machine_types": 5, "regions": {}})") == domain::Scaling());
        QCOMPARE(scalingFromJson(R"({"machine_types": [5, null]})").machineTypes.size(), std::size_t{2});
    }

    void revisionsAreNumberedWithinTheirApp()
    {
        QCOMPARE(insertRevision(*m_database, revisionOf("one", 'a')).value(), 1);
        QCOMPARE(insertRevision(*m_database, revisionOf("one", 'b')).value(), 2);
        QCOMPARE(insertRevision(*m_database, revisionOf("two", 'a')).value(), 1);
        QCOMPARE(insertRevision(*m_database, revisionOf("one", 'a')).error().code, ErrorCode::Conflict);
        const auto revisions = revisionsOf(*m_database, "one");
        QCOMPARE(revisions->size(), std::size_t{2});
        QCOMPARE(revisions->front().number, 2);
        const StoredRevision expected = revisionOf("one", 'b');
        const auto found = findRevision(*m_database, "one", expected.id);
        QVERIFY(found && *found);
        QVERIFY((*found)->files == expected.files && (*found)->commits == expected.commits);
        QVERIFY((*found)->annotations == expected.annotations && (*found)->message == expected.message);
        QVERIFY((*found)->definition == expected.definition && (*found)->created == expected.created);
        QVERIFY(!*findRevision(*m_database, "one", "c"));
        QVERIFY(!*findRevision(*m_database, "three", expected.id));
    }

    void aRevisionWithoutFilesIsNoDamage()
    {
        StoredRevision revision = revisionOf("one", 'a');
        revision.files.clear();
        QVERIFY(insertRevision(*m_database, revision));
        QVERIFY(revisionsOf(*m_database, "one")->front().files.empty());
        QVERIFY(referencedBlobs(*m_database)->empty());
    }

    void aDamagedListOfFilesIsAnError_data()
    {
        QTest::addColumn<QString>("files");
        QTest::newRow("no JSON") << QStringLiteral("[{");
        QTest::newRow("no list") << QStringLiteral("{}");
        QTest::newRow("no file") << QStringLiteral("[5]");
        QTest::newRow("no hash") << QStringLiteral(R"([{"path": "a", "size": 5}])");
        QTest::newRow("wrong types") << QStringLiteral(R"([{"path": 5, "sha256": [], "size": "x"}])");
        QTest::newRow("negative") << QStringLiteral(R"([{"path": "a", "sha256": "b", "size": -1}])");
    }

    void aDamagedListOfFilesIsAnError()
    {
        QFETCH(QString, files);
        QVERIFY(insertRevision(*m_database, revisionOf("one", 'a')));
        {
            auto update = m_database->prepare("UPDATE revisions SET files = ?");
            QVERIFY(update->bind(files.toStdString()).run());
        }
        QCOMPARE(findRevision(*m_database, "one", std::string(40, 'a')).error().code, ErrorCode::Corrupt);
        QCOMPARE(revisionsOf(*m_database, "one").error().code, ErrorCode::Corrupt);
    }

    void blobsOfAllRevisionsAreReferenced()
    {
        for (const char id : {'a', 'b'})
            QVERIFY(insertRevision(*m_database, revisionOf("one", id)));
        auto blobs = referencedBlobs(*m_database);
        std::ranges::sort(*blobs);
        QVERIFY((*blobs == std::vector{std::string(64, 'a'), std::string(64, 'b'), std::string(64, 'c')}));
        QVERIFY(deleteApp(*m_database, "one"));
        QVERIFY(referencedBlobs(*m_database)->empty());
        QVERIFY(revisionsOf(*m_database, "one")->empty());
    }

    void textThatIsNotUtf8ThrowsNothing()
    {
        StoredRevision revision = revisionOf("one", 'a');
        revision.annotations = {{"\xFF", "\xC3"}};
        revision.files = {{"\xFF", std::string(64, 'a'), 1}};
        QVERIFY(insertRevision(*m_database, revision));
        QCOMPARE(revisionsOf(*m_database, "one")->size(), std::size_t{1});
    }

    void eventsComeTheLatestFirst()
    {
        for (const char* text : {"first", "second", "third"})
            QVERIFY(insertEvent(*m_database,
                {.id = 0, .time = fromMilliseconds(5), .category = "config", .app = "one", .actor = "key", .text = text,
                    .before = "{}", .after = "{\"paused\": true}"}));
        QVERIFY(insertEvent(*m_database, {.id = 0, .time = fromMilliseconds(5), .category = "config", .app = "two",
                                             .actor = "", .text = "other", .before = "", .after = ""}));
        const auto events = eventsOf(*m_database, "one", 0, 2);
        QCOMPARE(events->size(), std::size_t{2});
        QCOMPARE(events->at(0).text, std::string("third"));
        QCOMPARE(events->at(1).after, std::string("{\"paused\": true}"));
        const auto rest = eventsOf(*m_database, "one", events->at(1).id, 2);
        QCOMPARE(rest->size(), std::size_t{1});
        QCOMPARE(rest->front().text, std::string("first"));
    }

    void logLinesAreFoundByEverything()
    {
        QVERIFY(insertLogLines(*m_database,
            {line(1, "one Red circle"), line(2, "two", LogLevel::Error), line(3, "three", LogLevel::Warning), line(4, "four")}));
        QCOMPARE(texts({}), std::string("one Red circle|two|three|four|"));
        QCOMPARE(texts(with(&LogFilter::search, "red CIRCLE")), std::string("one Red circle|"));
        QCOMPARE(texts(with(&LogFilter::atLeast, LogLevel::Warning)), std::string("two|three|"));
        QCOMPARE(texts(with(&LogFilter::request, "even")), std::string("two|four|"));
        const auto sinceTwo = with(&LogFilter::since, fromMilliseconds(2));
        QCOMPARE(texts(with(&LogFilter::until, fromMilliseconds(4), sinceTwo)), std::string("two|three|"));
        QCOMPARE(texts(with(&LogFilter::app, "other")), std::string());
        LogFilter all = with(&LogFilter::search, "f", sinceTwo);
        all.app = "shapes";
        all.revision = "r";
        all.replica = "p";
        all.request = "even";
        all.atLeast = LogLevel::Info;
        all.until = fromMilliseconds(9);
        QCOMPARE(texts(all), std::string("four|"));
    }

    void logLinesArePagedInBothOrders()
    {
        for (int number = 1; number <= 5; ++number)
            QVERIFY(insertLogLines(*m_database, {line(number, std::to_string(number))}));
        const auto first = findLogLines(*m_database, {}, LogOrder::OldestFirst, 0, 2);
        QCOMPARE(first->at(1).text, std::string("2"));
        QCOMPARE(findLogLines(*m_database, {}, LogOrder::OldestFirst, first->at(1).id, 9)->size(), std::size_t{3});
        const auto last = findLogLines(*m_database, {}, LogOrder::LatestFirst, 0, 2);
        QCOMPARE(last->at(0).text, std::string("5"));
        QCOMPARE(findLogLines(*m_database, {}, LogOrder::LatestFirst, last->at(1).id, 9)->front().text, std::string("3"));
    }

    void logLinesGoByAgeAndNumber()
    {
        for (int number = 1; number <= 10; ++number)
            QVERIFY(insertLogLines(*m_database, {line(number, std::to_string(number))}));
        QCOMPARE(expireLogLines(*m_database, fromMilliseconds(4), 2).value(), 2);
        QCOMPARE(expireLogLines(*m_database, fromMilliseconds(4), 2).value(), 1);
        QCOMPARE(texts({}), std::string("4|5|6|7|8|9|10|"));
        QCOMPARE(trimLogLines(*m_database, 7, 100).value(), 0);
        QCOMPARE(trimLogLines(*m_database, 3, 1).value(), 1);
        QCOMPARE(trimLogLines(*m_database, 3, 100).value(), 3);
        QCOMPARE(texts({}), std::string("8|9|10|"));
    }

    void aLevelThatIsNoneIsTheNearest()
    {
        QVERIFY(insertLogLines(*m_database, {line(1, "odd")}));
        QVERIFY(m_database->execute("UPDATE logs SET level = 99"));
        QVERIFY(findLogLines(*m_database, {}, LogOrder::OldestFirst, 0, 9)->front().level == LogLevel::Error);
        QVERIFY(logLevelFromName("critical") == LogLevel::Error);
        QVERIFY(!logLevelFromName("INFO"));
    }

    void aWebhookWaitsUntilItIsTaken()
    {
        PendingWebhook webhook{.request = "one", .url = "https://example.org", .keyId = "k", .body = "{}", .attempts = 0,
            .due = fromMilliseconds(5)};
        QVERIFY(saveWebhook(*m_database, webhook));
        webhook.attempts = 3;
        webhook.due = fromMilliseconds(9);
        QVERIFY(saveWebhook(*m_database, webhook));
        const auto pending = pendingWebhooks(*m_database);
        QCOMPARE(pending->size(), std::size_t{1});
        QCOMPARE(pending->front().attempts, 3);
        QVERIFY(pending->front().due == webhook.due && pending->front().body == webhook.body);
        QVERIFY(deleteWebhook(*m_database, "one"));
        QVERIFY(pendingWebhooks(*m_database)->empty());
    }

private:
    std::string texts(const LogFilter& filter)
    {
        std::string texts;
        const auto lines = findLogLines(*m_database, filter, LogOrder::OldestFirst, 0, 100);
        for (const StoredLogLine& found : *lines)
            texts += found.text + "|";
        return texts;
    }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(TestAppStore)
#include "tst_app_store.moc"
