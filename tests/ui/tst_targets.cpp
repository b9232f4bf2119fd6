// SPDX-License-Identifier: GPL-3.0-or-later
#include "deploy/control/host_book.h"
#include "tests/support/studio_fixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;

namespace {

control::AppInfo appNamed(const std::string& name)
{
    control::AppInfo app;
    app.name = name;
    return app;
}

domain::ReplicaInfo replicaNamed(const std::string& id, domain::ReplicaState state)
{
    domain::ReplicaInfo replica;
    replica.id = id;
    replica.state = state;
    return replica;
}

} // namespace

/// Hosts, which one is current, and the snapshot of each that events keep true.
class TestTargets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<test::StudioFixture>(); }
    void cleanup() { m_fixture.reset(); }

    void thisMachineIsCurrentAndConnects()
    {
        QTRY_VERIFY(m_fixture->target().isConnected());
        QVERIFY(m_fixture->target().isLocal());
        QTRY_VERIFY(m_fixture->target().hostInfo());
        QVERIFY(!m_fixture->target().trouble());
    }

    void connectionBringsTheSnapshotSorted()
    {
        m_fixture->control().appList = {appNamed("b"), appNamed("a")};
        QTRY_COMPARE(m_fixture->target().apps().size(), std::size_t{2});
        QCOMPARE(m_fixture->target().apps().front().name, std::string("a"));
    }

    void eventsChangeTheSnapshotAndAreToldOnce()
    {
        QTRY_VERIFY(m_fixture->target().isConnected());
        QTest::qWait(60); // what the connection asked for
        QSignalSpy apps(&m_fixture->target(), &Target::appsChanged);
        QSignalSpy replicas(&m_fixture->target(), &Target::replicasChanged);
        for (int i = 0; i < 20; ++i) {
            m_fixture->control().tell(control::AppChanged{appNamed("app-" + std::to_string(i % 4))});
            m_fixture->control().tell(control::ReplicaChanged{replicaNamed("r", i % 2 ? domain::ReplicaState::Idle : domain::ReplicaState::Running)});
        }
        QTRY_COMPARE(apps.count(), 1);
        QTRY_COMPARE(replicas.count(), 1);
        QCOMPARE(m_fixture->target().apps().size(), std::size_t{4});
        QCOMPARE(m_fixture->target().replicas().size(), std::size_t{1});
        m_fixture->control().tell(control::AppRemoved{"app-2"});
        QVERIFY(!m_fixture->target().findApp("app-2"));
        QVERIFY(m_fixture->target().findApp("app-3"));
    }

    void afterAGapEverythingIsAskedAnew()
    {
        QTRY_VERIFY(m_fixture->target().isConnected());
        QTRY_COMPARE(m_fixture->control().count("apps"), 1);
        m_fixture->control().setConnection({.kind = control::ConnectionState::Kind::Retrying, .retrySeconds = 1, .reason = "the host closed the connection"});
        QVERIFY(!m_fixture->target().isConnected());
        QCOMPARE(m_fixture->target().trouble()->message, std::string("the host closed the connection"));
        m_fixture->control().appList = {appNamed("new")};
        m_fixture->control().setConnection({.kind = control::ConnectionState::Kind::Connected, .retrySeconds = 0, .reason = {}});
        QTRY_VERIFY(m_fixture->target().findApp("new"));
        QTRY_VERIFY(!m_fixture->target().trouble());
    }

    void aHostThatRefusesSaysWhy()
    {
        const Result<> added = m_fixture->targets.add(QStringLiteral("rack"), {.url = "https://rack:7870", .key = {}, .caFile = {}, .fingerprint = {}});
        QVERIFY(added);
        m_fixture->controls.back()->failures["host"] = Error{ErrorCode::Unauthorized, "the key is not known to this host", {}};
        Target* const rack = m_fixture->targets.find(QStringLiteral("rack"));
        rack->refresh();
        QTRY_VERIFY(rack->trouble() && rack->trouble()->code == ErrorCode::Unauthorized);
    }

    void addedHostsAreSharedWithTheCommandLine()
    {
        QAbstractItemModelTester tester(&m_fixture->targets);
        QVERIFY(m_fixture->targets.add(QStringLiteral("rack"), {.url = "https://rack:7870", .key = "id:secret", .caFile = {}, .fingerprint = "AB"}));
        const auto book = control::HostBook::load(m_fixture->folder.filePath(QStringLiteral("hosts.json")).toStdString());
        QVERIFY(book);
        QCOMPARE(book->hosts.at("rack").key, std::string("id:secret"));
        QCOMPARE(m_fixture->targets.rowCount(), 2);

        QVERIFY(!m_fixture->targets.add(QStringLiteral("rack"), {}));
        QVERIFY(!m_fixture->targets.add(QStringLiteral("  "), {}));
        m_fixture->targets.setCurrent(m_fixture->targets.find(QStringLiteral("rack")));
        QVERIFY(m_fixture->targets.remove(QStringLiteral("rack")));
        QVERIFY(m_fixture->target().isLocal());
        QVERIFY(!m_fixture->targets.remove(QStringLiteral("This machine")));
        QVERIFY(!m_fixture->targets.remove(QStringLiteral("rack")));
    }

    void aCorruptBookIsSaidAndNothingIsLost()
    {
        QFile file(m_fixture->folder.filePath(QStringLiteral("hosts.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{ no json");
        file.close();
        QVERIFY(!m_fixture->targets.load());
        QCOMPARE(m_fixture->targets.rowCount(), 1);
        QVERIFY(!m_fixture->targets.add(QStringLiteral("rack"), {}));
    }

    void theLocalHostMayComeBackElsewhere()
    {
        QSignalSpy changed(&m_fixture->targets, &Targets::currentChanged);
        m_fixture->targets.setLocal({.url = "http://127.0.0.1:9999", .key = {}, .caFile = {}, .fingerprint = {}});
        QCOMPARE(m_fixture->targets.rowCount(), 1);
        QCOMPARE(m_fixture->target().address().url, std::string("http://127.0.0.1:9999"));
        QCOMPARE(changed.count(), 1);
    }

private:
    std::unique_ptr<test::StudioFixture> m_fixture;
};

QTEST_MAIN(TestTargets)
#include "tst_targets.moc"
