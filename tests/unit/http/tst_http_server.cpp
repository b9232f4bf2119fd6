// SPDX-License-Identifier: Apache-2.0
#include "http_fixture.h"

#include <QDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <stdexcept>

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

class TestHttpServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers()
    {
        Fixture fixture;
        fixture.get("/hello", sayHello);
        fixture.listen();
        const auto answer = ask(fixture.port, kGet, "hello");
        QCOMPARE(statusOf(answer), std::string("HTTP/1.1 200 OK"));
        for (const char* field : {"\r\nDate: ", "\r\nContent-Length: 5\r\n", "\r\nX-Finished: yes\r\n"})
            QVERIFY2(answer.find(field) != std::string::npos, field);
        QVERIFY(answer.find("Connection:") == std::string::npos);
    }

    void takesBytesOneByOne()
    {
        Fixture fixture;
        fixture.post("/echo", echo);
        fixture.listen();
        RawClient client(fixture.port);
        for (const char byte : post("/echo", "abc") + post("/echo", "def")) {
            client.send({&byte, 1});
            QCoreApplication::processEvents();
        }
        QVERIFY(client.waitFor("<def>"));
        QCOMPARE(client.count("<abc>"), 1);
    }

    void tellsAboutTheRequest()
    {
        Fixture fixture;
        Request seen;
        fixture.get("/{who}/x", [&](Request request, Responder responder) {
            seen = std::move(request);
            responder.send({});
        });
        fixture.listen();
        ask(fixture.port, "GET /m%65/x?a=b%20c HTTP/1.1\r\nHost: h\r\nX-Y: z\r\n\r\n", "Length: 0");
        QCOMPARE(seen.path, std::string("/me/x"));
        QCOMPARE(seen.parameters.at("who"), std::string("me"));
        QCOMPARE(seen.query.at("a"), std::string("b c"));
        QCOMPARE(seen.headers.value("x-y"), std::string_view("z"));
        QCOMPARE(seen.peer, std::string("127.0.0.1"));
        QCOMPARE(seen.listener, std::string("main"));
        QVERIFY(!seen.secure);
    }

    void pipelinedRequestsAreAnsweredInOrder()
    {
        Fixture fixture;
        std::vector<Responder> waiting;
        fixture.get("/slow", [&](Request, Responder responder) { waiting.push_back(std::move(responder)); });
        fixture.get("/hello", sayHello);
        fixture.listen();
        RawClient client(fixture.port);
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + kGet + kGet);
        QTRY_COMPARE(waiting.size(), std::size_t(1));
        QCOMPARE(client.received(), std::string());
        waiting.front().send(Response::text(200, "slow"));
        QVERIFY(client.waitFor("hello", 2));
        QVERIFY(client.received().find("slow") < client.received().find("hello"));
    }

    void manyPipelinedRequests()
    {
        Fixture fixture;
        fixture.get("/hello", sayHello);
        fixture.listen();
        RawClient client(fixture.port);
        std::string all;
        for (int count = 0; count < 5000; ++count)
            all += kGet;
        client.send(all);
        QVERIFY(client.waitFor("hello", 5000));
    }

    void handlersMayAnswerLater()
    {
        Fixture fixture;
        std::optional<Responder> later;
        fixture.get("/hello", [&](Request, Responder responder) { later.emplace(std::move(responder)); });
        fixture.listen();
        RawClient client(fixture.port);
        for (int round = 1; round <= 3; ++round) {
            client.send(kGet);
            QTRY_VERIFY(later);
            QVERIFY(later->isOpen());
            later->send(Response::text(200, "later"));
            later->send(Response::text(200, "twice"));
            later.reset();
            QVERIFY(client.waitFor("later", round));
        }
        QCOMPARE(client.count("twice"), 0);
    }

    void anAnswerThatIsNotGivenIsA500()
    {
        Fixture fixture;
        fixture.get("/forget", [](Request, Responder) { });
        fixture.get("/throw", [](Request, Responder) { throw std::runtime_error("secret"); });
        fixture.listen();
        QTest::ignoreMessage(QtWarningMsg, "the handler of /throw threw an exception");
        RawClient client(fixture.port);
        client.send("GET /forget HTTP/1.1\r\nHost: a\r\n\r\nGET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(client.waitFor("HTTP/1.1 500 ", 2));
        QVERIFY(client.waitFor("internal_error\"}", 2));
        QCOMPARE(client.count("secret"), 0);
    }

    void headHasNoBody()
    {
        Fixture fixture;
        fixture.get("/hello", sayHello);
        fixture.get("/nothing",
            [](Request, Responder responder) { responder.send({.status = 204, .headers = {}, .body = "x"}); });
        fixture.listen();
        const auto answer = ask(fixture.port,
            "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        QVERIFY(answer.find("Content-Length: 5\r\n\r\nHTTP/1.1 204 No Content\r\n") != std::string::npos);
        QCOMPARE(bodyOf(answer.substr(answer.find("204"))), std::string());
        QVERIFY(answer.substr(answer.find("204")).find("Content-Length") == std::string::npos);
    }

    void http10ClosesUnlessAsked()
    {
        Fixture fixture;
        fixture.get("/hello", sayHello);
        fixture.listen();
        const auto closed = ask(fixture.port, "GET /hello HTTP/1.0\r\n\r\n");
        QCOMPARE(bodyOf(closed), std::string("hello"));
        QVERIFY(closed.find("Connection: close") != std::string::npos);
        RawClient kept(fixture.port);
        for (int round = 1; round <= 2; ++round) {
            kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            QVERIFY(kept.waitFor("hello", round));
        }
        QCOMPARE(kept.count("Connection: keep-alive"), 2);
    }

    void earlyAnswersKeepTheConnectionIfTheBodyIsShort()
    {
        Fixture fixture;
        fixture.get("/hello", sayHello);
        fixture.listen();
        const auto answer = ask(fixture.port, post("/nowhere", "some body") + kGet, "hello");
        QCOMPARE(statusOf(answer), std::string("HTTP/1.1 404 Not Found"));
        const auto closed = ask(fixture.port, post("/nowhere", std::string(100'000, 'x')) + kGet);
        QVERIFY(closed.find("Connection: close") != std::string::npos);
        QVERIFY(closed.find("hello") == std::string::npos);
    }

    void waitsForContinue()
    {
        Fixture fixture;
        fixture.site.table.add({.method = "POST", .pattern = "/echo", .handle = echo, .maxBody = 8});
        fixture.listen();
        RawClient client(fixture.port);
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        QVERIFY(client.waitFor("HTTP/1.1 100 Continue\r\n\r\n"));
        client.send("abc");
        QVERIFY(client.waitFor("<abc>"));
        const auto refused
            = ask(fixture.port, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
        QCOMPARE(statusOf(refused), std::string("HTTP/1.1 413 Content Too Large"));
    }

    void largeBodiesGoToAFile()
    {
        Fixture fixture;
        std::string path;
        std::string content;
        fixture.site.table.add({.method = "PUT",
            .pattern = "/upload",
            .handle =
                [&](Request request, Responder responder) {
                    path = request.bodyFile;
                    std::ifstream file(path);
                    content.assign(std::istreambuf_iterator<char>(file), {});
                    responder.send(Response::text(200, std::to_string(request.bodyBytes) + request.body));
                },
            .maxBody = 1 << 20,
            .bodyToFile = true});
        fixture.listen();
        const std::string body(300'000, 'y');
        const auto answer
            = ask(fixture.port, "PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body, "300000");
        QCOMPARE(bodyOf(answer), std::string("300000"));
        QCOMPARE(content, body);
        QVERIFY(path.starts_with(fixture.folder.path().toStdString()));
        QTRY_VERIFY(!std::filesystem::exists(path));

        RawClient broken(fixture.port); // one that ends in the middle leaves nothing behind
        broken.send("PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\nabc");
        const QDir spool(fixture.folder.filePath(QStringLiteral("spool")));
        QTRY_COMPARE(spool.entryList(QDir::Files).size(), 1);
        broken.reset();
        QTRY_COMPARE(spool.entryList(QDir::Files).size(), 0);
    }

    void stoppingClosesAfterTheNextAnswer()
    {
        Fixture fixture;
        fixture.get("/hello", sayHello);
        fixture.listen();
        RawClient client(fixture.port);
        client.send(kGet);
        QVERIFY(client.waitFor("hello"));
        fixture.server->stopListening();
        client.send(kGet);
        QVERIFY(client.waitForEnd());
        QCOMPARE(client.count("hello"), 2);
        QCOMPARE(client.count("Connection: close"), 1);
    }

    void theResolverMayAnswerItself()
    {
        Fixture fixture;
        fixture.site.before = [](Request& head) -> std::optional<Response> {
            head.path = "/rewritten";
            if (head.headers.has("Authorization"))
                return std::nullopt;
            return Response::error(401, "no key");
        };
        fixture.get("/rewritten", sayHello);
        fixture.listen();
        QCOMPARE(statusOf(ask(fixture.port, kGet, "no key")), std::string("HTTP/1.1 401 Unauthorized"));
        QVERIFY(
            ask(fixture.port, "GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: k\r\n\r\n", "hello").ends_with("hello"));
        QCOMPARE(fixture.site.finished,
            (std::vector<std::pair<std::string, int>>{{"/rewritten", 401}, {"/rewritten", 200}}));
    }

    void parsesAddresses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("parsed");
        const auto row = [](const char* text, const char* parsed) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(parsed);
        };
        row("127.0.0.1:7870", "127.0.0.1 7870 loopback");
        row("[::1]:7870", "::1 7870 loopback");
        row("localhost:1", "localhost 1 loopback");
        row(":7870", "0.0.0.0 7870 open");
        row("0.0.0.0:0", "0.0.0.0 0 open");
        row("[::]:80", ":: 80 open");
        row("10.0.0.1:65535", "10.0.0.1 65535 open");
        row("127.0.0.1", "error");
        row("127.0.0.1:", "error");
        row("127.0.0.1:65536", "error");
        row("127.0.0.1:-1", "error");
        row("127.0.0.1:8x", "error");
        row("::1:7870", "error");
        row("[127.0.0.1]:1", "error");
        row("[]:1", "error");
        row("example.org:80", "error");
        row("", "error");
    }
    void parsesAddresses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, parsed);
        const auto address = ListenAddress::parse(text.toStdString());
        const auto shown = address
            ? address->host + ' ' + std::to_string(address->port) + (address->isLoopback() ? " loopback" : " open")
            : std::string("error");
        QCOMPARE(shown, parsed.toStdString());
    }

    void anAddressThatIsTakenIsAnError()
    {
        Fixture fixture;
        fixture.listen();
        const auto again = fixture.server->listen("again", {.host = "127.0.0.1", .port = fixture.port}, std::nullopt);
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Unavailable);
    }
};

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
