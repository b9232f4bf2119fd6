// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/curl_line.h"
#include "ui/views/deployments/app_detail.h"
#include "ui/views/deployments/deployments_page.h"
#include "ui/views/deployments/diff_view.h"
#include "ui/views/deployments/revisions_panel.h"
#include "ui/views/deployments/scale_panel.h"
#include "ui/views/deployments/setting_row.h"
#include "ui/widgets/confirm_strip.h"
#include "ui/widgets/error_banner.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QTreeView>
#include <algorithm>

using namespace tintype;
using namespace tintype::ui;
using domain::ReplicaState;

namespace {

constexpr const char* kFirst = "1111111111111111111111111111111111111111";
constexpr const char* kSecond = "2222222222222222222222222222222222222222";

control::AppInfo shapes()
{
    control::AppInfo app;
    app.name = "shapes";
    app.revision = kSecond;
    app.queued = 2;
    app.replicas = {{"IDLE", 1}};
    app.urls = {{"run", "http://127.0.0.1:7870/local/shapes"}};
    return app;
}

domain::ReplicaInfo replica(ReplicaState state, int inFlight)
{
    domain::ReplicaInfo info;
    info.id = "r1";
    info.app = "shapes";
    info.revision = kSecond;
    info.state = state;
    info.inFlight = inFlight;
    return info;
}

control::RevisionInfo revision(const char* id, int number)
{
    control::RevisionInfo info;
    info.id = id;
    info.number = number;
    return info;
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
    for (const QLabel* const label : labels)
        texts.append(label->text());
    return texts.join(QLatin1Char('\n'));
}

} // namespace

class TestDeploymentsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        host().appList = {shapes()};
        host().replicaList = {replica(ReplicaState::Idle, 0)};
        host().revisionLists["shapes"] = {revision(kFirst, 1), revision(kSecond, 2)};
        m_page = std::make_unique<DeploymentsPage>(m_fixture->studio);
        m_page->resize(1280, 800);
        m_page->show();
        QTRY_COMPARE(m_page->commands().app(), std::string("shapes"));
    }
    void cleanup()
    {
        m_page.reset();
        m_fixture.reset();
    }

    void pauseBecomesResume()
    {
        QVERIFY(m_page->commands().pause()->isEnabled());
        m_page->commands().pause()->trigger();
        QTRY_COMPARE(host().count("changeApp"), 1);
        QCOMPARE(host().changes.back().paused, std::optional(true));
        control::AppInfo paused = shapes();
        paused.paused = true;
        host().tell(control::AppChanged{paused});
        QTRY_COMPARE(m_page->commands().pause()->text(), QStringLiteral("Resume"));
        m_page->commands().pause()->trigger();
        QCOMPARE(host().changes.back().paused, std::optional(false));
    }

    void deletingAsksFirst()
    {
        m_page->commands().remove()->trigger();
        auto* const confirm = m_page->findChild<ConfirmStrip*>();
        QVERIFY(confirm->isVisible());
        QCOMPARE(host().count("deleteApp"), 0);
        QTest::keyClick(confirm, Qt::Key_Escape);
        QVERIFY(!confirm->isVisible());
        QCOMPARE(host().count("deleteApp"), 0);
        m_page->commands().remove()->trigger();
        button(*confirm, QStringLiteral("Delete"))->click();
        QCOMPARE(host().count("deleteApp"), 1);
        QVERIFY(!confirm->isVisible());
    }

    void aQuestionDiesWithWhatItWasAbout()
    {
        m_page->commands().remove()->trigger();
        m_page->findChild<QTreeView*>()->setCurrentIndex(m_page->model().find(&m_fixture->target()));
        QVERIFY(!m_page->findChild<ConfirmStrip*>()->isVisible());
    }

    void stoppingDrainsEveryReplica()
    {
        m_page->commands().stop()->trigger();
        QCOMPARE(host().count("stopReplica"), 1);
        m_page->commands().restart()->trigger();
        QCOMPARE(host().count("rollOut"), 1);
        QVERIFY(m_page->commands().flush()->isEnabled());
    }

    void killingABusyReplicaAsksFirst()
    {
        host().tell(control::ReplicaChanged{replica(ReplicaState::Running, 3)});
        const QModelIndex app = m_page->model().find(&m_fixture->target(), "shapes");
        QTRY_COMPARE(m_page->model().index(0, DeploymentModel::InFlight, app).data().toString(), QStringLiteral("3"));
        m_page->findChild<QTreeView*>()->setCurrentIndex(m_page->model().index(0, 0, app));
        QVERIFY(m_page->commands().kill()->isEnabled());
        m_page->commands().kill()->trigger();
        QCOMPARE(host().count("killReplica"), 0);
        button(*m_page->findChild<ConfirmStrip*>(), QStringLiteral("Kill"))->click();
        QCOMPARE(host().count("killReplica"), 1);
        m_page->commands().drain()->trigger();
        QCOMPARE(host().count("stopReplica"), 1);
    }

    void nothingCanBeDoneWhileTheHostIsAway()
    {
        host().setConnection({.kind = control::ConnectionState::Kind::Retrying, .retrySeconds = 3, .reason = "no host answers"});
        QVERIFY(!m_page->commands().pause()->isEnabled());
        QVERIFY(!m_page->commands().remove()->isEnabled());
    }

    void anErrorOfTheHostIsABanner()
    {
        host().failures["rollOut"] = {ErrorCode::Conflict, "the app is rolling already", {}};
        m_page->commands().restart()->trigger();
        auto* const banner = m_page->findChild<ErrorBanner*>();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(sentence(*banner).contains(QStringLiteral("rolling already")));
    }

    void aRolloutThatFailedSaysThatTheOldOneServes()
    {
        host().tell(control::RolloutEnded{"shapes", kFirst, Error{ErrorCode::OutOfMemory, "the model does not fit", {}}});
        auto* const banner = m_page->findChild<ErrorBanner*>();
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(sentence(*banner).contains(QStringLiteral("the model does not fit")));
        QVERIFY(sentence(*banner).contains(QStringLiteral("still serves")));
    }

    void anAppThatGoesLeavesAnEmptyPlace()
    {
        host().tell(control::AppRemoved{"shapes"});
        auto* const detail = m_page->findChild<AppDetail*>();
        QTRY_VERIFY(!detail->isVisible());
        QVERIFY(!m_page->commands().pause()->isEnabled());
        QVERIFY(sentence(*m_page).contains(QStringLiteral("Nothing is deployed")));
    }

    void scaleIsAppliedAndKeepsWhatIsNotAppliedYet()
    {
        auto* const scale = m_page->findChild<ScalePanel*>();
        auto* const apply = button(*scale, QStringLiteral("Apply"));
        QVERIFY(!apply->isEnabled());
        spin(*scale, "max_concurrency")->setValue(9);
        QVERIFY(apply->isEnabled());
        control::AppInfo changed = shapes();
        changed.scaling.keepAlive = std::chrono::seconds(77); // by somebody else
        host().tell(control::AppChanged{changed});
        QTRY_COMPARE(spin(*scale, "keep_alive")->value(), 77);
        QCOMPARE(spin(*scale, "max_concurrency")->value(), 9);
        apply->click();
        QCOMPARE(host().changes.back().scaling.maxConcurrency, std::optional(9));
        QVERIFY(!host().changes.back().scaling.keepAlive);
        QVERIFY(!host().changes.back().auth);
    }

    void aScaleThatCannotBeIsRefusedHere()
    {
        auto* const scale = m_page->findChild<ScalePanel*>();
        spin(*scale, "min_concurrency")->setValue(5);
        QVERIFY(!button(*scale, QStringLiteral("Apply"))->isEnabled());
        QVERIFY(sentence(*scale).contains(QStringLiteral("max_concurrency")));
        button(*scale, QStringLiteral("Revert"))->click();
        QCOMPARE(spin(*scale, "min_concurrency")->value(), 0);
    }

    void aRevisionIsComparedAndRolledBackTo()
    {
        auto* const panel = m_page->findChild<RevisionsPanel*>();
        QTRY_COMPARE(panel->model().rowCount(), 2);
        host().revisionDiff = {.text = "-keep_alive: 10\n+keep_alive: 20\n", .files = {"added models/x"}};
        panel->findChild<QTableView*>()->selectRow(panel->model().rowOf(kFirst));
        QCOMPARE(host().calls.back(), std::string("diff shapes ") + kSecond + " " + kFirst);
        QTRY_VERIFY(panel->findChild<DiffView*>()->toPlainText().contains(QStringLiteral("added models/x")));
        button(*panel, QStringLiteral("Roll back to revision 1"))->click();
        QCOMPARE(host().count("setRevision"), 0);
        button(*m_page->findChild<ConfirmStrip*>(), QStringLiteral("Roll back"))->click();
        QCOMPARE(host().calls.back(), std::string("setRevision shapes ") + kFirst);
    }

    void theRevisionThatServesIsNoWayBack()
    {
        auto* const panel = m_page->findChild<RevisionsPanel*>();
        QTRY_COMPARE(panel->model().rowCount(), 2);
        panel->findChild<QTableView*>()->selectRow(panel->model().rowOf(kSecond));
        QVERIFY(!button(*panel, QStringLiteral("Roll back to revision 2"))->isEnabled());
        const int asked = host().count("diff");
        control::AppInfo busy = shapes();
        busy.running = 5; // counts change all the time: nothing is asked anew
        host().tell(control::AppChanged{busy});
        QTest::qWait(60);
        QCOMPARE(host().count("diff"), asked);
    }

    void aDiffThatIsTooLongIsCut()
    {
        DiffView view(m_fixture->theme);
        view.showDiff({.text = std::string(1'000'000, 'x'), .files = std::vector<std::string>(5000, "added f")});
        QVERIFY(view.toPlainText().size() < 250'000);
        QVERIFY(view.toPlainText().contains(QStringLiteral("more files")));
        view.showDiff({});
        QVERIFY(!view.toPlainText().isEmpty());
    }

    void aCurlLineIsQuotedForAShell()
    {
        control::AppInfo app = shapes();
        control::HostAddress host{.url = "https://h", .key = "id:se'cret", .caFile = {}, .fingerprint = {}};
        const QString url = QStringLiteral("https://h/o/a?x=$(rm)");
        QVERIFY(!curlLine(url, app, host, {}, CurlKey::Variable).contains(QStringLiteral("se'cret")));
        QVERIFY(curlLine(url, app, host, {}, CurlKey::Variable).contains(QStringLiteral("$TINTYPE_KEY")));
        QVERIFY(curlLine(url, app, host, {}, CurlKey::Shown).contains(QStringLiteral("se'\\''cret")));
        QVERIFY(curlLine(url, app, host, {}, CurlKey::Shown).contains(QStringLiteral("'https://h/o/a?x=$(rm)'")));
        QVERIFY(curlLine(url, app, host, {.publicKeyPin = QStringLiteral("abc="), .caFile = {}}, CurlKey::Shown).contains(QStringLiteral("--pinnedpubkey 'sha256//abc='")));
        app.auth = domain::AuthMode::Public;
        QVERIFY(!curlLine(url, app, host, {}, CurlKey::Shown).contains(QStringLiteral("Authorization")));
    }

private:
    test::FakeControl& host() { return m_fixture->control(); }
    static QSpinBox* spin(const QWidget& parent, const char* name)
    {
        const auto spins = parent.findChildren<QSpinBox*>();
        const auto found = std::ranges::find(spins, QLatin1String(name), &QSpinBox::accessibleName);
        return *found;
    }

    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<DeploymentsPage> m_page;
};

QTEST_MAIN(TestDeploymentsPage)
#include "tst_deployments_page.moc"
