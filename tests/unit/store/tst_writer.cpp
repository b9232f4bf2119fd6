// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/writer.h"
#include "store_fixture.h"

#include <semaphore>
#include <stdexcept>

using namespace tintype;
using namespace tintype::store;

namespace {

Writer::Job insert(int value)
{
    return [value](Database& database) -> Result<> {
        TINTYPE_TRY_ASSIGN(Statement statement, database.prepare("INSERT INTO t VALUES (?, ?)"));
        return statement.bind(value).bind("").run();
    };
}

Writer::Job insertBytes(int value, std::size_t size)
{
    return [value, size](Database& database) -> Result<> {
        TINTYPE_TRY_ASSIGN(Statement statement, database.prepare("INSERT INTO t VALUES (?, ?)"));
        return statement.bind(value).bind(std::string(size, 'x')).run();
    };
}

} // namespace

/// What is written while the first job waits goes into one transaction.
class TestWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        m_outcomes.clear();
        Database database = openDatabase(file());
        QVERIFY(database.execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT) STRICT"));
        m_writer = std::make_unique<Writer>(std::move(database), [this](const std::function<void()>& outcome) {
            const std::scoped_lock lock(m_mutex);
            outcome();
        });
    }

    void tellsOutcomesInOrder()
    {
        for (int value = 0; value < 100; ++value)
            m_writer->write(insert(value), note(value));
        m_writer->flush();
        QCOMPARE(m_outcomes.size(), std::size_t{100});
        for (int value = 0; value < 100; ++value) {
            const auto& [number, told] = m_outcomes.at(static_cast<std::size_t>(value));
            QVERIFY(number == value && told.has_value());
        }
        QCOMPARE(rows(), std::int64_t{100});
    }

    void anOutcomeIsToldOnceItIsCommitted()
    {
        Database reader = openDatabase(file(), Database::Mode::ReadOnly);
        std::int64_t seen = -1;
        m_writer->write(insert(1), [&](const Result<>&) { seen = countOf(reader, "SELECT count(*) FROM t"); });
        m_writer->flush();
        QCOMPARE(seen, std::int64_t{1});
    }

    void aJobThatFailsIsUndoneAlone()
    {
        holdBatch();
        m_writer->write(insert(1), note(1));
        m_writer->write(
            [](Database& database) -> Result<> {
                TINTYPE_TRY(insert(2)(database));
                return fail(ErrorCode::InvalidArgument, "no");
            },
            note(2));
        m_writer->write(
            [](Database& database) -> Result<> {
                TINTYPE_TRY(insert(3)(database));
                return insert(1)(database); // exists
            },
            note(3));
        m_writer->write(insert(4), note(4));
        release();
        QVERIFY(outcome(1) && outcome(4));
        QCOMPARE(outcome(2).error().message, std::string("no"));
        QCOMPARE(outcome(3).error().code, ErrorCode::Conflict);
        QCOMPARE(rows(), std::int64_t{2});
    }

    void anExceptionIsAFailureOfItsJob()
    {
        holdBatch();
        m_writer->write(insert(1), note(1));
        m_writer->write(
            [](Database& database) -> Result<> {
                TINTYPE_TRY(insert(2)(database));
                throw std::runtime_error("thrown");
            },
            note(2));
        m_writer->write(insert(3), note(3));
        release();
        QVERIFY(outcome(1) && outcome(3));
        QCOMPARE(outcome(2).error().code, ErrorCode::Internal);
        QCOMPARE(rows(), std::int64_t{2});
    }

    void whatAFullDiskUndoesIsToldSo()
    {
        holdBatch();
        m_writer->write([](Database& database) -> Result<> { return fillUp(database); });
        m_writer->write(insert(1), note(1));
        m_writer->write(insertBytes(2, 1'000'000), note(2));
        m_writer->write(insert(3), note(3));
        release();
        const bool firstIsThere = has(1);
        QCOMPARE(outcome(1).has_value(), firstIsThere); // told is what is
        QCOMPARE(outcome(2).error().code, ErrorCode::Io);
        QVERIFY(!has(2));
        QCOMPARE(outcome(3).has_value(), has(3));
    }

    void aTransactionThatEndsEarlyTakesOnlyWhatWasInIt()
    {
        holdBatch();
        m_writer->write(insert(1), note(1));
        m_writer->write([](Database& database) { return database.execute("this is not SQL"); }, note(2)); // rolls back
        m_writer->write(insert(3), note(3));
        release();
        QVERIFY(!outcome(1) && !has(1));
        QVERIFY(!outcome(2));
        QVERIFY(outcome(3) && has(3));
    }

    void aJobThatCommitsIsRefused()
    {
        holdBatch();
        m_writer->write([](Database& database) -> Result<> { return database.execute("COMMIT"); }, note(1));
        m_writer->write(insert(2), note(2));
        release();
        QVERIFY(!outcome(1));
        QVERIFY(outcome(2) && has(2));
    }

    void endsOnlyWhenAllIsWritten()
    {
        for (int value = 0; value < 1000; ++value)
            m_writer->write(insert(value));
        m_writer.reset();
        Database reader = openDatabase(file(), Database::Mode::ReadOnly);
        QCOMPARE(countOf(reader, "SELECT count(*) FROM t"), std::int64_t{1000});
    }

    void takesJobsFromSeveralThreads()
    {
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([this, thread] {
                for (int value = 0; value < 500; ++value)
                    m_writer->write(insert(thread * 1000 + value), note(thread * 1000 + value));
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        m_writer->flush();
        QCOMPARE(rows(), std::int64_t{2000});
        QCOMPARE(m_outcomes.size(), std::size_t{2000});
    }

private:
    static Result<> fillUp(Database& database)
    {
        return database.execute("PRAGMA max_page_count = " + std::to_string(countOf(database, "PRAGMA page_count") + 3));
    }

    /// The writer waits in a job; what is written from now on makes the next transaction.
    void holdBatch()
    {
        m_writer->write([this](Database&) -> Result<> {
            m_isHeld.release();
            m_goOn.acquire();
            return {};
        });
        m_isHeld.acquire();
    }

    void release()
    {
        m_goOn.release();
        m_writer->flush();
    }

    Writer::Done note(int number)
    {
        return [this, number](Result<> outcome) { m_outcomes.emplace_back(number, std::move(outcome)); };
    }

    Result<> outcome(int number) const
    {
        for (const auto& [noted, outcome] : m_outcomes) {
            if (noted == number)
                return outcome;
        }
        return fail(ErrorCode::NotFound, "never told");
    }

    std::int64_t rows() { return countIn("SELECT count(*) FROM t"); }
    bool has(int value) { return countIn("SELECT count(*) FROM t WHERE i = " + std::to_string(value)) == 1; }
    std::int64_t countIn(const std::string& sql)
    {
        Database reader = openDatabase(file(), Database::Mode::ReadOnly);
        return countOf(reader, sql);
    }
    std::string file() const { return *m_folder / "tintype.db"; }

    std::unique_ptr<TestFolder> m_folder;
    std::mutex m_mutex;
    std::binary_semaphore m_isHeld{0};
    std::binary_semaphore m_goOn{0};
    std::vector<std::pair<int, Result<>>> m_outcomes;
    std::unique_ptr<Writer> m_writer; // ends before what its jobs use
};

QTEST_GUILESS_MAIN(TestWriter)
#include "tst_writer.moc"
