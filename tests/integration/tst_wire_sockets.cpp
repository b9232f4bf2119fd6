// SPDX-License-Identifier: Apache-2.0
// Realtime and HTTP over a socket.
#include "deploy/wire/message_pack.h"
#include "deploy/wire/socket_routes.h"
#include "tests/integration/wire_fixture.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace tintype;
using namespace tintype::test;

namespace {

constexpr int kPatience = 20'000; ///< ms

/// What came over a socket, in its order.
class Inbox : public QObject {
public:
    explicit Inbox(QWebSocket& socket)
    {
        connect(&socket, &QWebSocket::textMessageReceived, this, [this](const QString& text) {
            texts.push_back(Json::parse(text.toStdString(), nullptr, /*allow_exceptions=*/false));
            ++count;
        });
        connect(&socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& bytes) {
            results.push_back(Json::parse(wire::jsonOfMessagePack(bytes.toStdString()).value_or("null")));
            ++count;
        });
    }

    bool waitFor(std::size_t wanted)
    {
        return QTest::qWaitFor([this, wanted] { return count >= wanted; }, kPatience);
    }

    std::vector<Json> texts;
    std::vector<Json> results;
    std::size_t count = 0;
};

QByteArray packed(const Json& value) { return QByteArray::fromStdString(wire::messagePackOfJson(value.dump())); }

/// A table alone as a resolver.
class Table final : public http::RequestResolver {
public:
    std::variant<const http::Route*, http::Response> resolve(http::Request& head) override
    {
        const auto match = table.match(head);
        if (match.route)
            return match.route;
        return http::noRoute(match, head);
    }
    void finish(const http::Request&, http::Response&) override {}

    http::RouteTable table;
};

} // namespace

class TestWireSockets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_site.reset(); }

    void answersInMessagePack();
    void answersJsonText();
    void answersEveryMessage();
    void tellsTimingsIfAsked();
    void outlivesBadMessages_data();
    void outlivesBadMessages();
    void dropsTheOldestWhenFull();
    void admitsByTokenAndByKey();
    void refusesHandshakes_data();
    void refusesHandshakes();
    void cancelsWhenTheCallerGoes();
    void answersACloseWith1000();
    void closesWhenIdle();
    void pipelinesCalls();

private:
    int running() const { return m_site->host().requests().liveCount(); }

    std::unique_ptr<WireHost> m_site;
};

void TestWireSockets::initTestCase()
{
    m_site = std::make_unique<WireHost>("step_ms=2 steps=3");
    m_site->deploy("open");
    m_site->deploy("closed", "private");
}

void TestWireSockets::answersInMessagePack()
{
    const auto socket = m_site->open("/local/open/realtime");
    Inbox inbox(*socket);
    socket->sendBinaryMessage(packed({{"prompt", "a red circle"}, {"seed", 9}}));
    QVERIFY(inbox.waitFor(1));
    QCOMPARE(inbox.results.size(), std::size_t{1});
    QCOMPARE(inbox.results[0]["seed"], Json(9));
    QVERIFY(inbox.results[0]["images"][0]["url"].get<std::string>().starts_with("data:image/png;base64,")); // nothing to fetch
}

void TestWireSockets::answersJsonText()
{
    const auto socket = m_site->open("/local/open/realtime/");
    Inbox inbox(*socket);
    socket->sendTextMessage(QStringLiteral(R"({"prompt":"x","seed":4})"));
    QVERIFY(inbox.waitFor(1));
    QCOMPARE(inbox.results.at(0)["seed"], Json(4));
}

void TestWireSockets::answersEveryMessage()
{
    const auto socket = m_site->open("/local/open/realtime");
    Inbox inbox(*socket);
    for (int seed = 0; seed < 10; ++seed)
        socket->sendBinaryMessage(packed({{"prompt", "x"}, {"seed", seed}}));
    QVERIFY(inbox.waitFor(10));
    for (int seed = 0; seed < 10; ++seed)
        QCOMPARE(inbox.results.at(static_cast<std::size_t>(seed))["seed"], Json(seed));
}

void TestWireSockets::tellsTimingsIfAsked()
{
    const auto socket = m_site->open("/local/open/realtime?emit_timings=1");
    Inbox inbox(*socket);
    socket->sendBinaryMessage(packed(prompt()));
    QVERIFY(inbox.waitFor(2));
    QCOMPARE(inbox.texts.at(0)["type"], Json("x-fal-message"));
    QCOMPARE(inbox.texts.at(0)["action"], Json("timings"));
    QVERIFY(inbox.texts.at(0)["timing"].get<double>() > 0);
}

void TestWireSockets::outlivesBadMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<bool>("isText");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("not msgpack") << QByteArray("\xc1\xc1") << false << QByteArray("BAD_REQUEST");
    QTest::newRow("cut") << QByteArray("\x82\xa1x") << false << QByteArray("BAD_REQUEST");
    QTest::newRow("a million levels") << QByteArray(1'000'000, '\x91') << false << QByteArray("BAD_REQUEST");
    QTest::newRow("no prompt") << packed(Json::object()) << false << QByteArray("VALIDATION_ERROR");
    QTest::newRow("no object") << packed(Json::array()) << false << QByteArray("VALIDATION_ERROR");
    QTest::newRow("text that is no JSON") << QByteArray("{") << true << QByteArray("VALIDATION_ERROR");
}

void TestWireSockets::outlivesBadMessages()
{
    QFETCH(const QByteArray, message);
    QFETCH(const bool, isText);
    QFETCH(const QByteArray, code);
    const auto socket = m_site->open("/local/open/realtime");
    Inbox inbox(*socket);
    if (isText)
        socket->sendTextMessage(QString::fromUtf8(message));
    else
        socket->sendBinaryMessage(message);
    QVERIFY(inbox.waitFor(1));
    QCOMPARE(inbox.texts.at(0)["type"], Json("x-fal-error"));
    QCOMPARE(inbox.texts.at(0)["error"], Json(code.toStdString()));
    QVERIFY(!inbox.texts.at(0)["reason"].get<std::string>().empty());
    socket->sendBinaryMessage(packed(prompt()));
    QVERIFY(inbox.waitFor(2));
    QCOMPARE(inbox.results.size(), std::size_t{1});
}

void TestWireSockets::dropsTheOldestWhenFull()
{
    const auto socket = m_site->open("/local/open/realtime?max_buffering=2");
    Inbox inbox(*socket);
    for (int seed = 0; seed < 6; ++seed)
        socket->sendBinaryMessage(packed({{"prompt", "x"}, {"seed", seed}, {"num_inference_steps", 100}}));
    QVERIFY(QTest::qWaitFor([&] { return !inbox.results.empty() && inbox.results.back()["seed"] == 5; }, kPatience));
    QCOMPARE(inbox.results.size(), std::size_t{3}); // the first, which ran, and the two newest
    QCOMPARE(inbox.results[1]["seed"], Json(4));
}

void TestWireSockets::admitsByTokenAndByKey()
{
    const std::string key = "Key " + m_site->makeKey(store::Scope::Api);
    const auto token = [&](const char* app) {
        return m_site->send("POST", "/tokens/", Json{{"allowed_apps", {app}}}.dump(), {{"Authorization", key}}, "rest.fal.ai").json.get<std::string>();
    };
    const auto isOpen = [this](const std::string& path, const HeaderList& headers) {
        return m_site->open(path, headers)->state() == QAbstractSocket::ConnectedState;
    };
    QVERIFY(isOpen("/local/closed/realtime", {{"Authorization", key}}));
    QVERIFY(isOpen("/local/closed/realtime", {{"Authorization", "Bearer " + token("closed")}}));
    QVERIFY(isOpen("/local/closed/realtime?fal_jwt_token=" + token("closed"), {}));
    QVERIFY(!isOpen("/local/closed/realtime?fal_jwt_token=" + token("open"), {}));
    QVERIFY(!isOpen("/local/closed/realtime?fal_jwt_token=nonsense", {}));
    QVERIFY(!isOpen("/local/closed/realtime", {}));
}

void TestWireSockets::refusesHandshakes_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* path : {"/local/none/realtime", "/nobody/open/realtime", "/local/open/slow/realtime", "/local/open/realtime?max_buffering=0",
             "/local/open/realtime?max_buffering=61", "/local/open/realtime?max_buffering=x"})
        QTest::newRow(path) << QByteArray(path);
}

void TestWireSockets::refusesHandshakes()
{
    QFETCH(const QByteArray, text);
    QVERIFY(m_site->open(text.toStdString())->state() != QAbstractSocket::ConnectedState);
}

void TestWireSockets::cancelsWhenTheCallerGoes()
{
    const auto socket = m_site->open("/local/open/realtime");
    socket->sendBinaryMessage(packed({{"prompt", "x"}, {"num_inference_steps", 1000}}));
    QTRY_COMPARE_WITH_TIMEOUT(running(), 1, kPatience);
    socket->abort();
    QTRY_COMPARE_WITH_TIMEOUT(running(), 0, kPatience);
}

void TestWireSockets::answersACloseWith1000()
{
    const QUrl url(QString::fromStdString(m_site->base()));
    QTcpSocket socket; // sees the frame itself: a client's close without a code, and its answer
    socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
    socket.write("GET /local/open/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    QByteArray received;
    const auto sees = [&](const QByteArray& bytes) {
        received += socket.readAll();
        return received.contains(bytes);
    };
    QVERIFY(QTest::qWaitFor([&] { return sees("\r\n\r\n"); }, kPatience));
    socket.write(QByteArray("\x88\x80\0\0\0\0", 6));
    QVERIFY(QTest::qWaitFor([&] { return sees(QByteArray("\x88\x02\x03\xe8", 4)); }, kPatience));
}

void TestWireSockets::closesWhenIdle()
{
    wire::WireContext context{m_site->host(), {}};
    wire::SocketRoutes routes(context, {.idle = std::chrono::milliseconds(50)});
    Table table;
    routes.addTo(table.table);
    QTemporaryDir spool;
    http::Server server(table, {}, spool.path().toStdString());
    const auto port = server.listen("main", {.host = "127.0.0.1", .port = 0}, std::nullopt);
    QVERIFY(port.has_value());
    QWebSocket socket;
    Inbox inbox(socket);
    QSignalSpy closed(&socket, &QWebSocket::disconnected);
    socket.open(QUrl(QStringLiteral("ws://127.0.0.1:%1/local/open/realtime").arg(*port)));
    QVERIFY(closed.wait(kPatience));
    QCOMPARE(inbox.texts.at(0)["error"], Json("TIMEOUT"));
    QVERIFY(socket.closeCode() == QWebSocketProtocol::CloseCodeNormal);
}

void TestWireSockets::pipelinesCalls()
{
    const auto socket = m_site->open("/", {{"x-fal-target-url", "https://ws.fal.run/local/open"}});
    Inbox inbox(*socket);
    for (const char* input : {R"({"prompt":"x","seed":1})", R"({"seed":2})", "{", R"({"prompt":"x","seed":3})"})
        socket->sendTextMessage(QString::fromUtf8(input));
    QVERIFY(inbox.waitFor(12));
    const std::vector<int> statuses{200, 422, 422, 200};
    for (std::size_t call = 0; call < 4; ++call) {
        const Json& start = inbox.texts.at(call * 3);
        const Json& end = inbox.texts.at(call * 3 + 2);
        QCOMPARE(start["type"], Json("start"));
        QCOMPARE(start["status"], Json(statuses[call]));
        QCOMPARE(end["type"], Json("end"));
        QCOMPARE(end["request_id"], start["request_id"]);
        QVERIFY(end["time_to_first_byte_seconds"].is_number());
    }
    QCOMPARE(inbox.texts.at(10)["seed"], Json(3));
}

QTEST_GUILESS_MAIN(TestWireSockets)
#include "tst_wire_sockets.moc"
