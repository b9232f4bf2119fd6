// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/app_runtime.h"
#include "fake_launcher.h"

#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::runtime;
using namespace std::chrono_literals;
using domain::ReplicaState;
using domain::WaitingReason;

namespace {

constexpr std::uint64_t kGigabyte = 1'000'000'000;

RevisionPointer revision(const std::string& id)
{
    auto made = std::make_shared<Revision>();
    made->id = id;
    made->definition.name = "app";
    return made;
}

LiveRequest call(const std::string& id, domain::Priority priority = domain::Priority::Normal)
{
    LiveRequest live;
    live.request.id = id;
    live.request.app = "app";
    live.request.priority = priority;
    live.request.submittedAt = wallClockNow();
    live.call.prompt = "prompt of " + id;
    return live;
}

domain::Scaling scaling(int min = 0, int max = 2)
{
    domain::Scaling values;
    values.minConcurrency = min;
    values.maxConcurrency = max;
    values.keepAlive = 60s;
    values.machineTypes = {"M"};
    return values;
}

} // namespace

class tst_app_runtime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void startsAReplicaForTheFirstRequest();
    void runsRequestsInOrderOnOneReplica();
    void lowPriorityWaitsForNormal();
    void growsToItsMaximumAndNotBeyond();
    void shrinksAfterKeepAlive();
    void waitsForRequirements();
    void tellsWhyARequestWaits();
    void cancelsAQueuedRequest();
    void cancelsARunningRequest();
    void retriesWhenTheWorkerDies();
    void doesNotRetryARunRequest();
    void backsOffAfterAFailedStart();
    void failsWaitingRequestsAfterFiveFailedStarts();
    void killsAWorkerThatStopsAnswering();
    void endsARequestAtItsTimeout();
    void endsARequestAtItsStartDeadline();
    void rollsToANewRevisionAndDrainsTheOld();
    void keepsTheOldRevisionWhenTheNewOneFails();
    void makesRoomWhenTheMachineIsItsOwn();
    void recreateSwitchesAtOnce();
    void pauseKeepsRequestsWaiting();
    void prefersTheReplicaThatServedTheHint();
    void multiplexesUpToTheLimit();
    void sigkillsAfterTheGracePeriod();
    void givesTheMachineBack();
    void requestsOutliveAShutDown();

private:
    FakeWorker& worker(std::size_t index) { return *m_launcher->workers.at(index); }
    ReplicaState stateOf(std::size_t index) { return m_app->replicas().at(index).state; }
    void becomeReady(std::size_t index) { worker(index).becomeLoaded(); }

    std::unique_ptr<Machines> m_machines;
    std::unique_ptr<FakeLauncher> m_launcher;
    std::unique_ptr<FakeProvisioner> m_provisioner;
    std::unique_ptr<AppEnvironment> m_environment;
    std::unique_ptr<AppRuntime> m_app;
    std::vector<std::string> m_succeeded;
    std::vector<std::pair<std::string, domain::Failure>> m_failed;
};

void tst_app_runtime::init()
{
    m_machines = std::make_unique<Machines>(Hardware{16 * kGigabyte, 4, {}});
    m_launcher = std::make_unique<FakeLauncher>();
    m_provisioner = std::make_unique<FakeProvisioner>();
    m_environment.reset(new AppEnvironment{*m_machines, *m_launcher, *m_provisioner,
        [](const Revision&) { return std::map<std::string, std::string>{}; }});
    m_app = std::make_unique<AppRuntime>("app", *m_environment);
    m_app->restore(revision("rev-1"), scaling(), /*paused=*/false);
    connect(m_app.get(), &AppRuntime::requestSucceeded, this,
        [this](const LiveRequest& live) { m_succeeded.push_back(live.request.id); });
    connect(m_app.get(), &AppRuntime::requestFailed, this,
        [this](const LiveRequest& live, const domain::Failure& failure) { m_failed.emplace_back(live.request.id, failure); });
}

void tst_app_runtime::cleanup()
{
    m_app.reset();
    m_succeeded.clear();
    m_failed.clear();
}

void tst_app_runtime::startsAReplicaForTheFirstRequest()
{
    QVERIFY(m_app->replicas().empty());
    m_app->enqueue(call("a"));
    QCOMPARE(stateOf(0), ReplicaState::Setup);
    QCOMPARE(worker(0).loadRequest.model, std::string("/models/m"));
    QCOMPARE(worker(0).loadRequest.device, std::string("cpu"));
    QVERIFY(worker(0).generated.empty());
    becomeReady(0);
    QCOMPARE(worker(0).generated, std::vector<std::string>{"a"});
    QCOMPARE(stateOf(0), ReplicaState::Running);
    QVERIFY(m_app->request("a")->cold);
    worker(0).finish("a");
    QCOMPARE(m_succeeded, std::vector<std::string>{"a"});
    QCOMPARE(stateOf(0), ReplicaState::Idle);
}

void tst_app_runtime::runsRequestsInOrderOnOneReplica()
{
    m_app->setScaling(scaling(0, 1));
    for (const char* id : {"a", "b", "c"})
        m_app->enqueue(call(id));
    becomeReady(0);
    QCOMPARE(m_app->position("c"), 1);
    worker(0).finish("a");
    worker(0).finish("b");
    worker(0).finish("c");
    QCOMPARE(m_succeeded, (std::vector<std::string>{"a", "b", "c"}));
    QCOMPARE(m_launcher->workers.size(), std::size_t{1});
}

void tst_app_runtime::lowPriorityWaitsForNormal()
{
    m_app->setScaling(scaling(0, 1));
    m_app->enqueue(call("low", domain::Priority::Low));
    m_app->enqueue(call("normal"));
    QCOMPARE(m_app->position("low"), 1);
    becomeReady(0);
    QCOMPARE(worker(0).generated, std::vector<std::string>{"normal"});
}

void tst_app_runtime::growsToItsMaximumAndNotBeyond()
{
    for (int number = 0; number < 10; ++number)
        m_app->enqueue(call(std::to_string(number)));
    QCOMPARE(m_launcher->workers.size(), std::size_t{2});
    becomeReady(0);
    becomeReady(1);
    m_app->tick(wallClockNow());
    QCOMPARE(m_launcher->workers.size(), std::size_t{2});
    QCOMPARE(m_app->queueSize(), 8);
}

void tst_app_runtime::shrinksAfterKeepAlive()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    worker(0).finish("a");
    m_app->tick(wallClockNow() + 59s);
    QCOMPARE(stateOf(0), ReplicaState::Idle);
    m_app->tick(wallClockNow() + 61s);
    QCOMPARE(stateOf(0), ReplicaState::Terminating);
    QVERIFY(worker(0).drained);
    worker(0).stop();
    QCOMPARE(stateOf(0), ReplicaState::Terminated);
    QVERIFY(!m_app->hasLiveReplicas());
    m_app->enqueue(call("b"));
    QCOMPARE(m_launcher->workers.size(), std::size_t{2});
}

void tst_app_runtime::waitsForRequirements()
{
    m_provisioner->ready = false;
    m_app->enqueue(call("a"));
    QCOMPARE(stateOf(0), ReplicaState::Fetching);
    QCOMPARE(m_provisioner->wanted, std::vector<std::string>{"rev-1"});
    m_provisioner->complete("rev-1");
    QCOMPARE(stateOf(0), ReplicaState::Setup);
}

void tst_app_runtime::tellsWhyARequestWaits()
{
    m_app->setScaling(scaling(0, 1));
    m_app->enqueue(call("a"));
    m_app->enqueue(call("b"));
    Q_EMIT worker(0).loadProgressed({.stage = "vae", .bytesDone = 5, .bytesTotal = 10});
    QCOMPARE(m_app->waitingReason("a")->kind, WaitingReason::Kind::ReplicaLoading);
    QCOMPARE(m_app->waitingReason("a")->stage, std::string("vae"));
    becomeReady(0);
    QVERIFY(!m_app->waitingReason("a")); // runs
    QCOMPARE(m_app->waitingReason("b")->kind, WaitingReason::Kind::QueuedBehind);
    m_app->setPaused(true);
    QCOMPARE(m_app->waitingReason("b")->kind, WaitingReason::Kind::Paused);

    auto elsewhere = scaling();
    elsewhere.machineTypes = {"GPU-H100"};
    AppRuntime other("other", *m_environment);
    other.restore(revision("rev-9"), elsewhere, false);
    other.enqueue(call("c"));
    QCOMPARE(other.waitingReason("c")->kind, WaitingReason::Kind::NoMachine);
    QCOMPARE(other.waitingReason("c")->subject, std::string("GPU-H100"));

    auto large = scaling();
    large.machineTypes = {"L"};
    AppRuntime holder("holder", *m_environment);
    holder.restore(revision("rev-8"), large, false);
    holder.enqueue(call("d"));
    QCOMPARE(holder.waitingReason("d")->kind, WaitingReason::Kind::MachineTaken);
    QCOMPARE(holder.waitingReason("d")->subject, std::string("app"));
}

void tst_app_runtime::cancelsAQueuedRequest()
{
    m_app->enqueue(call("a"));
    QVERIFY(m_app->cancel("a"));
    QCOMPARE(m_failed.size(), std::size_t{1});
    QCOMPARE(m_failed[0].second.status, 499);
    QVERIFY(!m_app->cancel("a"));
    becomeReady(0);
    QVERIFY(worker(0).generated.empty());
}

void tst_app_runtime::cancelsARunningRequest()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    QVERIFY(m_app->cancel("a"));
    QCOMPARE(worker(0).cancelled, std::vector<std::string>{"a"});
    QVERIFY(m_failed.empty());
    worker(0).failWith("a", ErrorCode::Cancelled);
    QCOMPARE(m_failed[0].second.status, 499);
    QCOMPARE(stateOf(0), ReplicaState::Idle);
}

void tst_app_runtime::retriesWhenTheWorkerDies()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    QSignalSpy requeued(m_app.get(), &AppRuntime::requestRequeued);
    worker(0).stop(Error{ErrorCode::Unavailable, "killed", {}});
    QCOMPARE(requeued.size(), 1);
    QVERIFY(m_failed.empty());
    QCOMPARE(m_app->queueSize(), 1);
    m_app->tick(wallClockNow() + 1s);
    QCOMPARE(m_launcher->workers.size(), std::size_t{2});
    becomeReady(1);
    m_app->tick(wallClockNow() + 1s);
    QCOMPARE(worker(1).generated, std::vector<std::string>{"a"});
    QCOMPARE(m_app->request("a")->attempts, 2);
}

void tst_app_runtime::doesNotRetryARunRequest()
{
    auto live = call("a");
    live.request.via = domain::Via::Run;
    m_app->enqueue(live);
    becomeReady(0);
    worker(0).stop(Error{ErrorCode::Unavailable, "killed", {}});
    QCOMPARE(m_failed.size(), std::size_t{1});
    QCOMPARE(m_failed[0].second.status, 503);
}

void tst_app_runtime::backsOffAfterAFailedStart()
{
    m_app->setScaling(scaling(0, 1));
    m_app->enqueue(call("a"));
    worker(0).stop(Error{ErrorCode::Corrupt, "bad model", {}});
    QCOMPARE(stateOf(0), ReplicaState::CrashBackoff);
    QCOMPARE(m_app->waitingReason("a")->kind, WaitingReason::Kind::CrashLoop);
    QCOMPARE(m_app->waitingReason("a")->subject, std::string("bad model"));
    QVERIFY(m_machines->placements().empty());
    m_app->tick(wallClockNow() + 29s);
    QCOMPARE(m_launcher->workers.size(), std::size_t{1});
    m_app->tick(wallClockNow() + 31s);
    QCOMPARE(m_launcher->workers.size(), std::size_t{2});
    QCOMPARE(stateOf(0), ReplicaState::Setup);
}

void tst_app_runtime::failsWaitingRequestsAfterFiveFailedStarts()
{
    m_app->setScaling(scaling(0, 1));
    m_app->enqueue(call("a"));
    auto now = wallClockNow();
    for (std::size_t failure = 0; failure < 5; ++failure) {
        QVERIFY(m_failed.empty());
        worker(failure).stop(Error{ErrorCode::Corrupt, "bad model", {}});
        now += 700s;
        m_app->tick(now);
    }
    QCOMPARE(m_failed.size(), std::size_t{1});
    QCOMPARE(m_failed[0].second.errorType, std::string("runner_scheduling_failure"));
}

void tst_app_runtime::killsAWorkerThatStopsAnswering()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    worker(0).answersPings = false;
    const auto now = wallClockNow();
    for (auto later = 0s; later <= 30s; later += 2s)
        m_app->tick(now + later);
    QVERIFY(worker(0).killed);
    worker(0).stop(Error{ErrorCode::Unavailable, "killed", {}});
    QCOMPARE(m_app->queueSize(), 1);
}

void tst_app_runtime::endsARequestAtItsTimeout()
{
    auto values = scaling();
    values.requestTimeout = 5s;
    m_app->setScaling(values);
    auto live = call("a");
    live.request.noRetry = true;
    m_app->enqueue(live);
    becomeReady(0);
    m_app->tick(wallClockNow() + 6s);
    QVERIFY(worker(0).killed);
    worker(0).stop(Error{ErrorCode::Unavailable, "killed", {}});
    QCOMPARE(m_failed[0].second.status, 504);
    QCOMPARE(m_failed[0].second.errorType, std::string("request_timeout"));
}

void tst_app_runtime::endsARequestAtItsStartDeadline()
{
    auto live = call("a");
    live.request.startDeadline = wallClockNow() + 5s;
    m_app->enqueue(live);
    m_app->tick(wallClockNow() + 4s);
    QVERIFY(m_failed.empty());
    m_app->tick(wallClockNow() + 6s);
    QCOMPARE(m_failed[0].second.kind, domain::FailureKind::StartDeadline);
}

void tst_app_runtime::rollsToANewRevisionAndDrainsTheOld()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    QSignalSpy ended(m_app.get(), &AppRuntime::rolloutEnded);
    m_app->rollOut(revision("rev-2"), scaling(), Strategy::Rolling);
    QVERIFY(m_app->isRolling());
    QCOMPARE(m_app->revision()->id, std::string("rev-1"));
    becomeReady(1);
    QCOMPARE(ended.size(), 1);
    QCOMPARE(m_app->revision()->id, std::string("rev-2"));
    QCOMPARE(stateOf(0), ReplicaState::Draining); // "a" runs there
    m_app->enqueue(call("b"));
    QCOMPARE(worker(1).generated, std::vector<std::string>{"b"});
    worker(0).finish("a");
    QCOMPARE(stateOf(0), ReplicaState::Terminating);
    QCOMPARE(m_succeeded, std::vector<std::string>{"a"});
}

void tst_app_runtime::keepsTheOldRevisionWhenTheNewOneFails()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    std::optional<Error> reason;
    connect(m_app.get(), &AppRuntime::rolloutEnded, this, [&reason](const std::string&, const std::optional<Error>& told) { reason = told; });
    m_app->rollOut(revision("rev-2"), scaling(), Strategy::Rolling);
    worker(1).stop(Error{ErrorCode::Corrupt, "bad model", {}});
    QVERIFY(reason);
    QCOMPARE(reason->message, std::string("bad model"));
    QVERIFY(!m_app->isRolling());
    QCOMPARE(m_app->revision()->id, std::string("rev-1"));
    worker(0).finish("a");
    m_app->enqueue(call("b"));
    QCOMPARE(worker(0).generated.back(), std::string("b"));
}

void tst_app_runtime::makesRoomWhenTheMachineIsItsOwn()
{
    auto large = scaling();
    large.machineTypes = {"L"}; // 15 of 16 GB
    m_app->setScaling(large);
    m_app->enqueue(call("a"));
    becomeReady(0);
    worker(0).finish("a");
    m_app->rollOut(revision("rev-2"), large, Strategy::Rolling);
    QVERIFY(worker(0).drained);
    worker(0).stop();
    m_app->tick(wallClockNow());
    QCOMPARE(m_launcher->workers.size(), std::size_t{2});
    becomeReady(1);
    QCOMPARE(m_app->revision()->id, std::string("rev-2"));
}

void tst_app_runtime::recreateSwitchesAtOnce()
{
    m_app->rollOut(revision("rev-2"), scaling(), Strategy::Recreate);
    QCOMPARE(m_app->revision()->id, std::string("rev-2"));
    QVERIFY(m_launcher->workers.empty());
}

void tst_app_runtime::pauseKeepsRequestsWaiting()
{
    m_app->setPaused(true);
    m_app->enqueue(call("a"));
    QVERIFY(m_launcher->workers.empty());
    m_app->setPaused(false);
    QCOMPARE(m_launcher->workers.size(), std::size_t{1});
}

void tst_app_runtime::prefersTheReplicaThatServedTheHint()
{
    auto hinted = call("a");
    hinted.request.hint = "lora-7";
    m_app->enqueue(hinted);
    m_app->enqueue(call("b"));
    becomeReady(0);
    becomeReady(1);
    worker(0).finish("a");
    worker(1).finish("b");
    auto again = call("c");
    again.request.hint = "lora-7";
    m_app->enqueue(again);
    QCOMPARE(worker(0).generated.back(), std::string("c"));
}

void tst_app_runtime::multiplexesUpToTheLimit()
{
    auto values = scaling(0, 1);
    values.maxMultiplexing = 2;
    m_app->setScaling(values);
    for (const char* id : {"a", "b", "c"})
        m_app->enqueue(call(id));
    becomeReady(0);
    QCOMPARE(worker(0).generated, (std::vector<std::string>{"a", "b"}));
    worker(0).finish("b");
    QCOMPARE(worker(0).generated.back(), std::string("c"));
}

void tst_app_runtime::sigkillsAfterTheGracePeriod()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    worker(0).finish("a");
    QVERIFY(m_app->stopReplica(m_app->replicas().front().id, /*replace=*/false));
    QVERIFY(worker(0).terminated);
    m_app->tick(wallClockNow() + 4s);
    QVERIFY(!worker(0).killed);
    m_app->tick(wallClockNow() + 6s);
    QVERIFY(worker(0).killed);
    QVERIFY(!m_app->stopReplica("r-unknown", false));
}

void tst_app_runtime::givesTheMachineBack()
{
    m_app->enqueue(call("a"));
    QCOMPARE(m_machines->placements().size(), std::size_t{1});
    becomeReady(0);
    worker(0).finish("a");
    QVERIFY(m_app->killReplica(m_app->replicas().front().id));
    worker(0).stop();
    QVERIFY(m_machines->placements().empty());
}

void tst_app_runtime::requestsOutliveAShutDown()
{
    m_app->enqueue(call("a"));
    becomeReady(0);
    m_app->enqueue(call("b"));
    m_app->shutDown();
    worker(0).stop();
    QVERIFY(m_failed.empty());
    QCOMPARE(m_app->requests().size(), std::size_t{2});
}

QTEST_GUILESS_MAIN(tst_app_runtime)
#include "tst_app_runtime.moc"
