// SPDX-License-Identifier: Apache-2.0
#include "worker_fixture.h"

#include <QTest>
#include <limits>

using namespace tintype;
using namespace tintype::protocol;
using test::Gate;
using test::gated;
using test::ScriptedCompute;
using test::WorkerFixture;

namespace {

using ProgressObserver = worker::Compute::ProgressObserver;

} // namespace

class TestWorkerLoop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- loading

    void refusesGenerateBeforeLoad()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.send(Hello{});
        worker.generate("a");
        worker.expectFailed("a", ErrorCode::Conflict);
    }

    void refusesASecondLoad()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.send(Load{});
        worker.expectFailed("", ErrorCode::Conflict);
    }

    void keepsAGenerateUntilTheModelIsLoaded()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.send(Hello{});
        worker.send(Load{});
        worker.generate("a");
        worker.expect<LoadProgressed>();
        worker.expect<Loaded>();
        QCOMPARE(worker.expect<Finished>().request, std::string("a"));
    }

    // ---- requests

    void sendsProgressThenTheResult()
    {
        ScriptedCompute compute;
        compute.onGenerate = [](const GenerateRequest& request, const ProgressObserver& observer, std::stop_token) {
            Progress progress;
            progress.steps = 2;
            for (progress.step = 1; progress.step <= 2; ++progress.step)
                observer(progress);
            GenerateResult result;
            result.seed = request.seed.value_or(0);
            return Result<GenerateResult>(result);
        };
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        Generate generate{.request = "a", .input = {}};
        generate.input.seed = 7;
        worker.send(generate);
        QCOMPARE(worker.expect<Progressed>().progress.step, 1);
        QCOMPARE(worker.expect<Progressed>().progress.step, 2);
        const auto finished = worker.expect<Finished>();
        QCOMPARE(finished.request, std::string("a"));
        QCOMPARE(finished.result.seed, 7U);
    }

    void hearsCancelWhileComputing()
    {
        Gate gate;
        ScriptedCompute compute = gated(gate);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        gate.waitUntilEntered();
        worker.send(Cancel{"another"});
        worker.send(Cancel{"a"});
        worker.expectFailed("a", ErrorCode::Cancelled);
        gate.open();
        worker.generate("b");
        QCOMPARE(worker.expect<Finished>().request, std::string("b"));
    }

    void cancelsAWaitingRequest()
    {
        Gate gate;
        ScriptedCompute compute = gated(gate);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        gate.waitUntilEntered();
        worker.generate("b");
        worker.send(Cancel{"b"});
        worker.expectFailed("b", ErrorCode::Cancelled);
        gate.open();
        QCOMPARE(worker.expect<Finished>().request, std::string("a"));
    }

    void refusesMoreRequestsThanMultiplexingAllows()
    {
        constexpr int kMost = 64; // max_multiplexing's limit
        Gate gate;
        ScriptedCompute compute = gated(gate);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("0");
        gate.waitUntilEntered();
        for (int number = 1; number < kMost; ++number)
            worker.generate(std::to_string(number));
        worker.generate("too many");
        worker.expectFailed("too many", ErrorCode::Unavailable);
        gate.open();
        for (int number = 0; number < kMost; ++number)
            QCOMPARE(worker.expect<Finished>().request, std::to_string(number));
    }

    void takesTheNextRequestAsSoonAsAnAnswerIsRead()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("0");
        constexpr int kRequests = 500;
        for (int number = 1; number < kRequests; ++number) {
            worker.generate(std::to_string(number));
            QCOMPARE(worker.expect<Finished>().request, std::to_string(number - 1));
        }
    }

    void answersPingAndStatsWhileComputing()
    {
        Gate gate;
        ScriptedCompute compute = gated(gate);
        WorkerFixture worker(compute);
        worker.send(Hello{});
        worker.send(StatsRequest{});
        QCOMPARE(worker.expect<Stats>().state, WorkerState::Starting);
        worker.greetAndLoad();
        worker.send(StatsRequest{});
        QCOMPARE(worker.expect<Stats>().state, WorkerState::Ready);
        worker.generate("a");
        gate.waitUntilEntered();
        worker.send(Ping{42});
        QCOMPARE(worker.expect<Pong>().number, 42U);
        worker.send(StatsRequest{});
        QCOMPARE(worker.expect<Stats>().state, WorkerState::Busy);
        gate.open();
        worker.expect<Finished>();
        worker.send(StatsRequest{});
        const auto stats = worker.expect<Stats>();
        QCOMPARE(stats.state, WorkerState::Ready);
        QCOMPARE(stats.requestsDone, 1U);
        QVERIFY((stats.memory == MemoryUse{.used = 1, .peak = 2, .free = 3}));
    }

    void tellsAResultThatNoFrameCarries()
    {
        ScriptedCompute compute;
        compute.onGenerate = [](const GenerateRequest&, const ProgressObserver&, std::stop_token) {
            GenerateResult result;
            result.guidanceScale = std::numeric_limits<double>::infinity();
            return Result<GenerateResult>(result);
        };
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        worker.expectFailed("a", ErrorCode::InvalidArgument);
    }

    void turnsExceptionsIntoFailures()
    {
        ScriptedCompute compute;
        compute.onGenerate = [](const GenerateRequest&, const ProgressObserver&,
                                 std::stop_token) -> Result<GenerateResult> { throw std::runtime_error("scripted"); };
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        worker.expectFailed("a", ErrorCode::Internal);
    }
};

QTEST_GUILESS_MAIN(TestWorkerLoop)
#include "tst_worker_loop.moc"
