// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/host_class.h"

#include <QTest>

using namespace tintype::wire;

class TestHostClass : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsHostsByName_data();
    void knowsHostsByName();
    void listensToTheListenerFirst();
    void takesTargetsApart();
    void refusesTargets_data();
    void refusesTargets();
};

void TestHostClass::knowsHostsByName_data()
{
    QTest::addColumn<int>("expected");
    const auto row = [](const char* host, HostClass hostClass) { QTest::newRow(host) << static_cast<int>(hostClass); };
    row("fal.run", HostClass::Run);
    row("fal.run:443", HostClass::Run);
    row("FAL.Run", HostClass::Run);
    row("queue.fal.run", HostClass::Queue);
    row("rest.fal.ai", HostClass::Rest);
    row("rest.alpha.fal.ai", HostClass::Rest);
    row("v3.fal.media", HostClass::Rest);
    row("v3b.fal.media", HostClass::Rest);
    row("ws.fal.run", HostClass::Websocket);
    row("queue.localhost:7870", HostClass::Queue);
    row("run.localhost", HostClass::Run);
    row("rest.studio.example", HostClass::Rest);
    row("cdn.localhost", HostClass::Rest);
    row("ws.localhost:1", HostClass::Websocket);
    row("localhost:7870", HostClass::Local);
    row("127.0.0.1:7870", HostClass::Local);
    row("[::1]:7870", HostClass::Local);
    row("queuelocalhost", HostClass::Local);
    row("fal.run.evil.example", HostClass::Local);
    QTest::newRow("") << static_cast<int>(HostClass::Local);
}

void TestHostClass::knowsHostsByName()
{
    QFETCH(const int, expected);
    QCOMPARE(static_cast<int>(classify("main", QTest::currentDataTag())), expected);
}

void TestHostClass::listensToTheListenerFirst()
{
    QVERIFY(classify("queue", "fal.run") == HostClass::Queue);
    QVERIFY(classify("run", "queue.fal.run") == HostClass::Run);
    QVERIFY(classify("rest", "127.0.0.1") == HostClass::Rest);
}

void TestHostClass::takesTargetsApart()
{
    const auto target = parseTarget("https://queue.fal.run/local/app/requests/1/status?logs=1&x=%20#top");
    QVERIFY(target.has_value());
    QVERIFY(target->hostClass == HostClass::Queue);
    QCOMPARE(target->path, std::string("/local/app/requests/1/status"));
    QCOMPARE(target->query, std::string("logs=1&x=%20"));
    QCOMPARE(parseTarget("https://fal.run")->path, std::string("/"));
    QCOMPARE(parseTarget("https://rest.fal.ai?a=b")->query, std::string("a=b"));
    QVERIFY(parseTarget("http://rest.fal.ai:80/tokens/")->hostClass == HostClass::Rest);
}

void TestHostClass::refusesTargets_data()
{
    QTest::addColumn<QString>("url");
    for (const char* url : {"fal.run/local/app", "//fal.run/x", "ftp://fal.run/x", "https://evil.example/local/app", "https://fal.run.evil.example/",
             "https://user@fal.run/x", "https://user:fal.run@evil.example/", "https://localhost/x", "https://queue.localhost/x", "https://169.254.169.254/", "file:///etc/passwd", "https://"})
        QTest::newRow(url) << QString::fromLatin1(url);
    QTest::newRow("empty") << QString();
}

void TestHostClass::refusesTargets()
{
    QFETCH(const QString, url);
    QVERIFY(!parseTarget(url.toStdString()));
}

QTEST_GUILESS_MAIN(TestHostClass)
#include "tst_wire_host_class.moc"
