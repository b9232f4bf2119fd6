// SPDX-License-Identifier: Apache-2.0
#include "http_fixture.h"

#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>

using namespace tintype::http;
using namespace tintype::http::test;

namespace {

const std::string kHandshake
    = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const std::string kAccepted = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="; // RFC 6455 1.3

/// A client's frame; its mask is zero.
std::string frame(int code, const std::string& payload)
{
    return std::string{static_cast<char>(0x80 | code), static_cast<char>(0x80 | payload.size()), 0, 0, 0, 0} + payload;
}

} // namespace

class TestHttpWebSocket : public QObject {
    Q_OBJECT

    std::unique_ptr<Fixture> m_fixture;
    std::vector<std::unique_ptr<QWebSocket>> m_sockets;
    std::vector<Request> m_requests;

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<Fixture>();
        const auto admit = [](const Request& request) -> std::optional<Response> {
            if (request.query.contains("refuse"))
                return Response::error(401, "no token");
            return std::nullopt;
        };
        const auto take = [this](const Request& request, std::unique_ptr<QWebSocket> socket) {
            auto* const raw = socket.get();
            connect(
                raw, &QWebSocket::textMessageReceived, raw, [raw](const QString& text) { raw->sendTextMessage(text); });
            connect(raw, &QWebSocket::binaryMessageReceived, raw,
                [raw](const QByteArray& bytes) { raw->sendBinaryMessage(bytes); });
            m_requests.push_back(request);
            m_sockets.push_back(std::move(socket));
        };
        m_fixture->site.table.add({.method = "WS", .pattern = "/ws", .admit = admit, .handleSocket = take});
        m_fixture->site.table.add(
            {.method = "WS", .pattern = "/drop", .handleSocket = [](const Request&, std::unique_ptr<QWebSocket>) { }});
        m_fixture->get("/hello", [](Request, Responder responder) { responder.send(Response::text(200, "hello")); });
        m_fixture->listen();
    }

    void cleanup()
    {
        m_sockets.clear();
        m_requests.clear();
        m_fixture.reset();
    }

    void echoes()
    {
        QWebSocket client;
        QSignalSpy texts(&client, &QWebSocket::textMessageReceived);
        QSignalSpy binaries(&client, &QWebSocket::binaryMessageReceived);
        client.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/ws?a=b").arg(m_fixture->port)));
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        client.sendTextMessage(QStringLiteral("hello"));
        QTRY_COMPARE(texts.size(), 1);
        QCOMPARE(texts[0][0].toString(), QStringLiteral("hello"));
        const QByteArray large(3 << 20, 'x');
        client.sendBinaryMessage(large);
        QTRY_COMPARE(binaries.size(), 1);
        QCOMPARE(binaries[0][0].toByteArray(), large);
        QCOMPARE(m_requests.at(0).query.at("a"), std::string("b"));
        QCOMPARE(m_requests.at(0).peer, std::string("127.0.0.1"));
        QCOMPARE(m_fixture->server->connectionCount(), 1);
        client.close();
        QTRY_COMPARE(m_sockets.at(0)->state(), QAbstractSocket::UnconnectedState);
        m_sockets.clear();
        QCOMPARE(m_fixture->server->connectionCount(), 0);
    }

    void mayFollowOtherRequests()
    {
        RawClient client(m_fixture->port);
        client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + kHandshake + "\r\n");
        QVERIFY(client.waitFor(kAccepted));
        QVERIFY(client.received().find("hello") < client.received().find("101 Switching Protocols"));
    }

    /// The answer before is still on its way when Qt takes the socket over.
    void mayFollowAnAnswerThatIsNotTakenYet()
    {
        const std::string large(20 << 20, 'x');
        m_fixture->get("/large", [&](Request, Responder responder) { responder.send(Response::text(200, large)); });
        RawClient client(m_fixture->port);
        client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n" + kHandshake + "\r\n");
        QTRY_COMPARE(m_sockets.size(), std::size_t(1));
        QVERIFY(client.waitFor(kAccepted));
        QVERIFY(client.received().find(large + "HTTP/1.1 101") != std::string::npos);
    }

    void bytesMayComeOneByOne()
    {
        RawClient client(m_fixture->port);
        for (const char byte : kHandshake + "\r\n" + frame(1, "abc")) {
            client.send({&byte, 1});
            QCoreApplication::processEvents();
        }
        QVERIFY(client.waitFor(kAccepted));
        QVERIFY(client.waitFor("\x81\x03"
                               "abc"));
    }

    /// Frames that come with the handshake reach a handler that can only connect after it.
    void framesMayComeWithTheHandshake()
    {
        RawClient client(m_fixture->port);
        client.send(kHandshake + "\r\n" + frame(1, "abc") + frame(1, "def"));
        QVERIFY(client.waitFor("\x81\x03"
                               "abc\x81\x03"
                               "def"));
    }

    /// What Qt need not know does not reach its own parser.
    void oddHeadersDoNoHarm()
    {
        RawClient client(m_fixture->port);
        std::string fields;
        for (int number = 0; number < 150; ++number)
            fields += "X-" + std::to_string(number) + ":\r\n";
        client.send(kHandshake + fields + "X-Long: " + std::string(9000, 'x') + "\r\n\r\n");
        QVERIFY(client.waitFor(kAccepted));
    }

    void closeIsAnsweredWithACode_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("empty: JavaScript's close()") << QByteArray("") << QByteArray("\x88\x02\x03\xe8", 4);
        QTest::newRow("1000: Python's") << QByteArray("\x03\xe8", 2) << QByteArray("\x88\x02\x03\xe8", 4);
        QTest::newRow("others are echoed") << QByteArray("\x0b\xb8", 2) << QByteArray("\x88\x02\x0b\xb8", 4);
    }
    void closeIsAnsweredWithACode()
    {
        QFETCH(QByteArray, payload);
        QFETCH(QByteArray, answer);
        RawClient client(m_fixture->port);
        client.send(kHandshake + "\r\n");
        QVERIFY(client.waitFor(kAccepted));
        client.send(frame(8, payload.toStdString()));
        QVERIFY(client.waitForEnd());
        QVERIFY(client.received().ends_with(answer.toStdString()));
        QTRY_COMPARE(m_sockets.at(0)->state(), QAbstractSocket::UnconnectedState);
    }

    void tooLargeMessagesEndTheSocket()
    {
        RawClient client(m_fixture->port);
        client.send(kHandshake + "\r\n");
        QVERIFY(client.waitFor(kAccepted));
        const char size[] = {'\x82', '\xff', 0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 0}; // 64 MiB and one byte
        client.send({size, sizeof size});
        QVERIFY(client.waitForEnd());
        QVERIFY(client.received().find("\x03\xf1") != std::string::npos); // 1009
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("status");
        const std::string line = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
        const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        const auto row = [](const char* name, const std::string& request, const char* status) {
            QTest::newRow(name) << QByteArray::fromStdString(request + "\r\n") << QByteArray(status);
        };
        row("by the handler", "GET /ws?refuse HTTP/1.1" + kHandshake.substr(kHandshake.find("\r\n")), "401");
        row("no handshake", "GET /ws HTTP/1.1\r\nHost: a\r\n", "426");
        row("no Connection", "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + key,
            "426");
        row("no version", line + key, "426");
        row("old version", line + "Sec-WebSocket-Version: 8\r\n" + key, "426");
        row("no key", line + "Sec-WebSocket-Version: 13\r\n", "400");
        row("short key", line + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YWJj\r\n", "400");
        row("no base64", line + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ????????????????????????\r\n", "400");
        row("post",
            "POST /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + key,
            "405");
        row("unknown path", "GET /x" + kHandshake.substr(7), "404");
        row("with a body", kHandshake + "Content-Length: 1\r\n", "400");
    }
    void refuses()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, status);
        RawClient client(m_fixture->port);
        client.send(request.toStdString());
        QVERIFY(client.waitFor("\r\n\r\n"));
        QCOMPARE(client.received().substr(9, 3), status.toStdString());
        QVERIFY(m_sockets.empty());
    }

    void aRefusedHandshakeKeepsItsConnection()
    {
        RawClient client(m_fixture->port);
        client.send("GET /ws?refuse HTTP/1.1" + kHandshake.substr(kHandshake.find("\r\n")) + "\r\n");
        QVERIFY(client.waitFor("401 Unauthorized"));
        client.send(kHandshake + "\r\n");
        QVERIFY(client.waitFor(kAccepted));
    }

    void aSocketThatIsNotKeptIsClosed()
    {
        RawClient client(m_fixture->port);
        client.send("GET /drop" + kHandshake.substr(7) + "\r\n" + frame(1, "abc"));
        QVERIFY(client.waitForEnd());
        QVERIFY(client.received().find(kAccepted) != std::string::npos);
        QCOMPARE(m_fixture->server->connectionCount(), 0);
    }

    void aCallerWhoLeavesIsNoticed()
    {
        RawClient client(m_fixture->port);
        client.send(kHandshake + "\r\n");
        QVERIFY(client.waitFor(kAccepted));
        client.reset();
        QTRY_COMPARE(m_sockets.at(0)->state(), QAbstractSocket::UnconnectedState);
    }

    void socketsOutliveTheServer()
    {
        RawClient client(m_fixture->port);
        client.send(kHandshake + "\r\n");
        QVERIFY(client.waitFor(kAccepted));
        m_fixture.reset();
        client.send(frame(1, "abc"));
        QVERIFY(client.waitFor("\x81\x03"
                               "abc"));
    }
};

QTEST_GUILESS_MAIN(TestHttpWebSocket)
#include "tst_http_web_socket.moc"
