// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/replica_history.h"
#include "deploy/store/request_store.h"
#include "store_fixture.h"

using namespace tintype;
using namespace tintype::store;
using domain::ReplicaState;

class TestReplicaHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_database.reset();
        m_folder = std::make_unique<TestFolder>();
        m_database = std::make_unique<Database>(openDatabase(*m_folder / "t.db"));
    }

    void everyStateHasItsPhase()
    {
        QCOMPARE(*phaseOf(ReplicaState::Fetching), ReplicaPhase::Starting);
        QCOMPARE(*phaseOf(ReplicaState::CrashBackoff), ReplicaPhase::Failing);
        QCOMPARE(*phaseOf(ReplicaState::Running), ReplicaPhase::Ready);
        QCOMPARE(*phaseOf(ReplicaState::Terminating), ReplicaPhase::Draining);
        QVERIFY(!phaseOf(ReplicaState::Terminated));
    }

    void onePhaseEndsTheOther()
    {
        note("r", ReplicaPhase::Starting, 10);
        note("r", ReplicaPhase::Ready, 20);
        note("other", ReplicaPhase::Starting, 25);
        note("r", std::nullopt, 30);
        const auto spans = found(0, 100);
        QCOMPARE(spans.size(), std::size_t{3});
        QCOMPARE(*spans[0].ended, fromMilliseconds(20));
        QCOMPARE(*spans[1].ended, fromMilliseconds(30));
        QVERIFY(!spans[2].ended);
    }

    void aSpanFindsWhatOverlapsIt()
    {
        note("r", ReplicaPhase::Starting, 10);
        note("r", ReplicaPhase::Ready, 20);
        note("r", std::nullopt, 30);
        QCOMPARE(found(0, 10).size(), std::size_t{0});
        QCOMPARE(found(20, 25).size(), std::size_t{1}); // the first ended when the span began
        QCOMPARE(found(30, 50).size(), std::size_t{0});
        QCOMPARE(findPhases(*m_database, "none", fromMilliseconds(0), fromMilliseconds(100))->size(), std::size_t{0});
    }

    void aKilledHostsReplicasEndWithItsLastSign()
    {
        note("r", ReplicaPhase::Ready, 1000);
        QVERIFY(finishRequest(*m_database, recordOf(fullRequest("one"), 5000)));
        QVERIFY(closePhases(*m_database));
        QCOMPARE(*found(0, 10'000).front().ended, fromMilliseconds(5000));
        QVERIFY(closePhases(*m_database)); // again changes nothing
        QCOMPARE(*found(0, 10'000).front().ended, fromMilliseconds(5000));
    }

    void aReplicaThatNothingFollowedHasNoTime()
    {
        note("r", ReplicaPhase::Starting, 1000);
        QVERIFY(closePhases(*m_database));
        QCOMPARE(countOf(*m_database, "SELECT ended - begun FROM replica_states"), std::int64_t{0});
    }

    void expiryLeavesWhatStillGoesOn()
    {
        note("old", ReplicaPhase::Ready, 10);
        note("old", std::nullopt, 20);
        note("alive", ReplicaPhase::Ready, 10);
        QCOMPARE(expirePhases(*m_database, fromMilliseconds(20), 10).value(), 0);
        QCOMPARE(expirePhases(*m_database, fromMilliseconds(21), 10).value(), 1);
        QCOMPARE(found(0, 100).size(), std::size_t{1});
    }

private:
    void note(const std::string& replica, std::optional<ReplicaPhase> phase, std::int64_t time)
    {
        QVERIFY(notePhase(*m_database, "app", replica, phase, fromMilliseconds(time)));
    }
    std::vector<PhaseSpan> found(std::int64_t since, std::int64_t until)
    {
        return findPhases(*m_database, {}, fromMilliseconds(since), fromMilliseconds(until)).value();
    }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(TestReplicaHistory)
#include "tst_replica_history.moc"
