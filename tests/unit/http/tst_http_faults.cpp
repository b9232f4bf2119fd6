// SPDX-License-Identifier: Apache-2.0
#include "http_fixture.h"

#include <QDir>
#include <QTest>

using namespace tintype;
using namespace tintype::http;
using namespace tintype::http::test;

namespace {

const std::string kGet = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

void sayHello(Request, Responder responder)
{
    responder.send(Response::text(200, "hello"));
}

void echo(Request request, Responder responder)
{
    responder.send(Response::text(200, "<" + request.body + ">"));
}

std::string post(const std::string& path, const std::string& body, const std::string& fields = {})
{
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: " + std::to_string(body.size())
        + "\r\n\r\n" + body;
}

std::string statusOf(const std::string& bytes)
{
    return bytes.substr(0, bytes.find("\r\n"));
}

} // namespace

class TestHttpFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void brokenRequestsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("status");
        QTest::newRow("noise") << QByteArray("\x16\x03\x01") << QByteArray("HTTP/1.1 400 Bad Request");
        QTest::newRow("both framings") << QByteArray(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET "
            "/hello HTTP/1.1\r\nHost: a\r\n\r\n")
                                       << QByteArray("HTTP/1.1 400 Bad Request");
        QTest::newRow("version") << QByteArray("GET / HTTP/3.0\r\nHost: a\r\n\r\n")
                                 << QByteArray("HTTP/1.1 505 HTTP Version Not Supported");
        QTest::newRow("method") << QByteArray("BREW / HTTP/1.1\r\nHost: a\r\n\r\n")
                                << QByteArray("HTTP/1.1 501 Not Implemented");
        QTest::newRow("head") << QByteArray("GET / HTTP/1.1\r\nX: ") + QByteArray(20000, 'x')
                              << QByteArray("HTTP/1.1 431 Request Header Fields Too Large");
        QTest::newRow("chunk") << QByteArray(
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
                               << QByteArray("HTTP/1.1 400 Bad Request");
        QTest::newRow("traversal") << QByteArray("GET /files/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n")
                                   << QByteArray("HTTP/1.1 400 Bad Request");
    }

    void brokenRequestsAreRefused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, status);
        Fixture fixture;
        fixture.post("/echo", echo);
        fixture.get("/hello", sayHello);
        fixture.get("/files/{path...}", sayHello);
        fixture.listen();
        const auto answer = ask(fixture.port, bytes.toStdString());
        QCOMPARE(statusOf(answer), status.toStdString());
        QVERIFY(answer.find("X-Fal-Error-Type: bad_request\r\n") != std::string::npos);
        QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
        QVERIFY(answer.find("X-Finished: yes\r\n") != std::string::npos);
        QCOMPARE(answer.find("X-Finished"), answer.rfind("X-Finished")); // one answer, whatever lay behind
    }

    void bodiesHaveALimit()
    {
        Fixture fixture;
        fixture.site.table.add({.method = "POST", .pattern = "/small", .handle = echo, .maxBody = 8});
        fixture.listen();
        QCOMPARE(bodyOf(ask(fixture.port, post("/small", "12345678"), "<12345678>")), std::string("<12345678>"));
        const auto declared = ask(fixture.port, post("/small", "123456789"));
        QCOMPARE(statusOf(declared), std::string("HTTP/1.1 413 Content Too Large"));
        QCOMPARE(bodyOf(declared),
            std::string(R"({"detail": "the body has 9 bytes, 8 are allowed here", "error_type": "bad_request"})"));
        const auto chunked = ask(fixture.port,
            "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
            "chunked\r\n\r\n5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n");
        QCOMPARE(statusOf(chunked), std::string("HTTP/1.1 413 Content Too Large"));
    }

    /// The caller is still sending when the answer comes: it must not be lost to a reset.
    void aRefusedUploadStillGetsItsAnswer()
    {
        Fixture fixture;
        fixture.site.table.add({.method = "POST", .pattern = "/small", .handle = echo, .maxBody = 8});
        fixture.listen();
        RawClient client(fixture.port);
        client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
        client.send(std::string(8'000'000, 'x'));
        QVERIFY(client.waitForEnd());
        QCOMPARE(statusOf(client.received()), std::string("HTTP/1.1 413 Content Too Large"));
    }

    void aSpoolThatCannotBeWrittenIsA507()
    {
        Fixture fixture;
        fixture.site.table.add({.method = "PUT", .pattern = "/upload", .handle = echo, .bodyToFile = true});
        fixture.listen();
        QVERIFY(QDir(fixture.folder.filePath(QStringLiteral("spool"))).removeRecursively());
        QCOMPARE(statusOf(ask(fixture.port,
                     "PUT /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc")),
            std::string("HTTP/1.1 507 Insufficient Storage"));
    }

    void halfClosedCallersGetTheirAnswer()
    {
        Fixture fixture;
        std::optional<Responder> later;
        int lost = 0;
        fixture.get("/slow", [&](Request, Responder responder) {
            responder.whenClosed([&] { ++lost; });
            later.emplace(std::move(responder));
        });
        fixture.get("/hello", sayHello);
        fixture.listen();
        RawClient client(fixture.port);
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
        client.endOutput();
        QTRY_VERIFY(later);
        QVERIFY(client.waitFor("100 Continue")); // how the server finds out who is still there
        later->send(Response::text(200, "slow"));
        QVERIFY(client.waitForEnd());
        QCOMPARE(client.count("HTTP/1.1 200 OK"), 2);
        QCOMPARE(client.count("hello"), 1);
        QCOMPARE(lost, 0);
    }

    void aCallerWhoLeavesIsNoticed_data()
    {
        QTest::addColumn<bool>("byReset");
        QTest::newRow("closes") << false;
        QTest::newRow("resets") << true;
    }

    void aCallerWhoLeavesIsNoticed()
    {
        QFETCH(bool, byReset);
        Fixture fixture;
        std::optional<Responder> later;
        int lost = 0;
        fixture.get("/slow", [&](Request, Responder responder) {
            responder.whenClosed([&] {
                ++lost;
                later.reset(); // the callback may destroy the responder
            });
            later.emplace(std::move(responder));
        });
        fixture.listen();
        RawClient client(fixture.port);
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_VERIFY(later);
        if (byReset)
            client.reset();
        else
            client.close();
        QTRY_COMPARE(lost, 1);
        QTRY_COMPARE(fixture.server->connectionCount(), 0);
    }

    void answersToTheDeadDoNothing()
    {
        Fixture fixture;
        std::optional<Responder> later;
        fixture.get("/slow", [&](Request, Responder responder) { later.emplace(std::move(responder)); });
        fixture.listen();
        RawClient client(fixture.port);
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_VERIFY(later);
        client.reset();
        QTRY_VERIFY(!later->isOpen());
        int lost = 0;
        later->whenClosed([&] { ++lost; }); // too late to be called later
        QCOMPARE(lost, 1);
        later->beginStream(eventStreamHead());
        later->write("x");
        later->endStream();
        later->send({});
        QCOMPARE(later->unsentBytes(), std::size_t(0));
    }

    void theServerMayGoFirst()
    {
        auto fixture = std::make_unique<Fixture>();
        std::vector<Responder> open;
        int lost = 0;
        const auto keep = [&](Request, Responder responder) {
            responder.whenClosed([&] { ++lost; });
            open.push_back(std::move(responder));
        };
        fixture->get("/slow", keep);
        fixture->get("/stream", [&](Request request, Responder responder) {
            responder.beginStream(eventStreamHead());
            keep(std::move(request), std::move(responder));
        });
        fixture->listen();
        RawClient one(fixture->port);
        RawClient two(fixture->port);
        RawClient idle(fixture->port);
        one.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        two.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_COMPARE(open.size(), std::size_t(2));
        fixture.reset();
        QVERIFY(one.waitForEnd() && two.waitForEnd() && idle.waitForEnd());
        for (Responder& responder : open) {
            QVERIFY(!responder.isOpen());
            responder.write("x");
        }
        open.clear();
        QCOMPARE(lost, 0);
    }

    void slowCallersAreDropped()
    {
        Fixture fixture({.headTimeout = std::chrono::seconds(1),
            .bodyTimeout = std::chrono::seconds(1),
            .idleTimeout = std::chrono::seconds(1)});
        fixture.get("/hello", sayHello);
        fixture.post("/echo", echo);
        fixture.listen();
        RawClient silent(fixture.port);
        RawClient head(fixture.port);
        RawClient body(fixture.port);
        RawClient idle(fixture.port);
        head.send("GET /hello HT");
        body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
        idle.send(kGet);
        QVERIFY(silent.waitForEnd() && head.waitForEnd() && body.waitForEnd() && idle.waitForEnd());
        QCOMPARE(silent.received(), std::string());
        QCOMPARE(statusOf(head.received()), std::string("HTTP/1.1 408 Request Timeout"));
        QCOMPARE(statusOf(body.received()), std::string("HTTP/1.1 408 Request Timeout"));
        QVERIFY(idle.received().ends_with("hello"));
    }

    void surplusConnectionsAreToldSo()
    {
        Fixture fixture({.maxConnections = 2});
        fixture.get("/hello", sayHello);
        fixture.listen();
        RawClient one(fixture.port);
        RawClient two(fixture.port);
        QTRY_COMPARE(fixture.server->connectionCount(), 2);
        const auto answer = ask(fixture.port, kGet);
        QCOMPARE(statusOf(answer), std::string("HTTP/1.1 503 Service Unavailable"));
        one.close();
        QTRY_COMPARE(fixture.server->connectionCount(), 1);
        QVERIFY(ask(fixture.port, kGet, "hello").ends_with("hello"));
    }
};

QTEST_GUILESS_MAIN(TestHttpFaults)
#include "tst_http_faults.moc"
