// SPDX-License-Identifier: Apache-2.0
// Every way in which a worker ends, and its exit code.
#include "worker_fixture.h"

#include <QTest>

using namespace tintype;
using namespace tintype::protocol;
using test::Gate;
using test::gated;
using test::ScriptedCompute;
using test::WorkerFixture;

Q_DECLARE_METATYPE(tintype::ErrorCode)
Q_DECLARE_METATYPE(tintype::protocol::ExitCode)

namespace {

using ProgressObserver = worker::Compute::ProgressObserver;

ScriptedCompute failing(ErrorCode code)
{
    ScriptedCompute compute;
    compute.onGenerate = [code](const GenerateRequest&, const ProgressObserver&, std::stop_token) {
        return Result<GenerateResult>(fail(code, "scripted"));
    };
    return compute;
}

} // namespace

class TestWorkerEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- malformed first

    void endsOnGarbage()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.sendBytes(std::vector<std::uint8_t>(100, 'x'));
        worker.expectFailed("", ErrorCode::Protocol);
        QCOMPARE(worker.exitCode(), ExitCode::Protocol);
    }

    void endsOnAMessageBeforeHello()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.send(Ping{1});
        const Failed failed = worker.expectFailed("", ErrorCode::Protocol);
        QCOMPARE(failed.error.message, std::string("the first frame is not hello"));
        QCOMPARE(worker.exitCode(), ExitCode::Protocol);
    }

    void endsOnAnotherProtocolVersion()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.send(Hello{.protocol = 99, .build = {}, .device = {}});
        worker.expectFailed("", ErrorCode::Protocol);
        QCOMPARE(worker.exitCode(), ExitCode::Protocol);
    }

    void endsOnAMessageOfAWorker()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.send(Hello{});
        worker.send(Pong{1});
        worker.expectFailed("", ErrorCode::Protocol);
        QCOMPARE(worker.exitCode(), ExitCode::Protocol);
    }

    void tellsAnInputThatEndsWithinAFrame()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.sendBytes({1, 2, 3});
        worker.closeInput();
        QCOMPARE(worker.exitCode(), ExitCode::Protocol);
    }

    // ---- the model

    void exitCodeTellsWhyLoadingFailed_data()
    {
        QTest::addColumn<ErrorCode>("error");
        QTest::addColumn<ExitCode>("exit");
        QTest::newRow("not found") << ErrorCode::NotFound << ExitCode::BadModel;
        QTest::newRow("corrupt") << ErrorCode::Corrupt << ExitCode::BadModel;
        QTest::newRow("unsupported") << ErrorCode::Unsupported << ExitCode::BadModel;
        QTest::newRow("invalid argument") << ErrorCode::InvalidArgument << ExitCode::BadModel;
        QTest::newRow("out of memory") << ErrorCode::OutOfMemory << ExitCode::OutOfMemory;
        QTest::newRow("device lost") << ErrorCode::DeviceLost << ExitCode::DeviceLost;
        QTest::newRow("internal") << ErrorCode::Internal << ExitCode::Internal;
    }

    void exitCodeTellsWhyLoadingFailed()
    {
        QFETCH(ErrorCode, error);
        QFETCH(ExitCode, exit);
        ScriptedCompute compute;
        compute.onLoad = [error](std::stop_token) { return Result<ModelCard>(fail(error, "scripted")); };
        WorkerFixture worker(compute);
        worker.send(Hello{});
        worker.send(Load{});
        worker.expect<LoadProgressed>();
        worker.expectFailed("", error);
        QCOMPARE(worker.exitCode(), exit);
    }

    void cancelsALoad()
    {
        ScriptedCompute compute;
        compute.onLoad = [](std::stop_token stop) -> Result<ModelCard> {
            while (!stop.stop_requested())
                std::this_thread::yield();
            return fail(ErrorCode::Cancelled, "cancelled");
        };
        WorkerFixture worker(compute);
        worker.send(Hello{});
        worker.send(Load{});
        worker.expect<LoadProgressed>();
        worker.send(Cancel{});
        worker.expectFailed("", ErrorCode::Cancelled);
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    // ---- failures that the process does not survive

    void endsAfterADeviceIsLost()
    {
        ScriptedCompute compute = failing(ErrorCode::DeviceLost);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        worker.expectFailed("a", ErrorCode::DeviceLost);
        QCOMPARE(worker.exitCode(), ExitCode::DeviceLost);
    }

    void endsAfterTheSecondOutOfMemoryWithinAMinute()
    {
        ScriptedCompute compute = failing(ErrorCode::OutOfMemory);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        worker.expectFailed("a", ErrorCode::OutOfMemory);
        worker.generate("b");
        worker.expectFailed("b", ErrorCode::OutOfMemory);
        QCOMPARE(worker.exitCode(), ExitCode::OutOfMemory);
    }

    void survivesOutOfMemoryOnceInAWhile()
    {
        std::atomic<int> seconds = 0;
        worker::LoopOptions options;
        options.now = [&seconds] { return std::chrono::steady_clock::time_point(std::chrono::seconds(seconds)); };
        ScriptedCompute compute = failing(ErrorCode::OutOfMemory);
        WorkerFixture worker(compute, std::move(options));
        worker.greetAndLoad();
        for (const char* request : {"a", "b", "c"}) {
            seconds += 61;
            worker.generate(request);
            worker.expectFailed(request, ErrorCode::OutOfMemory);
        }
        worker.send(Drain{});
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    // ---- ends

    void drainsWhatItAccepted()
    {
        Gate gate;
        ScriptedCompute compute = gated(gate);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        gate.waitUntilEntered();
        worker.generate("b");
        worker.send(Drain{});
        worker.generate("c");
        worker.expectFailed("c", ErrorCode::Unavailable);
        worker.send(StatsRequest{});
        QCOMPARE(worker.expect<Stats>().state, WorkerState::Draining);
        gate.open();
        worker.expect<Finished>();
        worker.expect<Finished>();
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    void drainsOnTheSignal()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.signalDrain();
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    void endsWithItsInput()
    {
        ScriptedCompute compute;
        WorkerFixture worker(compute);
        worker.closeInput();
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    void stopsComputingWhenItsInputEnds()
    {
        Gate gate;
        ScriptedCompute compute = gated(gate);
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        gate.waitUntilEntered();
        worker.closeInput();
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    void stopsComputingWhenNobodyReads()
    {
        ScriptedCompute compute;
        compute.onGenerate = [](const GenerateRequest&, const ProgressObserver& observer, std::stop_token stop) {
            while (!stop.stop_requested())
                observer({});
            return Result<GenerateResult>(fail(ErrorCode::Cancelled, "cancelled"));
        };
        WorkerFixture worker(compute);
        worker.greetAndLoad();
        worker.generate("a");
        worker.closeOutput();
        QCOMPARE(worker.exitCode(), ExitCode::Clean);
    }

    void abandonsAStepThatDoesNotEnd()
    {
        Gate gate;
        ScriptedCompute compute;
        compute.onGenerate = [&gate](const GenerateRequest&, const ProgressObserver&, std::stop_token) {
            return gate.pass({});
        };
        std::promise<ExitCode> abandoned;
        worker::LoopOptions options;
        options.stopGrace = std::chrono::milliseconds(1);
        options.abandon = [&](ExitCode code) {
            abandoned.set_value(code);
            gate.open();
        };
        WorkerFixture worker(compute, std::move(options));
        worker.greetAndLoad();
        worker.generate("a");
        gate.waitUntilEntered();
        worker.closeInput();
        QCOMPARE(abandoned.get_future().get(), ExitCode::Clean);
        worker.exitCode();
    }
};

QTEST_GUILESS_MAIN(TestWorkerEnd)
#include "tst_worker_end.moc"
