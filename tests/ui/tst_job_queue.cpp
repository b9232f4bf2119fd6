// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_control.h"
#include "ui/models/job_queue.h"
#include "ui/models/job_text.h"

#include <QAbstractItemModelTester>
#include <QHash>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <memory>

using namespace tintype;
using namespace tintype::ui;
using test::FakeControl;

namespace {

control::AppInfo appOf(const char* name)
{
    control::AppInfo app;
    app.name = name;
    app.revision = "abcdef0123456789";
    return app;
}

/// A host with a recording Control.
struct FakeHost {
    explicit FakeHost(const char* name)
    {
        auto made = std::make_unique<FakeControl>();
        control = made.get();
        control->appList = {appOf("shapes")};
        target = std::make_unique<Target>(QLatin1String(name), control::HostAddress{}, false, std::move(made));
        target->start();
    }
    bool isReady() const { return target->hostInfo() && !target->apps().empty(); }

    FakeControl* control;
    std::unique_ptr<Target> target;
};

Generation callOf(const char* prompt)
{
    Generation call;
    call.app = QStringLiteral("shapes");
    call.endpoint = QStringLiteral("/");
    call.input = QStringLiteral("{\"prompt\":\"%1\"}").arg(QLatin1String(prompt));
    return call;
}

QStringList promptsOf(const JobQueue& jobs)
{
    QStringList prompts;
    for (int row = 0; row < jobs.rowCount(); ++row)
        prompts += jobs.index(row).data().toString();
    return prompts;
}

} // namespace

/// Calls run one after another per host, in the order the user gave them, and each ends in exactly one signal.
class TestJobQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_host = std::make_unique<FakeHost>("This machine");
        QTRY_VERIFY(m_host->isReady());
        m_jobs = std::make_unique<JobQueue>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_jobs.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup()
    {
        m_tester.reset();
        m_jobs.reset();
        m_host.reset();
    }

    void runsAndFetchesPictures()
    {
        control().callAnswer = {"{\"images\":[{\"url\":\"http://h/1.png\"},{\"url\":\"data:image/png;base64,QUI=\"}],\"seed\":7,\"timings\":{\"total\":2.5}}", "r-1"};
        control().files["http://h/1.png"] = {"one", "image/png"};
        QSignalSpy started(m_jobs.get(), &JobQueue::started);
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        const QString id = m_jobs->add(target(), callOf("a"));
        QCOMPARE(started.count(), 0); // never from inside add()
        QTRY_COMPARE(finished.count(), 1);
        const auto generation = finished.front().front().value<Generation>();
        QCOMPARE(generation.id, id);
        QCOMPARE(generation.error, QString());
        QCOMPARE(generation.pictures, (QVector<QByteArray>{"one", "AB"}));
        QCOMPARE(generation.seed.value_or(0), 7ULL);
        QCOMPARE(generation.totalSeconds, 2.5);
        QCOMPARE(generation.requestId, QStringLiteral("r-1"));
        QCOMPARE(generation.target, QStringLiteral("This machine"));
        QCOMPARE(generation.revision, QStringLiteral("abcdef0123456789"));
        QCOMPARE(control().calledWith.front().endpoint, std::string("local/shapes"));
        QCOMPARE(control().calledWith.front().tag, id.toStdString());
        QCOMPARE(m_jobs->rowCount(), 0);
    }

    void pathsBecomePartOfTheEndpoint()
    {
        Generation call = callOf("a");
        call.endpoint = QStringLiteral("/fast/hd");
        m_jobs->add(target(), call);
        QTRY_COMPARE(control().calledWith.size(), std::size_t{1});
        QCOMPARE(control().calledWith.front().endpoint, std::string("local/shapes/fast/hd"));
    }

    void oneAtATimePerHost()
    {
        FakeHost other("Other");
        QTRY_VERIFY(other.isReady());
        control().holds = other.control->holds = true;
        for (const char* prompt : {"a", "b", "c"})
            m_jobs->add(target(), callOf(prompt));
        m_jobs->add(*other.target, callOf("d"));
        QTRY_COMPARE(other.control->calledWith.size(), std::size_t{1});
        QCOMPARE(control().calledWith.size(), std::size_t{1});
        QCOMPARE(promptsOf(*m_jobs), (QStringList{QStringLiteral("a"), QStringLiteral("d"), QStringLiteral("b"), QStringLiteral("c")}));
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        control().release();
        other.control->release();
        QTRY_COMPARE(finished.count(), 4);
        QCOMPARE(control().calledWith.size(), std::size_t{3});
    }

    void waitingOnesMove_data()
    {
        QTest::addColumn<char>("what");
        QTest::addColumn<int>("row");
        QTest::addColumn<QString>("order");
        QTest::newRow("down") << 'b' << 3 << "acdb";
        QTest::newRow("up") << 'd' << 1 << "adbc";
        QTest::newRow("above the running one") << 'c' << 0 << "acbd";
        QTest::newRow("beyond the end") << 'b' << 99 << "acdb";
        QTest::newRow("where it is") << 'c' << 2 << "abcd";
        QTest::newRow("the running one stays") << 'a' << 3 << "abcd";
    }
    void waitingOnesMove()
    {
        QFETCH(char, what);
        QFETCH(int, row);
        const QHash<char, QString> ids = addHeld("abcd");
        m_jobs->move(ids[what], row);
        QTEST(promptsOf(*m_jobs).join(QString()), "order");
    }

    void dropMoves()
    {
        const QHash<char, QString> ids = addHeld("abcd");
        const std::unique_ptr<QMimeData> data(m_jobs->mimeData({m_jobs->index(1)}));
        QVERIFY(m_jobs->dropMimeData(data.get(), Qt::MoveAction, 3, 0, {}));
        QCOMPARE(promptsOf(*m_jobs).join(QString()), QStringLiteral("acbd"));
        QMimeData foreign;
        foreign.setText(QStringLiteral("abc"));
        QVERIFY(!m_jobs->dropMimeData(&foreign, Qt::MoveAction, 1, 0, {}));
        QVERIFY(!m_jobs->flags(m_jobs->index(0)).testFlag(Qt::ItemIsDragEnabled));
    }

    void cancelWaiting()
    {
        const QHash<char, QString> ids = addHeld("abc");
        QSignalSpy cancelled(m_jobs.get(), &JobQueue::cancelled);
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        m_jobs->cancel(ids['b']);
        QCOMPARE(cancelled.count(), 1);
        QCOMPARE(control().count("stopCall"), 0);
        control().release();
        QTRY_COMPARE(finished.count(), 2);
        QCOMPARE(cancelled.count(), 1);
    }

    void cancelRunningStopsTheCallAndGoesOn()
    {
        const QHash<char, QString> ids = addHeld("ab");
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        QSignalSpy cancelled(m_jobs.get(), &JobQueue::cancelled);
        m_jobs->cancel(ids['a']);
        QCOMPARE(control().calls.back(), "streamCall local/shapes"); // the next one
        QCOMPARE(control().count("stopCall " + ids['a'].toStdString()), 1);
        control().release(); // the answer of the cancelled one is nobody's
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished.front().front().value<Generation>().id, ids['b']);
        QCOMPARE(cancelled.count(), 1);
        m_jobs->cancel(ids['a']);
        m_jobs->cancel(QStringLiteral("nobody"));
        QCOMPARE(cancelled.count(), 1);
    }

    void cancelAllStartsNone()
    {
        addHeld("abc");
        m_jobs->cancelAll();
        QCOMPARE(m_jobs->rowCount(), 0);
        QCOMPARE(control().calledWith.size(), std::size_t{1});
    }

    void failureTellsWhy()
    {
        control().failures["streamCall"] = {ErrorCode::OutOfMemory, "no room on the device", {}};
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        m_jobs->add(target(), callOf("a"));
        m_jobs->add(target(), callOf("b"));
        QTRY_COMPARE(finished.count(), 2); // the next one is tried
        QCOMPARE(finished.front().front().value<Generation>().error, QStringLiteral("no room on the device"));
    }

    void pictureThatCannotBeFetched_data()
    {
        QTest::addColumn<QString>("url");
        QTest::newRow("gone") << QStringLiteral("http://h/gone.png");
        QTest::newRow("damaged data") << QStringLiteral("data:image/png;base64,####");
    }
    void pictureThatCannotBeFetched()
    {
        QFETCH(QString, url);
        control().callAnswer.output = QStringLiteral(R"({"images":[{"url":"data:image/png;base64,QUI="},{"url":"%1"}]})").arg(url).toStdString();
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        m_jobs->add(target(), callOf("a"));
        QTRY_COMPARE(finished.count(), 1);
        const auto generation = finished.front().front().value<Generation>();
        QVERIFY(!generation.error.isEmpty());
        QVERIFY(generation.pictures.isEmpty());
        QVERIFY(!generation.output.isEmpty());
    }

    void answerWithoutPictures()
    {
        control().callAnswer.output = "no JSON at all";
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        m_jobs->add(target(), callOf("a"));
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished.front().front().value<Generation>().output, QStringLiteral("no JSON at all"));
        QCOMPARE(finished.front().front().value<Generation>().error, QString());
    }

    void progressIsOfItsCallOnly()
    {
        const QHash<char, QString> ids = addHeld("a");
        QSignalSpy progressed(m_jobs.get(), &JobQueue::progressed);
        control().progress("somebody", {1, 4, 0, {}});
        QCOMPARE(progressed.count(), 0);
        control().progress(ids['a'].toStdString(), {2, 4, 0.5, {}});
        QCOMPARE(progressed.count(), 1);
        QCOMPARE(m_jobs->find(ids['a'])->progress.step, 2);
        const JobStatus status = jobStatus(*m_jobs->find(ids['a']), {}, wallClockNow());
        QCOMPARE(status.text, QStringLiteral("Step 2 of 4"));
        QCOMPARE(status.share, 0.5);
    }

    void reasonComesFromTheHost()
    {
        const QHash<char, QString> ids = addHeld("a");
        control::RequestInfo request;
        request.id = "r-9";
        request.app = "other";
        request.endpoint = "/";
        request.state = "queued";
        request.reason = "all replicas are busy";
        QSignalSpy reasons(m_jobs.get(), &JobQueue::reasonChanged);
        control().tell(control::RequestChanged{request});
        QCOMPARE(reasons.count(), 0);
        request.app = "shapes";
        control().tell(control::RequestChanged{request});
        QCOMPARE(reasons.count(), 1);
        QCOMPARE(jobStatus(*m_jobs->find(ids['a']), {}, wallClockNow()).text, QStringLiteral("all replicas are busy"));
        request.id = "r-10"; // of somebody else
        request.reason = "other reason";
        control().tell(control::RequestChanged{request});
        QCOMPARE(m_jobs->find(ids['a'])->reason, QStringLiteral("all replicas are busy"));
    }

    void startingReplicaIsTold()
    {
        const QHash<char, QString> ids = addHeld("a");
        domain::ReplicaInfo replica;
        replica.app = "shapes";
        replica.state = domain::ReplicaState::Setup;
        replica.setup = {"transformer", 4'000'000, 8'000'000, 3};
        const JobStatus status = jobStatus(*m_jobs->find(ids['a']), {replica}, wallClockNow());
        QCOMPARE(status.text, QStringLiteral("Starting shapes: transformer"));
        QCOMPARE(status.share, 0.5);
        QVERIFY(status.detail.contains(QLatin1String("of 8")));
    }

    void hostThatIsRemovedFailsItsJobs()
    {
        addHeld("ab");
        QSignalSpy finished(m_jobs.get(), &JobQueue::finished);
        m_host->target.reset();
        QCOMPARE(finished.count(), 2);
        QVERIFY(!finished.front().front().value<Generation>().error.isEmpty());
        QCOMPARE(m_jobs->rowCount(), 0);
    }

    void endOfTheQueueStopsWhatRuns()
    {
        const QHash<char, QString> ids = addHeld("ab");
        m_tester.reset();
        m_jobs.reset();
        QCOMPARE(control().count("stopCall"), 1);
        control().release(); // its answer finds nobody
        QTest::qWait(1);
    }

private:
    FakeControl& control() { return *m_host->control; }
    Target& target() { return *m_host->target; }

    /// Jobs of one letter each, the first of which runs and gets no answer until release().
    QHash<char, QString> addHeld(const char* letters)
    {
        control().holds = true;
        QHash<char, QString> ids;
        for (const char* letter = letters; *letter; ++letter)
            ids.insert(*letter, m_jobs->add(target(), callOf(std::string(1, *letter).c_str())));
        if (!QTest::qWaitFor([this] { return !control().calledWith.empty(); }))
            QTest::qFail("the first job does not start", __FILE__, __LINE__);
        return ids;
    }

    std::unique_ptr<FakeHost> m_host;
    std::unique_ptr<JobQueue> m_jobs;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_MAIN(TestJobQueue)
#include "tst_job_queue.moc"
