// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/http_control.h"
#include "tests/support/await.h"

#include <QSignalSpy>
#include <QTest>
#include <QWebSocketServer>
#include <memory>
#include <vector>

using namespace tintype;
using namespace tintype::control;
using Kind = ConnectionState::Kind;

/// The stream of events and leases against a bare WebSocket server.
class TestLiveSocket : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<QWebSocketServer>(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
        QVERIFY(m_server->listen(QHostAddress::LocalHost));
        m_control = std::make_unique<HttpControl>(HostAddress{
            .url = "http://127.0.0.1:" + std::to_string(m_server->serverPort()), .key = "id:secret", .caFile = {}, .fingerprint = {}});
        m_states.clear();
        connect(m_control.get(), &Control::connectionChanged, this, [this](const ConnectionState& state) { m_states.push_back(state.kind); });
    }

    void cleanup()
    {
        m_control.reset();
        m_server.reset();
    }

    void tellsEvents()
    {
        std::vector<Event> events;
        connect(m_control.get(), &Control::happened, this, [&](const Event& event) { events.push_back(event); });
        m_control->watch({.app = "a", .types = {"log", "replica"}});
        const auto socket = accept();
        QCOMPARE(socket->request().url().path(), QStringLiteral("/v1/events"));
        QCOMPARE(socket->request().url().query(), QStringLiteral("app=a&types=log,replica"));
        QCOMPARE(socket->request().rawHeader("Authorization"), QByteArray("Key id:secret"));
        socket->sendTextMessage(QStringLiteral("garbage"));
        socket->sendTextMessage(QStringLiteral(R"({"type": "log", "log": {"text": "hello"}})"));
        QTRY_COMPARE(events.size(), 1U);
        QCOMPARE(std::get<LogAdded>(events.front()).line.text, std::string("hello"));
    }

    void connectsAgain()
    {
        m_control->watch({});
        accept()->close();
        QTRY_VERIFY(m_states.size() >= 3);
        QCOMPARE(m_states, (std::vector<Kind>{Kind::Connecting, Kind::Connected, Kind::Retrying}));
        const auto second = accept();
        QTRY_COMPARE(m_states.back(), Kind::Connected);
    }

    void keepsTryingWhileNobodyAnswers()
    {
        m_server->close();
        m_control->watch({});
        QTRY_VERIFY(std::count(m_states.begin(), m_states.end(), Kind::Retrying) >= 2);
        m_control->unwatch();
        QCOMPARE(m_states.back(), Kind::Off);
    }

    void waitsLongerEachTime()
    {
        QCOMPARE(retrySeconds(1), 0.5);
        QCOMPARE(retrySeconds(2), 1.0);
        QCOMPARE(retrySeconds(4), 4.0);
        QCOMPARE(retrySeconds(6), 15.0);
        QCOMPARE(retrySeconds(1'000'000), 15.0);
    }

    // ---- leases

    void holdsALease()
    {
        const auto held = m_control->holdLease("a");
        const auto socket = accept();
        QVERIFY(test::await(held));
        QCOMPARE(socket->request().url().path(), QStringLiteral("/v1/apps/a/lease"));
        QSignalSpy closed(socket.get(), &QWebSocket::disconnected);
        m_control->endLease("a");
        QVERIFY(closed.wait());
    }

    void tellsThatALeaseBroke()
    {
        const auto held = m_control->holdLease("a");
        const auto socket = accept();
        QVERIFY(test::await(held));
        std::string ended;
        connect(m_control.get(), &Control::leaseEnded, this, [&](const std::string& app, const Error&) { ended = app; });
        socket->close();
        QTRY_COMPARE(ended, std::string("a"));
    }

    void tellsThatALeaseIsNotToBeHad()
    {
        m_server->close();
        QCOMPARE(test::await(m_control->holdLease("a")).error().code, ErrorCode::Unavailable);
    }

private:
    std::unique_ptr<QWebSocket> accept()
    {
        if (!m_server->hasPendingConnections())
            QSignalSpy(m_server.get(), &QWebSocketServer::newConnection).wait();
        return std::unique_ptr<QWebSocket>(m_server->nextPendingConnection());
    }

    std::unique_ptr<QWebSocketServer> m_server;
    std::unique_ptr<HttpControl> m_control;
    std::vector<Kind> m_states;
};

QTEST_GUILESS_MAIN(TestLiveSocket)
#include "tst_live_socket.moc"
