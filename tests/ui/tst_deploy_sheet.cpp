// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/views/deployments/deploy_sheet.h"
#include "ui/views/deployments/plan_view.h"
#include "ui/views/deployments/stage_list.h"
#include "ui/widgets/error_banner.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace tintype;
using namespace tintype::ui;
using State = DeploySession::State;

namespace {

constexpr const char* kOld = "1111111111111111111111111111111111111111";
constexpr const char* kNew = "2222222222222222222222222222222222222222";
constexpr const char* kText = R"(name: demo
machine_type: XS
requirements:
  - file:model
setup:
  model: file:model
endpoints:
  /:
    task: text-to-image
)";

control::AppInfo demo(const char* revision, bool rolling)
{
    control::AppInfo app;
    app.name = "demo";
    app.revision = revision;
    app.rolling = rolling;
    return app;
}

domain::ReplicaInfo starting(const std::string& stage, double seconds)
{
    domain::ReplicaInfo replica;
    replica.id = "r1";
    replica.app = "demo";
    replica.revision = kNew;
    replica.state = domain::ReplicaState::Setup;
    replica.setup = {.stage = stage, .bytesDone = 5, .bytesTotal = 10, .seconds = seconds};
    return replica;
}

QPushButton* button(const QWidget& parent, const QString& text)
{
    const auto buttons = parent.findChildren<QPushButton*>();
    const auto found = std::ranges::find(buttons, text, &QPushButton::text);
    return found == buttons.end() ? nullptr : *found;
}

QString sentence(const QWidget& parent)
{
    QStringList texts;
    const auto labels = parent.findChildren<QLabel*>();
    for (const QLabel* const label : labels) {
        if (label->isVisible())
            texts.append(label->text());
    }
    return texts.join(QLatin1Char('\n'));
}

} // namespace

class TestDeploySheet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        qputenv("XDG_CACHE_HOME", m_fixture->folder.path().toLocal8Bit());
        const QDir folder(m_fixture->folder.path());
        QVERIFY(folder.mkpath(QStringLiteral("model")));
        write(QStringLiteral("app.yaml"), kText);
        write(QStringLiteral("model/weights.safetensors"), "weights");
        m_document = *m_fixture->workspace.open(folder.filePath(QStringLiteral("app.yaml")));
        host().appList = {demo(kOld, false)};
        host().plan.app = "demo";
        host().plan.currentRevision = kOld;
        host().plan.values = {{"keep_alive", "300 s", "10 s", domain::ValueSource::File}};
        host().plan.warnings = {"this host is slow today"};
        host().receipt = {.app = "demo", .revision = kNew, .number = 2, .isNewRevision = true,
            .urls = {{"run", "http://127.0.0.1:7870/local/demo"}}, .status = "rolling_out"};
        QTRY_VERIFY(m_fixture->target().findApp("demo"));
        m_window = std::make_unique<QWidget>();
        m_window->resize(1280, 800);
        m_window->show();
        m_sheet = new DeploySheet(m_fixture->studio, m_window.get());
    }
    void cleanup()
    {
        m_window.reset();
        m_fixture.reset();
    }

    void thePlanComesFirst()
    {
        begin();
        QCOMPARE(host().count("deploy"), 0);
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("this host is slow today")));
        QVERIFY(m_sheet->findChild<PlanView*>()->isVisible());
        QVERIFY(button(*m_sheet, QStringLiteral("Deploy"))->isEnabled());
        QCOMPARE(host().deployments.back().files.size(), std::size_t{1});
    }

    void aDeployEndsWithAddressesAndACurlLine()
    {
        deployUntilStarting();
        host().tell(control::AppChanged{demo(kOld, true)});
        host().tell(control::ReplicaChanged{starting("transformer", 1.5)});
        QTRY_COMPARE(session().stages().back().name, QStringLiteral("transformer"));
        QCOMPARE(session().stages().back().bytesTotal, std::uint64_t{10});
        host().tell(control::ReplicaChanged{starting("warm-up", 2.5)});
        QTRY_COMPARE(session().stages().back().name, QStringLiteral("warm-up"));
        QVERIFY(qAbs(session().stages().back().seconds - 1.0) < 0.001);
        host().tell(control::RolloutEnded{"demo", kNew, std::nullopt});
        QCOMPARE(session().state(), State::Done);
        QVERIFY(std::ranges::all_of(session().stages(), &RunStage::isDone));
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("http://127.0.0.1:7870/local/demo")));
        QVERIFY(m_sheet->findChildren<QPlainTextEdit*>().last()->toPlainText().contains(QStringLiteral("curl")));
    }

    void theEventMayComeBeforeTheReceipt()
    {
        begin();
        host().holds = true;
        button(*m_sheet, QStringLiteral("Deploy"))->click();
        host().tell(control::RolloutEnded{"demo", kNew, std::nullopt});
        QTRY_VERIFY(host().count("missingBlobs") == 1);
        host().release();
        QTRY_COMPARE(session().state(), State::Done);
    }

    void theSnapshotTellsToo()
    {
        deployUntilStarting();
        host().tell(control::AppChanged{demo(kOld, true)});
        host().tell(control::AppChanged{demo(kNew, false)}); // the stream broke, and the event with it
        QTRY_COMPARE(session().state(), State::Done);
    }

    void aRevisionThatDoesNotStartLeavesTheOldOne()
    {
        deployUntilStarting();
        host().tell(control::RolloutEnded{"other", kNew, Error{ErrorCode::Internal, "another app", {}}});
        host().tell(control::RolloutEnded{"demo", kOld, Error{ErrorCode::Internal, "another revision", {}}});
        QCOMPARE(session().state(), State::Starting);
        host().tell(control::RolloutEnded{"demo", kNew, Error{ErrorCode::OutOfMemory, "the model does not fit", {}}});
        QCOMPARE(session().state(), State::Failed);
        QVERIFY(session().wasRolledOut());
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("the model does not fit")));
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("still serves")));
        host().tell(control::AppChanged{demo(kNew, false)}); // too late
        QTest::qWait(60);
        QCOMPARE(session().state(), State::Failed);
    }

    void aRolloutThatSettlesWithoutAWordFails()
    {
        deployUntilStarting();
        host().tell(control::AppChanged{demo(kOld, false)});
        QTRY_COMPARE_WITH_TIMEOUT(session().state(), State::Failed, 20'000);
    }

    void aRefusedDeployNamesTheReason()
    {
        host().failures["deploy"] = {ErrorCode::Conflict, "1 of 1 files are not on this host yet", {}};
        begin();
        button(*m_sheet, QStringLiteral("Deploy"))->click();
        QTRY_COMPARE(session().state(), State::Failed);
        QVERIFY(!session().wasRolledOut());
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("not on this host yet")));
        host().failures.clear();
        button(*m_sheet, QStringLiteral("Check again"))->click();
        QTRY_COMPARE(session().state(), State::Ready);
    }

    void aMissingFolderIsNamedBeforeAnyHostIsAsked()
    {
        QVERIFY(QDir(m_fixture->folder.filePath(QStringLiteral("model"))).removeRecursively());
        m_sheet->begin();
        QTRY_COMPARE(session().state(), State::Failed);
        QCOMPARE(host().count("check"), 0);
    }

    void unsavedChangesAreSavedFirst()
    {
        m_document->replace(0, 0, QStringLiteral("# new\n"), QStringLiteral("Type"));
        begin();
        QVERIFY(!m_document->isModified());
        QVERIFY(host().deployments.back().definition.starts_with("# new"));
    }

    void whatChangedAfterTheCheckIsCheckedAgain()
    {
        begin();
        m_document->replace(0, 0, QStringLiteral("# later\n"), QStringLiteral("Type"));
        button(*m_sheet, QStringLiteral("Deploy"))->click();
        QTRY_COMPARE(host().count("check"), 2);
        QCOMPARE(host().count("deploy"), 0);
        QTRY_COMPARE(session().state(), State::Ready);
        QVERIFY(host().deployments.back().definition.starts_with("# later"));
    }

    void aDocumentThatCannotBeSavedIsSaidAndNotDeployed()
    {
        const QString path = m_document->path();
        QVERIFY(QFile::remove(path));
        QVERIFY(QDir().mkdir(path)); // a folder stands where the file was
        m_document->replace(0, 0, QStringLiteral("# new\n"), QStringLiteral("Type"));
        m_sheet->begin();
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("could not be saved")));
        QCOMPARE(session().state(), State::Idle);
        QVERIFY(m_document->isModified());
    }

    void anotherNameIsCheckedWithoutReadingAgain()
    {
        begin();
        QSignalSpy states(&session(), &DeploySession::stateChanged);
        m_sheet->findChildren<QLineEdit*>().first()->setText(QStringLiteral("other"));
        QVERIFY(!button(*m_sheet, QStringLiteral("Deploy"))->isEnabled());
        QTRY_COMPARE(host().count("check"), 2);
        QTRY_COMPARE(session().state(), State::Ready);
        QCOMPARE(host().deployments.back().name, std::string("other"));
        for (const auto& state : states)
            QVERIFY(state[0].value<State>() != State::Hashing);
    }

    void theMessageGoesAlong()
    {
        begin();
        m_sheet->findChildren<QLineEdit*>().last()->setText(QStringLiteral("smaller steps"));
        button(*m_sheet, QStringLiteral("Deploy"))->click();
        QTRY_COMPARE(host().count("deploy"), 1);
        QCOMPARE(host().deployments.back().message, std::string("smaller steps"));
        QCOMPARE(host().count("check"), 1);
    }

    void closingTheSheetDoesNotStopTheHost()
    {
        deployUntilStarting();
        m_sheet->dismiss();
        m_sheet->begin(); // shows it as it is
        QCOMPARE(session().state(), State::Starting);
        QCOMPARE(host().count("check"), 1);
        host().tell(control::RolloutEnded{"demo", kNew, std::nullopt});
        QCOMPARE(session().state(), State::Done);
    }

    void aHostThatIsRemovedMeanwhileEndsIt()
    {
        QVERIFY(m_fixture->targets.add(QStringLiteral("lab"), {.url = "http://127.0.0.1:9", .key = {}, .caFile = {}, .fingerprint = {}}));
        test::FakeControl& lab = *m_fixture->controls.back();
        lab.plan = host().plan;
        lab.receipt = host().receipt;
        m_fixture->targets.setCurrent(m_fixture->targets.find(QStringLiteral("lab")));
        begin();
        button(*m_sheet, QStringLiteral("Deploy"))->click();
        QTRY_COMPARE(session().state(), State::Starting);
        QVERIFY(m_fixture->targets.remove(QStringLiteral("lab")));
        QTRY_COMPARE(session().state(), State::Failed);
        QVERIFY(m_sheet->isVisible());
    }

    void withoutADefinitionItSaysWhatToOpen()
    {
        m_fixture->workspace.close(m_document);
        m_sheet->begin();
        QVERIFY(sentence(*m_sheet).contains(QStringLiteral("No definition is open")));
        QVERIFY(!button(*m_sheet, QStringLiteral("Deploy"))->isEnabled());
    }

    void theCommandOpensOneSheet()
    {
        addDeployCommand(m_fixture->studio, m_window.get());
        QAction* const open = m_fixture->commands.find(QStringLiteral("deploy.open"));
        QCOMPARE(open->shortcut(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
        open->trigger();
        open->trigger();
        QCOMPARE(m_window->findChildren<DeploySheet*>().size(), 2); // the one of init() and this one
    }

private:
    test::FakeControl& host() { return m_fixture->control(); }
    DeploySession& session() { return m_sheet->session(); }
    void begin()
    {
        m_sheet->begin();
        QTRY_COMPARE(session().state(), State::Ready);
    }
    void deployUntilStarting()
    {
        begin();
        host().tell(control::AppChanged{demo(kOld, true)});
        QTRY_VERIFY(m_fixture->target().findApp("demo")->rolling);
        button(*m_sheet, QStringLiteral("Deploy"))->click();
        QTRY_COMPARE(session().state(), State::Starting);
    }
    void write(const QString& name, const char* text)
    {
        QFile file(m_fixture->folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<QWidget> m_window;
    DeploySheet* m_sheet = nullptr;
    AppDocument* m_document = nullptr;
};

QTEST_MAIN(TestDeploySheet)
#include "tst_deploy_sheet.moc"
