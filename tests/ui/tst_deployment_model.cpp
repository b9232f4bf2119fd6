// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/app_state.h"
#include "ui/models/deployment_model.h"
#include "ui/models/history_model.h"
#include "ui/models/plan_model.h"
#include "ui/models/revision_model.h"
#include "ui/models/text_table.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using domain::ReplicaState;

namespace {

constexpr const char* kFirst = "1111111111111111111111111111111111111111";
constexpr const char* kSecond = "2222222222222222222222222222222222222222";

control::AppInfo app(const std::string& name, const std::string& revision = kFirst)
{
    control::AppInfo info;
    info.name = name;
    info.revision = revision;
    return info;
}

domain::ReplicaInfo replica(const std::string& id, const std::string& appName, ReplicaState state, int createdAt = 0)
{
    domain::ReplicaInfo info;
    info.id = id;
    info.app = appName;
    info.revision = kFirst;
    info.machineType = "XS";
    info.device = "cpu";
    info.state = state;
    info.createdAt = fromMilliseconds(createdAt);
    return info;
}

control::RevisionInfo revision(const std::string& id, int number)
{
    control::RevisionInfo info;
    info.id = id;
    info.number = number;
    return info;
}

control::HistoryEntry deployed(const std::string& text)
{
    return {.time = {}, .category = "deployment", .actor = {}, .text = text};
}

} // namespace

class TestDeploymentModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        m_fixture->control().appList = {app("beta"), app("alpha")};
        m_fixture->control().replicaList = {replica("r2", "alpha", ReplicaState::Idle, 2), replica("r1", "alpha", ReplicaState::Running, 1),
            replica("old", "alpha", ReplicaState::Terminated, 0), replica("stray", "gone", ReplicaState::Idle, 3)};
        m_model = std::make_unique<DeploymentModel>(m_fixture->targets);
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QTRY_COMPARE(m_model->rowCount(host()), 2);
        QTRY_COMPARE(m_model->rowCount(alpha()), 2);
    }
    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
        m_fixture.reset();
    }

    void appsAreSortedAndReplicasOldestFirst()
    {
        QCOMPARE(text(alpha(), DeploymentModel::Name), QStringLiteral("alpha"));
        QCOMPARE(alpha().row(), 0);
        QVERIFY(text(m_model->index(0, 0, alpha()), DeploymentModel::Name).startsWith(QStringLiteral("r1")));
        QVERIFY(m_model->app(m_model->index(0, 0, alpha())));
        QVERIFY(!m_model->app(host()));
        QVERIFY(!m_model->replica(alpha()));
        QVERIFY(!m_model->app({}));
    }

    void endedReplicasAreShownOnRequest()
    {
        m_model->setShowsEnded(true);
        QCOMPARE(m_model->rowCount(alpha()), 3);
        m_model->setShowsEnded(false);
        QCOMPARE(m_model->rowCount(alpha()), 2);
    }

    void aReplicaThatEndsLeavesAndTheOthersKeepTheirRow()
    {
        const QPersistentModelIndex second(m_model->index(1, 0, alpha()));
        m_fixture->control().tell(control::ReplicaChanged{replica("r1", "alpha", ReplicaState::Terminated, 1)});
        QTRY_COMPARE(m_model->rowCount(alpha()), 1);
        QVERIFY(second.isValid());
        QCOMPARE(m_model->replica(second)->id, std::string("r2"));
    }

    void anAppThatIsRemovedTakesItsReplicasAlong()
    {
        const QPersistentModelIndex beta(m_model->find(&m_fixture->target(), "beta"));
        m_fixture->control().tell(control::AppRemoved{"alpha"});
        QTRY_COMPARE(m_model->rowCount(host()), 1);
        QVERIFY(beta.isValid());
        QVERIFY(!alpha().isValid());
    }

    void anAppThatComesBackIsANewRow()
    {
        m_fixture->control().tell(control::AppRemoved{"alpha"});
        QTRY_COMPARE(m_model->rowCount(host()), 1);
        m_fixture->control().tell(control::AppChanged{app("alpha")});
        QTRY_COMPARE(m_model->rowCount(host()), 2);
        QCOMPARE(alpha().row(), 0);
    }

    void hostsComeAndGo()
    {
        QVERIFY(m_fixture->targets.add(QStringLiteral("lab"), {.url = "http://127.0.0.1:9", .key = {}, .caFile = {}, .fingerprint = {}}));
        QCOMPARE(m_model->rowCount(), 2);
        m_fixture->targets.setLocal({.url = "http://127.0.0.1:10", .key = {}, .caFile = {}, .fingerprint = {}});
        QCOMPARE(m_model->rowCount(), 2);
        QCOMPARE(m_model->target(m_model->index(0, 0)), m_fixture->targets.find(QStringLiteral("This machine")));
        QVERIFY(m_fixture->targets.remove(QStringLiteral("lab")));
        QCOMPARE(m_model->rowCount(), 1);
    }

    void theNumberOfARevisionStandsBeforeItsIdOnceItIsKnown()
    {
        QCOMPARE(text(alpha(), DeploymentModel::Revision), QStringLiteral("11111111"));
        m_model->setRevisionNumbers({revision(kFirst, 7)});
        QVERIFY(text(alpha(), DeploymentModel::Revision).startsWith(QStringLiteral("r7 ")));
        QVERIFY(m_model->knowsRevision(kFirst));
        QVERIFY(!m_model->knowsRevision(kSecond));
    }

    void timesTick()
    {
        domain::ReplicaInfo ready = replica("r1", "alpha", ReplicaState::Idle, 1);
        ready.readyAt = fromMilliseconds(10'000);
        ready.expiresAt = fromMilliseconds(100'000);
        m_fixture->control().tell(control::ReplicaChanged{ready});
        m_model->setNow(fromMilliseconds(15'400));
        const QModelIndex row = m_model->index(0, 0, alpha());
        QTRY_COMPARE(text(row, DeploymentModel::Up), QStringLiteral("5 s"));
        QVERIFY(text(row, DeploymentModel::EndsIn).startsWith(QStringLiteral("1 min")));
        m_model->setNow(fromMilliseconds(200'000)); // later than its end: not negative
        QCOMPARE(text(row, DeploymentModel::EndsIn), QStringLiteral("0 s"));
        m_model->setNow(fromMilliseconds(0)); // a clock that is behind
        QCOMPARE(text(row, DeploymentModel::Up), QStringLiteral("0 s"));
    }

    void stateOfAnApp_data()
    {
        QTest::addColumn<bool>("paused");
        QTest::addColumn<bool>("rolling");
        QTest::addColumn<int>("replicaState");
        QTest::addColumn<Mark>("mark");
        QTest::newRow("nothing") << false << false << -1 << Mark::Off;
        QTest::newRow("paused wins") << true << true << static_cast<int>(ReplicaState::Running) << Mark::Off;
        QTest::newRow("rolling") << false << true << static_cast<int>(ReplicaState::Idle) << Mark::Waiting;
        QTest::newRow("ready") << false << false << static_cast<int>(ReplicaState::Idle) << Mark::Good;
        QTest::newRow("serving") << false << false << static_cast<int>(ReplicaState::Running) << Mark::Busy;
        QTest::newRow("failing") << false << false << static_cast<int>(ReplicaState::CrashBackoff) << Mark::Bad;
        QTest::newRow("starting") << false << false << static_cast<int>(ReplicaState::Setup) << Mark::Waiting;
        QTest::newRow("only ended ones") << false << false << static_cast<int>(ReplicaState::Terminated) << Mark::Off;
    }
    void stateOfAnApp()
    {
        QFETCH(const bool, paused);
        QFETCH(const bool, rolling);
        QFETCH(const int, replicaState);
        QFETCH(const Mark, mark);
        control::AppInfo info = app("a");
        info.paused = paused;
        info.rolling = rolling;
        std::vector<domain::ReplicaInfo> replicas;
        if (replicaState >= 0)
            replicas.push_back(replica("r", "a", static_cast<ReplicaState>(replicaState)));
        QCOMPARE(stateOf(info, replicas).mark, mark);
        QVERIFY(!stateOf(info, replicas).word.isEmpty());
    }

    void theReasonOfAFailingReplicaIsThatOfItsApp()
    {
        domain::ReplicaInfo failing = replica("r", "a", ReplicaState::CrashBackoff);
        failing.reason = "out of memory: 12 GB wanted, 8 GB there";
        QVERIFY(stateOf(app("a"), {failing}).reason.contains(QStringLiteral("out of memory")));
    }

    void revisionsTellWhatBecameOfThem()
    {
        RevisionModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setRevisions({revision(kFirst, 1), revision("3333333344444444333333333333333333333333", 3), revision(kSecond, 2)});
        model.setHistory({deployed("revision 33333333 was given up: no file config.json\nin the folder"), deployed("revision 1 serves"),
            deployed("revision one serves"), {.time = {}, .category = "config", .actor = {}, .text = "revision 2 serves"}});
        model.setServing(kFirst, {});
        QCOMPARE(model.at(0)->number, 3);
        QCOMPARE(model.index(0, RevisionModel::Outcome).data(RevisionModel::MarkRole).value<Mark>(), Mark::Bad);
        QVERIFY(model.index(0, RevisionModel::Outcome).data().toString().contains(QStringLiteral("in the folder")));
        QCOMPARE(model.index(1, RevisionModel::Outcome).data(RevisionModel::MarkRole).value<Mark>(), Mark::None); // a setting, no rollout
        QCOMPARE(model.index(2, RevisionModel::Outcome).data(RevisionModel::MarkRole).value<Mark>(), Mark::Good);
        model.setServing(kFirst, kSecond);
        QCOMPARE(model.index(1, RevisionModel::Outcome).data(RevisionModel::MarkRole).value<Mark>(), Mark::Waiting);
        QCOMPARE(model.rowOf("none"), -1);
        QVERIFY(!model.at(3));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void historyGrowsPageByPage()
    {
        HistoryModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setFirst({.items = {deployed("a"), deployed("b")}, .next = "2"});
        model.append({.items = {deployed("c")}, .next = {}});
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.next().empty());
        model.append({});
        QCOMPARE(model.rowCount(), 3);
        model.setFirst({});
        QCOMPARE(model.rowCount(), 0);
    }

    void aPlanShowsChangesOrAll()
    {
        PlanModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const std::vector<domain::EffectiveValue> values{{"keep_alive", "300 s", "10 s", domain::ValueSource::File},
            {"max_concurrency", "2", "2", domain::ValueSource::Inherited}};
        model.setValues(values, /*changesOnly=*/true);
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(model.index(0, 0).data(PlanModel::ChangedRole).toBool());
        model.setValues(values, /*changesOnly=*/false);
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!model.index(1, 0).data(PlanModel::ChangedRole).toBool());
    }

    void aTextTableForgivesShortRows()
    {
        TextTable model({QStringLiteral("a"), QStringLiteral("b")}, {1});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.setRows({{QStringLiteral("k"), {QStringLiteral("only one")}}});
        QCOMPARE(model.index(0, 1).data().toString(), QString());
        QCOMPARE(model.keyAt(0), QStringLiteral("k"));
        QCOMPARE(model.keyAt(-1), QString());
        QCOMPARE(model.keyAt(1), QString());
    }

private:
    QModelIndex host() const { return m_model->find(&m_fixture->target()); }
    QModelIndex alpha() const { return m_model->find(&m_fixture->target(), "alpha"); }
    QString text(const QModelIndex& row, int column) const { return row.siblingAtColumn(column).data().toString(); }

    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<DeploymentModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

QTEST_MAIN(TestDeploymentModel)
#include "tst_deployment_model.moc"
