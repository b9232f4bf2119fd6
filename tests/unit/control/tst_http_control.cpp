// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/http_control.h"
#include "tests/support/await.h"
#include "tests/support/fake_host.h"

#include <QTest>
#include <memory>

using namespace tintype;
using namespace tintype::control;
using test::await;
using test::FakeHost;

/// The client against a host that answers as it is told.
class TestHttpControl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_host = std::make_unique<FakeHost>();
        m_control = std::make_unique<HttpControl>(HostAddress{.url = m_host->url(), .key = "id:secret", .caFile = {}, .fingerprint = {}});
    }

    void sendsKeyAndPath()
    {
        answerWith(200, R"({"name": "a b"})");
        QCOMPARE(await(m_control->app("a b/c"))->name, std::string("a b"));
        QCOMPARE(last().method, QByteArray("GET"));
        QCOMPARE(last().target, QByteArray("/v1/apps/a%20b%2Fc"));
        QCOMPARE(last().headers.at("authorization"), QByteArray("Key id:secret"));
    }

    void escapesQueries()
    {
        answerWith(200, R"({"items": [], "next_cursor": null})");
        LogQuery query;
        query.search = "a&b=c+d é";
        await(m_control->logs(query));
        QVERIFY2(last().target.contains("search=a%26b%3Dc%2Bd%20%C3%A9"), last().target.constData());
        QVERIFY(!last().target.contains("app="));
    }

    void readsAllPages()
    {
        m_host->answer = [](const FakeHost::Request& request) {
            return FakeHost::Answer{200, request.target.contains("cursor=2") ? R"({"items": [{"name": "b"}], "next_cursor": null})"
                                                                             : R"({"items": [{"name": "a"}], "next_cursor": "2"})"};
        };
        const auto apps = await(m_control->apps());
        QVERIFY(apps);
        QCOMPARE(apps->size(), 2U);
        QCOMPARE(apps->back().name, std::string("b"));
    }

    void passesErrorsOn()
    {
        answerWith(409, R"({"detail": "the app is rolling", "error_type": "conflict"})");
        const auto done = await(m_control->deleteApp("a"));
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Conflict);
        QCOMPARE(done.error().message, std::string("the app is rolling"));
    }

    void acceptsAnAnswerWithoutBody()
    {
        answerWith(204, "");
        QVERIFY(await(m_control->deleteApp("a")));
    }

    void refusesWhatIsNoHost()
    {
        answerWith(200, "<html>");
        const auto host = await(m_control->host());
        QCOMPARE(host.error().code, ErrorCode::Protocol);
    }

    void tellsThatNobodyAnswers()
    {
        const std::string url = m_host->url();
        m_host.reset();
        const auto host = await(m_control->host());
        QCOMPARE(host.error().code, ErrorCode::Unavailable);
        QCOMPARE(host.error().message, "no host answers at " + url);
    }

    void survivesAHangUp()
    {
        m_host->answer = [](const FakeHost::Request&) { return FakeHost::Answer{.hangUp = true}; };
        QCOMPARE(await(m_control->queueSize("a")).error().code, ErrorCode::Unavailable);
    }

    void cancelsFuturesWhenItGoes()
    {
        const auto future = m_control->host();
        m_control.reset();
        QCOMPARE(await(future).error().code, ErrorCode::Cancelled);
    }

    void readsModels()
    {
        answerWith(200, R"({"items": [{"id": "hub-a", "name": "org/a", "source": "hub", "bytes": 12, "parameters": 7, "complete": true,
            "removable": true, "components": [{"name": "vae", "class": "C", "bytes": 3, "parameters": 2, "dtype": "F16"}],
            "needed_by": [{"app": "x", "revision": "ab", "number": 4, "in_use": true}, 7]}, {"id": "odd", "bytes": -5}],
            "next_cursor": null})");
        const auto models = await(m_control->models());
        QVERIFY(models);
        QCOMPARE(models->size(), 2U);
        QCOMPARE(models->front().name, std::string("org/a"));
        QVERIFY(models->front().removable);
        QCOMPARE(models->front().components.front().dtype, std::string("F16"));
        QCOMPARE(models->front().neededBy.front().number, 4);
        QCOMPARE(models->back().bytes, std::uint64_t{0});
        QVERIFY(!models->back().removable);
    }

    void deletesAModel()
    {
        answerWith(200, R"({"freed_bytes": 9000000000})");
        QCOMPARE(await(m_control->deleteModel("hub-a/b")).value(), std::uint64_t{9'000'000'000});
        QCOMPARE(last().method, QByteArray("DELETE"));
        QCOMPARE(last().target, QByteArray("/v1/models/hub-a%2Fb"));
        QCOMPARE(await(m_control->collectBlobs()).value(), std::uint64_t{9'000'000'000});
        QCOMPARE(last().target, QByteArray("/v1/blobs/collect"));
    }

    void asksForRequestsByDuration()
    {
        answerWith(200, R"({"items": [], "next_cursor": null})");
        RequestQuery query;
        query.minTotal = 0.25;
        query.maxTotal = 120;
        query.cold = false;
        await(m_control->requests(query));
        QVERIFY2(last().target.contains("min_total=0.25&max_total=120&cold=false"), last().target.constData());
    }

    // ---- calls

    void submitsThroughTheQueueClass()
    {
        answerWith(200, "{\"request_id\": \"q\", \"status_url\": \"http://h/local/a/requests/q/status\", \"queue_position\": 3}");
        const auto submission = await(m_control->submit({.endpoint = "local/a/b", .input = "{}", .tag = {}}));
        QVERIFY(submission);
        QCOMPARE(submission->position, 3);
        QCOMPARE(last().target, QByteArray("/local/a/b"));
        QCOMPARE(last().headers.at("x-fal-target-url"), QByteArray("https://queue.fal.run/local/a/b"));
    }

    void readsAStatus()
    {
        answerWith(202, R"({"status": "IN_QUEUE", "queue_position": 1, "reason": {"message": "the app is paused"}, "eta": 2.5})");
        const auto status = await(m_control->callStatus({"q", m_host->url() + "/local/a/requests/q/status", {}, {}, 0}));
        QVERIFY(status);
        QCOMPARE(status->state, CallStatus::State::Queued);
        QCOMPARE(status->reason, std::string("the app is paused"));
        QCOMPARE(*status->eta, 2.5);
    }

    void doesNotGiveTheKeyAway()
    {
        QTcpServer stranger;
        QVERIFY(stranger.listen(QHostAddress(QStringLiteral("127.0.0.2"))));
        QByteArray received;
        connect(&stranger, &QTcpServer::newConnection, &stranger, [&] {
            QTcpSocket* const socket = stranger.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [&, socket] {
                received += socket->readAll();
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            });
        });
        await(m_control->fetchFile("http://127.0.0.2:" + std::to_string(stranger.serverPort()) + "/files/x.png"));
        QVERIFY(received.startsWith("GET /files/x.png"));
        QVERIFY(!received.toLower().contains("authorization"));
    }

    void streamsStepsAndOutput()
    {
        m_host->answer = [](const FakeHost::Request&) {
            return FakeHost::Answer{200,
                "data: {\"type\": \"progress\", \"step\": 1, \"steps\": 2, \"eta\": 0.5}\n\n"
                "data: {\"type\": \"progress\", \"step\": 2, \"steps\": 2, \"eta\": 0}\n\n"
                "data: {\"images\": [{\"url\": \"u\"}]}\n\n",
                "text/event-stream"};
        };
        std::vector<int> steps;
        connect(m_control.get(), &Control::callProgressed, this, [&](const std::string& tag, const CallProgress& progress) {
            QCOMPARE(tag, std::string("t"));
            steps.push_back(progress.step);
        });
        const auto result = await(m_control->streamCall({.endpoint = "local/a", .input = "{}", .tag = "t"}));
        QVERIFY(result);
        QCOMPARE(steps, (std::vector<int>{1, 2}));
        QCOMPARE(result->output, std::string(R"({"images": [{"url": "u"}]})"));
        QCOMPARE(last().target, QByteArray("/local/a/stream"));
    }

    void tellsHowAStreamFailed_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::newRow("before it began") << 422 << QByteArray(R"({"detail": "x"})") << int(ErrorCode::InvalidArgument);
        QTest::newRow("in an event") << 200 << QByteArray("data: {\"detail\": \"x\", \"error_type\": \"timeout\"}\n\n") << int(ErrorCode::Timeout);
        QTest::newRow("no result") << 200 << QByteArray("data: {\"type\": \"progress\"}\n\n") << int(ErrorCode::Unavailable);
        QTest::newRow("nothing") << 200 << QByteArray() << int(ErrorCode::Unavailable);
    }

    void tellsHowAStreamFailed()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        m_host->answer = [&](const FakeHost::Request&) { return FakeHost::Answer{status, body, "text/event-stream"}; };
        const auto result = await(m_control->streamCall({.endpoint = "local/a", .input = "{}", .tag = "t"}));
        QVERIFY(!result);
        QCOMPARE(int(result.error().code), code);
    }

    void stopsAStream()
    {
        const auto future = m_control->streamCall({.endpoint = "local/a", .input = "{}", .tag = "t"});
        m_control->stopCall("t");
        QCOMPARE(await(future).error().code, ErrorCode::Cancelled);
        m_control->stopCall("t");
    }

    void readsDataUris_data()
    {
        QTest::addColumn<QByteArray>("uri");
        QTest::addColumn<QByteArray>("bytes"); // empty = refused
        QTest::newRow("picture") << QByteArray("data:image/png;base64,YWJj") << QByteArray("abc");
        QTest::newRow("no base64") << QByteArray("data:text/plain,abc") << QByteArray();
        QTest::newRow("damaged") << QByteArray("data:image/png;base64,Y*Jj") << QByteArray();
        QTest::newRow("no comma") << QByteArray("data:image/png;base64") << QByteArray();
    }

    void readsDataUris()
    {
        QFETCH(QByteArray, uri);
        QFETCH(QByteArray, bytes);
        const auto file = await(m_control->fetchFile(uri.toStdString()));
        QCOMPARE(file.has_value(), !bytes.isEmpty());
        if (file)
            QCOMPARE(file->bytes, bytes.toStdString());
    }

private:
    void answerWith(int status, const QByteArray& body)
    {
        m_host->answer = [=](const FakeHost::Request&) { return FakeHost::Answer{status, body}; };
    }

    const FakeHost::Request& last() const { return m_host->requests.back(); }

    std::unique_ptr<FakeHost> m_host;
    std::unique_ptr<HttpControl> m_control;
};

QTEST_GUILESS_MAIN(TestHttpControl)
#include "tst_http_control.moc"
