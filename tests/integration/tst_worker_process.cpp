// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/worker_process.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <csignal>
#include <memory>

using namespace tintype;
using runtime::WorkerProcess;

namespace {

/// A worker that follows a script (fake_worker.cpp), and all that it told.
class Run {
public:
    explicit Run(const char* script)
    {
        qputenv("TINTYPE_FAKE_WORKER", script);
        QObject::connect(&worker, &WorkerProcess::greeted, [this](const auto& hello) { build = hello.build; });
        QObject::connect(&worker, &WorkerProcess::loadProgressed, [this](const auto&) { ++loadSteps; });
        QObject::connect(&worker, &WorkerProcess::loaded, [this](const auto& given) { card = given; });
        QObject::connect(&worker, &WorkerProcess::progressed, [this](const auto&, const auto&) { ++steps; });
        QObject::connect(&worker, &WorkerProcess::finished, [this](const auto&, const auto& given) { result = given; });
        QObject::connect(&worker, &WorkerProcess::failed, [this](const auto&, const auto& given) { failure = given; });
        QObject::connect(&worker, &WorkerProcess::ponged, [this](quint64 number) { pong = number; });
        QObject::connect(&worker, &WorkerProcess::statsArrived, [this](const auto& given) { stats = given; });
        QObject::connect(&worker, &WorkerProcess::wroteLine, [this](const auto& line) { lines.push_back(line); });
        QObject::connect(&worker, &WorkerProcess::stopped, [this](const auto& given) {
            ++stops;
            reason = given;
        });
        worker.start();
    }

    void loadAndGenerate(int numImages = 1)
    {
        GenerateRequest input;
        input.prompt = "a red circle";
        input.numImages = numImages;
        QVERIFY(worker.load({.model = "fake", .variant = {}, .schedulerOverrides = {}}));
        QVERIFY(worker.generate("a", input));
    }

    std::string stopMessage()
    {
        if (!QTest::qWaitFor([this] { return stops > 0; }))
            return "it runs on";
        return reason ? reason->message : "";
    }

    WorkerProcess worker{QString::fromUtf8(FAKE_WORKER)};
    std::string build;
    int loadSteps = 0;
    int steps = 0;
    std::optional<ModelCard> card;
    std::optional<GenerateResult> result;
    std::optional<Error> failure;
    std::optional<quint64> pong;
    std::optional<protocol::Stats> stats;
    std::vector<std::string> lines;
    int stops = 0;
    std::optional<Error> reason;
};

} // namespace

class TestWorkerProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsAProgramThatCannotBeStarted()
    {
        WorkerProcess worker(QStringLiteral("/nonexistent/tintype-worker"));
        std::optional<Error> reason;
        int stops = 0;
        connect(&worker, &WorkerProcess::stopped, this, [&](const auto& given) {
            ++stops;
            reason = given;
        });
        worker.start();
        QTRY_COMPARE(stops, 1);
        QVERIFY(reason.has_value());
        QVERIFY(reason->message.starts_with("/nonexistent/tintype-worker: cannot be started: "));
    }

    void exitTellsTheReason_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* script, const char* message) {
            QTest::newRow(script) << QByteArray(script) << QString::fromUtf8(message);
        };
        row("start=exit:0", "the worker ended before it was asked to");
        row("start=exit:3", "the worker exited with code 3");
        row("start=exit:64", "the worker was started with arguments that it does not know");
        row("start=exit:65", "the worker could not load the model");
        row("start=exit:70 say=oops", "the worker failed; its last words: oops");
        row("start=exit:73", "the worker did not understand what it was sent");
        row("start=exit:127 say=libc10.so", "the worker cannot run; its last words: libc10.so");
        row("start=version", "the worker speaks protocol 99, this program 1: install both from one build");
        row("start=garbage", "the worker's answer cannot be read: frame: unknown type 101");
        row("load=exit:71", "the worker ran out of memory");
        row("generate=exit:72", "the worker lost its device");
        row("generate=signal:6", "the worker crashed: signal 6 (Aborted)"); // one that sanitizers leave alone
        row("generate=signal:9", "the worker was killed; the system does this when memory runs out");
        row("generate=half-frame",
            "the worker's answer cannot be read: frame: the stream ended in the middle of a frame, 16 bytes into it");
        row("generate=garbage", "the worker's answer cannot be read: frame: unknown type 101");
    }

    void exitTellsTheReason()
    {
        QFETCH(QByteArray, script);
        QFETCH(QString, message);
        Run run(script.constData());
        run.loadAndGenerate();
        QCOMPARE(QString::fromStdString(run.stopMessage()), message);
        QCOMPARE(run.stops, 1);
    }

    void carriesALoadAndARequest()
    {
        Run run("steps=4 image_bytes=300000 say=hello");
        run.loadAndGenerate(3);
        QTRY_VERIFY(run.result.has_value());
        QCOMPARE(run.build, std::string("fake"));
        QCOMPARE(run.card->family, std::string("fake"));
        QCOMPARE(run.loadSteps, 2);
        QCOMPARE(run.steps, 4);
        QCOMPARE(run.result->images.size(), 3U);
        QCOMPARE(run.result->images[2].bytes.size(), 300000U);
        QTRY_COMPARE(run.lines, std::vector<std::string>{"hello"}); // what it prints does not disturb the frames
    }

    void tellsFailuresAndGoesOn()
    {
        Run run("generate=fail:invalid_argument");
        run.loadAndGenerate();
        QTRY_VERIFY(run.failure.has_value());
        QCOMPARE(run.failure->code, ErrorCode::InvalidArgument);
        QVERIFY(run.worker.isRunning());
    }

    void cancelsWithinAStep()
    {
        Run run("steps=1000 step_ms=20");
        run.loadAndGenerate();
        QTRY_VERIFY(run.steps >= 2);
        run.worker.cancel("a");
        const int steps = run.steps;
        QTRY_VERIFY(run.failure.has_value());
        QCOMPARE(run.failure->code, ErrorCode::Cancelled);
        QVERIFY(run.steps <= steps + 2);
    }

    void pongsAndStatsComeWhileItComputes()
    {
        Run run("generate=hang");
        run.loadAndGenerate();
        run.worker.ping(7);
        run.worker.requestStats();
        QTRY_COMPARE(run.pong, std::optional<quint64>(7));
        QTRY_VERIFY(run.stats.has_value());
    }

    void drainsAndEndsWell()
    {
        Run run("steps=3 step_ms=10");
        run.loadAndGenerate();
        run.worker.drain();
        QCOMPARE(run.stopMessage(), std::string());
        QVERIFY(run.result.has_value());
    }

    void sigtermDrains()
    {
        Run run("steps=3 step_ms=10");
        run.loadAndGenerate();
        QTRY_VERIFY(run.steps > 0);
        ::kill(static_cast<pid_t>(run.worker.processId()), SIGTERM);
        run.stopMessage();
        QVERIFY(run.result.has_value());
    }

    void closedInputEndsEvenAHungStep()
    {
        Run run("generate=hang");
        run.loadAndGenerate();
        QTRY_VERIFY(run.card.has_value());
        run.worker.closeInput();
        QCOMPARE(run.stopMessage(), std::string());
    }

    void refusesTextThatIsNotUtf8()
    {
        Run run("");
        GenerateRequest input;
        input.prompt = "\xff";
        QCOMPARE(run.worker.generate("a", input).error().code, ErrorCode::InvalidArgument);
    }

    void destructionIsQuickWhateverTheWorkerDoes()
    {
        auto run = std::make_unique<Run>("start=hang");
        run->loadAndGenerate();
        QElapsedTimer timer;
        timer.start();
        run.reset();
        QVERIFY(timer.elapsed() < 1000);
    }
};

QTEST_GUILESS_MAIN(TestWorkerProcess)
#include "tst_worker_process.moc"
