// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/autoscale.h"

#include <QTest>

using namespace tintype;
using namespace tintype::domain;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow = fromMilliseconds(1'800'000'000'000);

Scaling scaling(int min, int max, int buffer = 0, int percent = 0, int multiplexing = 1)
{
    Scaling values;
    values.minConcurrency = min;
    values.maxConcurrency = max;
    values.concurrencyBuffer = buffer;
    values.concurrencyBufferPerc = percent;
    values.maxMultiplexing = multiplexing;
    values.keepAlive = 60s;
    return values;
}

ReplicaSnapshot replica(const std::string& id, ReplicaState state, std::chrono::seconds idleFor = 0s, int inFlight = 0)
{
    return {id, state, inFlight, /*isCurrent=*/true, /*hasServed=*/true, kNow - idleFor};
}

AppSnapshot app(const Scaling& values, int queued, std::vector<ReplicaSnapshot> replicas = {})
{
    return {values, /*paused=*/false, queued, queued > 0 ? std::optional(kNow) : std::nullopt, std::move(replicas)};
}

} // namespace

class tst_autoscale : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wantsReplicasForTheLoad_data();
    void wantsReplicasForTheLoad();
    void startsFromZero();
    void countsReplicasThatAreStarting();
    void ignoresReplicasOfAnOlderRevision();
    void waitsForScalingDelay();
    void startsAtOnceAfterScalingDelay();
    void keepsIdleReplicasUntilKeepAlive();
    void drainsAfterKeepAlive();
    void neverGoesBelowTheMinimum();
    void letsABurstsExtraReplicasGoFirst();
    void letsAnUnusedReplicaGoAfterTenSeconds();
    void givesUpStartsThatNobodyNeeds();
    void leavesBusyReplicasAlone();
    void pausedEndsWhatIsThereAndStartsNothing();
    void wakesWhenTheNextThingCanHappen();
    void aClockThatWentBackDrainsNothing();
};

void tst_autoscale::wantsReplicasForTheLoad_data()
{
    QTest::addColumn<int>("min");
    QTest::addColumn<int>("max");
    QTest::addColumn<int>("buffer");
    QTest::addColumn<int>("percent");
    QTest::addColumn<int>("multiplexing");
    QTest::addColumn<int>("queued");
    QTest::addColumn<int>("inFlight");
    QTest::addColumn<int>("wanted");
    QTest::newRow("nothing to do") << 0 << 2 << 0 << 0 << 1 << 0 << 0 << 0;
    QTest::newRow("one request") << 0 << 2 << 0 << 0 << 1 << 1 << 0 << 1;
    QTest::newRow("never above max") << 0 << 2 << 0 << 0 << 1 << 50 << 2 << 2;
    QTest::newRow("minimum without load") << 3 << 5 << 0 << 0 << 1 << 0 << 0 << 3;
    QTest::newRow("buffer without load") << 0 << 5 << 2 << 0 << 1 << 0 << 0 << 2;
    QTest::newRow("buffer wins over a smaller minimum") << 1 << 5 << 2 << 0 << 1 << 0 << 0 << 2;
    QTest::newRow("buffer and minimum do not add up") << 3 << 9 << 2 << 0 << 1 << 0 << 0 << 3;
    QTest::newRow("buffer on top of load") << 0 << 9 << 2 << 0 << 1 << 1 << 3 << 6;
    QTest::newRow("percentage rounds up") << 0 << 99 << 0 << 10 << 1 << 0 << 11 << 13;
    QTest::newRow("percentage of nothing") << 0 << 99 << 0 << 50 << 1 << 0 << 0 << 0;
    QTest::newRow("the larger buffer counts") << 0 << 99 << 1 << 50 << 1 << 0 << 10 << 15;
    QTest::newRow("multiplexing shares a replica") << 0 << 9 << 0 << 0 << 4 << 5 << 0 << 2;
    QTest::newRow("multiplexing exactly full") << 0 << 9 << 0 << 0 << 4 << 4 << 4 << 2;
    QTest::newRow("max wins over min") << 5 << 2 << 0 << 0 << 1 << 0 << 0 << 2;
}

void tst_autoscale::wantsReplicasForTheLoad()
{
    QFETCH(int, min);
    QFETCH(int, max);
    QFETCH(int, buffer);
    QFETCH(int, percent);
    QFETCH(int, multiplexing);
    QFETCH(int, queued);
    QFETCH(int, inFlight);
    QTEST(targetReplicas(scaling(min, max, buffer, percent, multiplexing), queued, inFlight), "wanted");
}

void tst_autoscale::startsFromZero()
{
    QCOMPARE(autoscale(app(scaling(0, 2), 1), kNow).start, 1);
    QCOMPARE(autoscale(app(scaling(0, 2), 9), kNow).start, 2);
    QCOMPARE(autoscale(app(scaling(0, 2), 0), kNow).start, 0);
}

void tst_autoscale::countsReplicasThatAreStarting()
{
    for (const auto state : {ReplicaState::Pending, ReplicaState::Fetching, ReplicaState::Setup, ReplicaState::CrashBackoff})
        QCOMPARE(autoscale(app(scaling(0, 4), 1, {replica("a", state)}), kNow).start, 0);
    for (const auto state : {ReplicaState::Draining, ReplicaState::Terminating})
        QCOMPARE(autoscale(app(scaling(0, 4), 1, {replica("a", state)}), kNow).start, 1);
}

void tst_autoscale::ignoresReplicasOfAnOlderRevision()
{
    auto old = replica("old", ReplicaState::Idle, 1000s);
    old.isCurrent = false;
    const auto decision = autoscale(app(scaling(0, 2), 1, {old}), kNow);
    QCOMPARE(decision.start, 1);
    QVERIFY(decision.drain.empty());
}

void tst_autoscale::waitsForScalingDelay()
{
    auto values = scaling(0, 4);
    values.scalingDelay = 5s;
    auto snapshot = app(values, 3, {replica("a", ReplicaState::Running, 0s, 1)});
    snapshot.oldestQueued = kNow - 2s;
    const auto decision = autoscale(snapshot, kNow);
    QCOMPARE(decision.start, 0);
    QCOMPARE(decision.wakeAt, std::optional(kNow + 3s));
}

void tst_autoscale::startsAtOnceAfterScalingDelay()
{
    auto values = scaling(0, 4);
    values.scalingDelay = 5s;
    auto snapshot = app(values, 3, {replica("a", ReplicaState::Running, 0s, 1)});
    snapshot.oldestQueued = kNow - 5s;
    QCOMPARE(autoscale(snapshot, kNow).start, 3);
}

void tst_autoscale::keepsIdleReplicasUntilKeepAlive()
{
    const auto decision = autoscale(app(scaling(0, 2), 0, {replica("a", ReplicaState::Idle, 59s)}), kNow);
    QVERIFY(decision.drain.empty());
    QCOMPARE(decision.wakeAt, std::optional(kNow + 1s));
}

void tst_autoscale::drainsAfterKeepAlive()
{
    const auto decision = autoscale(app(scaling(0, 2), 0, {replica("a", ReplicaState::Idle, 60s)}), kNow);
    QCOMPARE(decision.drain, std::vector<std::string>{"a"});
}

void tst_autoscale::neverGoesBelowTheMinimum()
{
    const auto decision = autoscale(app(scaling(1, 3), 0,
        {replica("a", ReplicaState::Idle, 500s), replica("b", ReplicaState::Idle, 400s)}), kNow);
    QCOMPARE(decision.drain, std::vector<std::string>{"a"});
}

void tst_autoscale::letsABurstsExtraReplicasGoFirst()
{
    // 60 s for the latest, 30 s for the one before, 15 s for the one before that.
    const auto decision = autoscale(app(scaling(0, 3), 0,
        {replica("first", ReplicaState::Idle, 20s), replica("second", ReplicaState::Idle, 20s),
            replica("third", ReplicaState::Idle, 20s)}), kNow);
    QCOMPARE(decision.drain, std::vector<std::string>{"third"});
    QCOMPARE(decision.wakeAt, std::optional(kNow + 10s));
}

void tst_autoscale::letsAnUnusedReplicaGoAfterTenSeconds()
{
    auto unused = replica("a", ReplicaState::Idle, 10s);
    unused.hasServed = false;
    QCOMPARE(autoscale(app(scaling(0, 2), 0, {unused}), kNow).drain, std::vector<std::string>{"a"});
    QVERIFY(autoscale(app(scaling(1, 2), 0, {unused}), kNow).drain.empty());
    QVERIFY(autoscale(app(scaling(0, 2, 1), 0, {unused}), kNow).drain.empty());
}

void tst_autoscale::givesUpStartsThatNobodyNeeds()
{
    const auto decision = autoscale(app(scaling(0, 4), 1,
        {replica("loading", ReplicaState::Setup), replica("waiting", ReplicaState::Pending)}), kNow);
    QCOMPARE(decision.drain, std::vector<std::string>{"waiting"});
}

void tst_autoscale::leavesBusyReplicasAlone()
{
    const auto decision = autoscale(app(scaling(0, 1), 0,
        {replica("a", ReplicaState::Running, 999s, 1), replica("b", ReplicaState::Running, 999s, 1)}), kNow);
    QVERIFY(decision.drain.empty());
}

void tst_autoscale::pausedEndsWhatIsThereAndStartsNothing()
{
    auto snapshot = app(scaling(2, 4), 7, {replica("a", ReplicaState::Running, 0s, 1), replica("b", ReplicaState::Setup)});
    snapshot.paused = true;
    const auto decision = autoscale(snapshot, kNow);
    QCOMPARE(decision.start, 0);
    QCOMPARE(decision.drain, (std::vector<std::string>{"a", "b"}));
}

void tst_autoscale::wakesWhenTheNextThingCanHappen()
{
    QVERIFY(!autoscale(app(scaling(0, 2), 0), kNow).wakeAt);
    QVERIFY(!autoscale(app(scaling(0, 2), 0, {replica("a", ReplicaState::Running, 0s, 1)}), kNow).wakeAt);
}

void tst_autoscale::aClockThatWentBackDrainsNothing()
{
    const auto decision = autoscale(app(scaling(0, 2), 0, {replica("a", ReplicaState::Idle, 60s)}), kNow - 24h);
    QVERIFY(decision.drain.empty());
}

QTEST_GUILESS_MAIN(tst_autoscale)
#include "tst_autoscale.moc"
