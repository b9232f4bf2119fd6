// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/commands/run_commands.h"

#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using State = RunSession::State;

/// Run and Stop, from the press to the end, on a Control that does as the test says.
class TestRunSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        addRunCommands(m_fixture->studio);
        QFile file(m_fixture->folder.filePath(QStringLiteral("app.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("name: shapes\nrequirements: [hf:a/b]\nsetup: {model: hf:a/b}\n");
        file.close();
        QVERIFY(m_fixture->workspace.open(file.fileName()));
        m_fixture->control().receipt = {.app = "shapes-run", .revision = "abc", .number = 1, .isNewRevision = true, .urls = {}, .status = "rolling_out"};
        QTRY_VERIFY(m_fixture->target().isConnected());
    }
    void cleanup() { m_fixture.reset(); }

    void runsAsATemporaryAppUntilStop()
    {
        QSignalSpy states(&m_fixture->run, &RunSession::stateChanged);
        trigger("run.start");
        QTRY_COMPARE(m_fixture->run.state(), State::Starting);
        QVERIFY(m_fixture->control().deployments.back().ephemeral);
        QCOMPARE(m_fixture->control().count("holdLease"), 1);

        tellStage("transformer", 10, 100);
        tellStage("transformer", 100, 100);
        tellStage("warm-up", 0, 0);
        QCOMPARE(m_fixture->run.stages().back().name, QStringLiteral("warm-up"));
        QVERIFY(m_fixture->run.stages()[m_fixture->run.stages().size() - 2].isDone);
        m_fixture->control().tell(control::RolloutEnded{"shapes-run", "abc", {}});
        QCOMPARE(m_fixture->run.state(), State::Running);
        QCOMPARE(m_fixture->run.lastStages().size(), m_fixture->run.stages().size());

        trigger("run.stop");
        QTRY_COMPARE(m_fixture->run.state(), State::Stopped);
        QCOMPARE(m_fixture->control().count("endLease"), 1);
        QCOMPARE(m_fixture->control().count("deleteApp"), 1);
        QVERIFY(states.count() >= 5);
    }

    void aRolloutThatFailsSaysWhy()
    {
        trigger("run.start");
        QTRY_COMPARE(m_fixture->run.state(), State::Starting);
        m_fixture->control().tell(control::RolloutEnded{"other", "x", Error{ErrorCode::Internal, "not ours", {}}});
        QCOMPARE(m_fixture->run.state(), State::Starting);
        m_fixture->control().tell(control::RolloutEnded{"shapes-run", "abc", Error{ErrorCode::OutOfMemory, "the model needs 24 GB, 8 GB are free", {}}});
        QCOMPARE(m_fixture->run.state(), State::Failed);
        QCOMPARE(m_fixture->run.error()->message, std::string("the model needs 24 GB, 8 GB are free"));
        QVERIFY(m_fixture->run.lastStages().empty());
    }

    void aHostThatRefusesTheDeploymentSaysWhy()
    {
        m_fixture->control().failures["deploy"] = Error{ErrorCode::Unauthorized, "the key is not known", {}};
        trigger("run.start");
        QTRY_COMPARE(m_fixture->run.state(), State::Failed);
        QCOMPARE(m_fixture->run.error()->message, std::string("the key is not known"));
        m_fixture->control().failures.clear();
        trigger("run.start"); // and it may be tried again
        QTRY_COMPARE(m_fixture->run.state(), State::Starting);
    }

    void aLeaseThatBreaksEndsTheRun()
    {
        trigger("run.start");
        QTRY_COMPARE(m_fixture->run.state(), State::Starting);
        m_fixture->control().tell(control::RolloutEnded{"shapes-run", "abc", {}});
        m_fixture->control().breakLease("shapes-run", {ErrorCode::Unavailable, "the host went away", {}});
        QCOMPARE(m_fixture->run.state(), State::Failed);
    }

    void stopWhileItIsPushed()
    {
        m_fixture->control().holds = true;
        trigger("run.start");
        QTRY_VERIFY(m_fixture->run.state() == State::Uploading || m_fixture->run.state() == State::Preparing);
        trigger("run.stop");
        QCOMPARE(m_fixture->run.state(), State::Stopped);
        m_fixture->control().release(); // answers that come later are nobody's
        QTest::qWait(20);
        QCOMPARE(m_fixture->run.state(), State::Stopped);
        QCOMPARE(m_fixture->control().count("holdLease"), 0);
    }

    void anUnsavedDefinitionIsSavedFirst()
    {
        AppDocument& document = *m_fixture->workspace.current();
        QVERIFY(document.setField("keep_alive", "77"));
        trigger("run.start");
        QVERIFY(!document.isModified());
        QTRY_VERIFY(!m_fixture->control().deployments.empty());
        QVERIFY(m_fixture->control().deployments.back().definition.find("keep_alive: 77") != std::string::npos);
    }

    void aBrokenDefinitionDoesNotReachTheHost()
    {
        AppDocument& document = *m_fixture->workspace.current();
        document.replace(0, 0, QStringLiteral("nonsense: [\n"), QStringLiteral("type"));
        trigger("run.start");
        QTRY_COMPARE(m_fixture->run.state(), State::Failed);
        QVERIFY(m_fixture->control().deployments.empty());
    }

    void commandsAreEnabledAsTheStateSays()
    {
        QVERIFY(action("run.start")->isEnabled());
        QVERIFY(!action("run.stop")->isEnabled());
        trigger("run.start");
        QVERIFY(!action("run.start")->isEnabled());
        QVERIFY(action("run.stop")->isEnabled());
        m_fixture->workspace.close(m_fixture->workspace.current());
        trigger("run.stop");
        QTRY_VERIFY(!m_fixture->run.isActive());
        QVERIFY(!action("run.start")->isEnabled());
    }

private:
    QAction* action(const char* id) { return m_fixture->commands.find(QLatin1String(id)); }
    void trigger(const char* id) { action(id)->trigger(); }

    void tellStage(const std::string& stage, std::uint64_t done, std::uint64_t total)
    {
        domain::ReplicaInfo replica;
        replica.id = "r-1";
        replica.app = "shapes-run";
        replica.state = domain::ReplicaState::Setup;
        replica.setup = {.stage = stage, .bytesDone = done, .bytesTotal = total, .seconds = 1};
        m_fixture->control().tell(control::ReplicaChanged{replica});
    }

    std::unique_ptr<test::StudioFixture> m_fixture;
};

QTEST_MAIN(TestRunSession)
#include "tst_run_session.moc"
