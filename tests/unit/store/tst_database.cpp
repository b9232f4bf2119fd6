// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/data_folder.h"
#include "deploy/store/schema.h"
#include "deploy/store/request_store.h"
#include "store_fixture.h"

#include <sys/stat.h>

using namespace tintype;
using namespace tintype::store;

class TestDatabase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TestFolder>(); }

    void keepsValuesAsTheyAre()
    {
        Database database = open();
        QVERIFY(database.execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n TEXT) STRICT"));
        const std::string text = std::string("a\0b", 3) + "\xC3\xA9";
        const std::string blob("\0\xFF\x01", 3);
        {
            auto insert = database.prepare("INSERT INTO t VALUES (?,?,?,?,?)");
            QVERIFY(insert->bind(std::int64_t{1} << 62).bind(0.1).bind(text).bindBlob(blob).bindNull().run());
        }
        auto select = database.prepare("SELECT * FROM t");
        QVERIFY(select->step().value());
        QCOMPARE(select->integer(0), std::int64_t{1} << 62);
        QCOMPARE(select->number(1), 0.1);
        QCOMPARE(select->text(2), text);
        QCOMPARE(select->text(3), blob);
        QVERIFY(select->isNull(4) && select->text(4).empty());
        QVERIFY(!select->step().value());
    }

    void aStatementInUseIsNotGivenTwice()
    {
        Database database = open();
        QVERIFY(database.execute("CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (1), (2), (3)"));
        int pairs = 0;
        auto outer = database.prepare("SELECT i FROM t");
        while (outer->step().value()) {
            auto inner = database.prepare("SELECT i FROM t");
            while (inner->step().value())
                ++pairs;
        }
        QCOMPARE(pairs, 9);
    }

    void moreStatementsThanAreKeptWorkToo()
    {
        Database database = open();
        for (int number = 0; number < 1000; ++number)
            QCOMPARE(countOf(database, "SELECT " + std::to_string(number)), std::int64_t{number});
    }

    void wrongSqlAndWrongValuesAreErrors()
    {
        Database database = open();
        QCOMPARE(database.prepare("SELECT nothing FROM nowhere").error().code, ErrorCode::Internal);
        QVERIFY(database.execute("CREATE TABLE t (i INTEGER PRIMARY KEY) STRICT"));
        auto tooMany = database.prepare("INSERT INTO t VALUES (?)");
        QCOMPARE(tooMany->bind(1).bind(2).run().error().code, ErrorCode::Internal);
        auto wrongType = database.prepare("INSERT INTO t VALUES (?) ");
        QVERIFY(!wrongType->bind("text").run());
    }

    void whatExistsAlreadyIsAConflict()
    {
        Database database = open();
        QVERIFY(database.execute("CREATE TABLE t (i INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1)"));
        auto insert = database.prepare("INSERT INTO t VALUES (1)");
        QCOMPARE(insert->run().error().code, ErrorCode::Conflict);
    }

    void aDatabaseOfTheFirstSchemaIsBroughtUpToDate()
    {
        {
            Database database = open(); // with all migrations, so back to the first of them
            QVERIFY(finishRequest(database, recordOf(fullRequest("one"))));
            QVERIFY(database.execute("DROP TABLE replica_states; DROP INDEX events_of_deployments;"
                                     "DROP INDEX records_of_failures; DROP INDEX records_by_app_and_duration; DROP INDEX records_by_time;"
                                     "CREATE INDEX records_for_analytics ON records (app, finished);"
                                     "CREATE INDEX records_by_time ON records (finished); PRAGMA user_version = 1"));
        }
        Database database = open();
        QCOMPARE(countOf(database, "PRAGMA user_version"), std::int64_t{2});
        QVERIFY(*findRecord(database, "one"));
        QVERIFY(database.prepare("SELECT count(*) FROM records INDEXED BY records_by_time WHERE finished > 0 AND cold = 1"));
        QVERIFY(!database.prepare("SELECT 1 FROM records INDEXED BY records_for_analytics"));
        QCOMPARE(countOf(database, "SELECT count(*) FROM replica_states"), std::int64_t{0});
    }

    void aTextFileIsNotADatabase()
    {
        writeFile(file(), std::string(5000, 'x'));
        const auto opened = Database::open(file(), Database::Mode::ReadWrite);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY(opened.error().message.starts_with(file() + ": "));
        QVERIFY(opened.error().message.ends_with("move it away to begin with an empty one"));
        QCOMPARE(readFile(file()), std::string(5000, 'x')); // never touched
    }

    void aDamagedDatabaseIsRefused()
    {
        {
            Database database = open();
            QVERIFY(database.execute("CREATE TABLE t (s TEXT) STRICT; INSERT INTO t SELECT hex(randomblob(2000)) "
                                     "FROM (WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
                                     "SELECT i FROM n); PRAGMA wal_checkpoint(TRUNCATE)"));
        }
        std::string content = readFile(file());
        QVERIFY(content.size() > 500'000);
        content.replace(200'000, 200'000, std::string(200'000, '\x55'));
        writeFile(file(), content);
        const auto opened = Database::open(file(), Database::Mode::ReadWrite);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
    }

    void aHalfDatabaseIsRefused()
    {
        QVERIFY(open().execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
        const auto opened = Database::open(file(), Database::Mode::ReadWrite);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
    }

    void aNewerSchemaIsRefused()
    {
        QVERIFY(open().execute("PRAGMA user_version = 99"));
        const auto opened = Database::open(file(), Database::Mode::ReadWrite);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Unsupported);
        QVERIFY(opened.error().message.find("written by a newer Tintype (schema 99") != std::string::npos);
    }

    void openingAgainChangesNothing()
    {
        const auto version = std::ssize(schemaMigrations());
        for (int round = 0; round < 2; ++round) {
            Database database = open();
            QCOMPARE(countOf(database, "PRAGMA user_version"), version);
        }
    }

    void aFullDiskIsSaidSo()
    {
        Database database = open();
        QVERIFY(database.execute("CREATE TABLE t (s TEXT) STRICT"));
        QVERIFY(database.execute("PRAGMA max_page_count = " + std::to_string(countOf(database, "PRAGMA page_count") + 2)));
        auto insert = database.prepare("INSERT INTO t VALUES (?)");
        const auto outcome = insert->bind(std::string(100'000, 'x')).run();
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Io);
        QCOMPARE(outcome.error().message, file() + ": no space left on the disk");
    }

    void aReaderCannotWriteAndMakesNoFile()
    {
        QCOMPARE(Database::open(file(), Database::Mode::ReadOnly).error().code, ErrorCode::Io);
        QVERIFY(!std::filesystem::exists(file()));
        Database writing = open();
        Database reading = openDatabase(file(), Database::Mode::ReadOnly);
        QCOMPARE(reading.execute("DELETE FROM apps").error().code, ErrorCode::Io);
        QVERIFY(writing.execute("INSERT INTO keys VALUES ('a', x'00', 'api', '', 0)"));
        QCOMPARE(countOf(reading, "SELECT count(*) FROM keys"), std::int64_t{1});
    }

    void onlyItsOwnerMayReadIt()
    {
        const Database database = open();
        for (const char* suffix : {"", "-wal", "-shm"}) {
            struct stat status {};
            QCOMPARE(::stat((file() + suffix).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777, 0600U);
        }
    }

    void aFolderServesOneHostAtATime()
    {
        const std::string path = *m_folder / "data";
        {
            const auto first = DataFolder::open(path);
            QVERIFY(first);
            const auto second = DataFolder::open(path);
            QCOMPARE(second.error().code, ErrorCode::Unavailable);
            QCOMPARE(second.error().message, path + ": another tintype serve runs on this data folder");
        }
        QVERIFY(DataFolder::open(path)); // it is free again
    }

    void aFolderIsItsOwnersOnly()
    {
        const auto folder = DataFolder::open(*m_folder / "deep/data");
        QVERIFY(folder);
        for (const char* part : {"", "blobs", "apps", "data", "files", "tmp"}) {
            struct stat status {};
            QCOMPARE(::stat((*folder / part).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777, 0700U);
        }
    }

    void whereNoFolderCanBeIsAnError()
    {
        writeFile(*m_folder / "taken", "a file");
        for (const char* path : {"taken", "taken/below"}) {
            const auto folder = DataFolder::open(*m_folder / path);
            QVERIFY(!folder);
            QCOMPARE(folder.error().code, ErrorCode::Io);
        }
    }

    void leftoversGoButUploadsCanGoOn()
    {
        const std::filesystem::path path = *m_folder / "data";
        const std::string hash(64, 'a');
        QVERIFY(DataFolder::open(path));
        writeFile(path / "tmp" / (hash + ".part"), "half");
        writeFile(path / "tmp" / "old.part", "half");
        std::filesystem::last_write_time(
            path / "tmp" / "old.part", std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 8));
        writeFile(path / "tmp" / "upload" / "00001", "part");
        writeFile(path / "tmp" / "body", "part");
        QVERIFY(DataFolder::open(path));
        QVERIFY(std::filesystem::exists(path / "tmp" / (hash + ".part")));
        QVERIFY(!std::filesystem::exists(path / "tmp" / "old.part"));
        QVERIFY(!std::filesystem::exists(path / "tmp" / "upload"));
        QVERIFY(!std::filesystem::exists(path / "tmp" / "body"));
    }

private:
    std::string file() const { return *m_folder / "tintype.db"; }
    Database open() const { return openDatabase(file()); }

    std::unique_ptr<TestFolder> m_folder;
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
