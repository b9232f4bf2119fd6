// SPDX-License-Identifier: Apache-2.0
// run, queue and stream, as fal's clients see them.
#include "tests/integration/wire_fixture.h"

#include <QTest>

using namespace tintype;
using namespace tintype::test;

class TestWireCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_site.reset(); }

    void runsACall();
    void runsWithoutInput();
    void tellsEveryWrongField();
    void putsARequestIdOnEverything();
    void queuesACall();
    void acceptsSlashesAtTheEnd();
    void namesUrlsThatLeadBack();
    void streamsTheStatus();
    void saysThatAResultIsNotThereYet();
    void cancels();
    void answersForUnknownRequests();
    void keepsTheRequestsOfAppsApart();
    void failsInTheResult();
    void streamsSteps();
    void failsBeforeTheStreamBegins();
    void takesTargetUrls();
    void refusesForeignTargetUrls();
    void answersPreflights();
    void refuses_data();
    void refuses();
    void asksForAKey();
    void givesDocuments();
    void tellsAndFlushesTheQueue();

private:
    std::unique_ptr<WireHost> m_site;
};

void TestWireCalls::initTestCase()
{
    m_site = std::make_unique<WireHost>("step_ms=2 steps=3");
    m_site->deploy("open", "public", "endpoints: {/: {}, /fast: {defaults: {num_inference_steps: 2}}}\n");
    m_site->deploy("closed", "private");
}

void TestWireCalls::runsACall()
{
    const Answer answer = m_site->run("/local/open", {{"prompt", "a red circle"}, {"seed", 7}, {"num_images", 2}});
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.json["images"].size(), std::size_t{2});
    QCOMPARE(answer.json["seed"], Json(7));
    const std::string url = answer.json["images"][0]["url"];
    QVERIFY(url.starts_with("http://fal.run/files/"));
    const Answer picture = m_site->follow("GET", url);
    QCOMPARE(picture.status, 200);
    QCOMPARE(picture.header("Content-Type"), std::string("image/png"));
    QCOMPARE(picture.body.size(), std::size_t{1000});
    QCOMPARE(m_site->run("/local/open/fast", prompt()).json["timings"]["steps"].size(), m_site->run("/local/open/fast/", prompt()).json["timings"]["steps"].size());
}

void TestWireCalls::runsWithoutInput()
{
    const Answer answer = m_site->send("POST", "/local/open", "", {}, "fal.run");
    QCOMPARE(answer.status, 422); // no prompt, which is not the same as broken JSON
    QCOMPARE(answer.json["detail"][0]["type"], Json("missing"));
    QCOMPARE(m_site->send("GET", "/local/open?prompt=a%20cat&seed=3", "", {}, "fal.run").json["seed"], Json(3));
}

void TestWireCalls::tellsEveryWrongField()
{
    const Answer answer = m_site->run("/local/open", {{"num_images", 0}, {"seed", "x"}});
    QCOMPARE(answer.status, 422);
    QCOMPARE(answer.json["detail"].size(), std::size_t{3});
    for (const Json& entry : answer.json["detail"]) {
        QCOMPARE(entry["loc"][0], Json("body"));
        QVERIFY(entry.contains("msg") && entry.contains("type") && entry.contains("url"));
    }
    QCOMPARE(m_site->send("POST", "/local/open", "{", {}, "fal.run").status, 422);
}

void TestWireCalls::putsARequestIdOnEverything()
{
    for (const char* path : {"/local/open", "/nobody/open", "/", "/files/none"}) {
        const Answer answer = m_site->send("GET", path, "", {}, "fal.run");
        QVERIFY2(!answer.header("x-fal-request-id").empty(), path);
        QCOMPARE(answer.header("Access-Control-Allow-Origin"), std::string("*"));
        QVERIFY(answer.header("Access-Control-Expose-Headers").find("x-fal-request-id") != std::string::npos);
    }
}

void TestWireCalls::queuesACall()
{
    const Answer accepted = m_site->submit("/local/open/fast", prompt(), {{"X-Fal-Queue-Priority", "low"}});
    QCOMPARE(accepted.status, 200);
    for (const char* key : {"request_id", "response_url", "status_url", "cancel_url", "queue_position", "status"})
        QVERIFY2(accepted.json.contains(key), key);
    QCOMPARE(accepted.header("x-fal-request-id"), accepted.json["request_id"].get<std::string>());
    const std::string statusUrl = accepted.json["status_url"];
    QVERIFY(statusUrl.starts_with("http://queue.fal.run/local/open/requests/")); // without the endpoint
    const Answer status = m_site->waitUntilDone(statusUrl + "?logs=true");
    QCOMPARE(status.status, 200);
    QCOMPARE(status.json["status"], Json("COMPLETED"));
    QVERIFY(status.json["logs"].is_array());
    QVERIFY(status.json["metrics"]["inference_time"].is_number());
    QVERIFY(!status.json.contains("error"));
    QVERIFY(m_site->follow("GET", statusUrl).json["logs"].is_null());
    const Answer result = m_site->follow("GET", accepted.json["response_url"]);
    QCOMPARE(result.status, 200);
    QCOMPARE(result.json["images"].size(), std::size_t{1});
    QCOMPARE(m_site->follow("GET", accepted.json["response_url"].get<std::string>() + "/response").body, result.body);
}

void TestWireCalls::acceptsSlashesAtTheEnd()
{
    const Answer accepted = m_site->submit("/local/open/", prompt());
    const std::string id = accepted.json["request_id"];
    const Answer status = m_site->waitUntilDone("http://queue.fal.run/local/open/requests/" + id + "/status/?logs=1");
    QCOMPARE(status.json["status"], Json("COMPLETED"));
    QCOMPARE(m_site->send("GET", "/local/open/requests/" + id + "/", "", {}, "queue.fal.run").status, 200);
}

void TestWireCalls::namesUrlsThatLeadBack()
{
    const Answer accepted = m_site->send("POST", "/", prompt().dump(), {{"x-fal-target-url", "https://queue.fal.run/local/open"}});
    QCOMPARE(accepted.status, 200);
    const std::string statusUrl = accepted.json["status_url"];
    QVERIFY(statusUrl.starts_with(m_site->base() + "/local/open/requests/"));
    QCOMPARE(m_site->waitUntilDone(statusUrl).status, 200);
    const Answer result = m_site->follow("GET", accepted.json["response_url"]);
    QVERIFY(result.json["images"][0]["url"].get<std::string>().starts_with(m_site->base() + "/files/"));
}

void TestWireCalls::streamsTheStatus()
{
    const Answer accepted = m_site->submit("/local/open", {{"prompt", "x"}, {"num_inference_steps", 20}});
    const Answer stream = m_site->follow("GET", accepted.json["status_url"].get<std::string>() + "/stream?logs=1");
    QCOMPARE(stream.status, 200);
    QCOMPARE(stream.header("Content-Type").substr(0, 17), std::string("text/event-stream"));
    const auto events = eventsOf(stream.body);
    QVERIFY(events.size() >= 2);
    std::size_t lines = 0;
    for (const Json& event : events) {
        QVERIFY(event.contains("response_url"));
        QVERIFY(event["status"] == "IN_QUEUE" ? event.contains("queue_position") : event["logs"].is_array());
        lines += event.value("logs", Json::array()).size();
    }
    QCOMPARE(events.back()["status"], Json("COMPLETED"));
    const Answer all = m_site->follow("GET", accepted.json["status_url"].get<std::string>() + "?logs=1");
    QVERIFY(lines <= all.json["logs"].size()); // none is told twice
}

void TestWireCalls::saysThatAResultIsNotThereYet()
{
    const Answer accepted = m_site->submit("/local/open", {{"prompt", "x"}, {"num_inference_steps", 1000}});
    const Answer result = m_site->follow("GET", accepted.json["response_url"]);
    QCOMPARE(result.status, 400);
    QCOMPARE(result.json["detail"], Json("Request is still in progress"));
    QVERIFY(result.json["status"] == "IN_QUEUE" || result.json["status"] == "IN_PROGRESS");
    QCOMPARE(m_site->follow("PUT", accepted.json["cancel_url"]).status, 202);
    QVERIFY(m_site->waitUntilDone(accepted.json["status_url"]).status == 200);
}

void TestWireCalls::cancels()
{
    const Answer accepted = m_site->submit("/local/open", {{"prompt", "x"}, {"num_inference_steps", 1000}});
    const Answer cancelled = m_site->follow("PUT", accepted.json["cancel_url"]);
    QCOMPARE(cancelled.status, 202);
    QCOMPARE(cancelled.json["status"], Json("CANCELLATION_REQUESTED"));
    const Answer status = m_site->waitUntilDone(accepted.json["status_url"]);
    QCOMPARE(status.json["status"], Json("COMPLETED"));
    QVERIFY(status.json.contains("error"));
    QCOMPARE(m_site->follow("GET", accepted.json["response_url"]).status, 499);
    const Answer again = m_site->follow("PUT", accepted.json["cancel_url"]);
    QCOMPARE(again.status, 400);
    QCOMPARE(again.json["status"], Json("ALREADY_COMPLETED"));
}

void TestWireCalls::answersForUnknownRequests()
{
    for (const char* path : {"", "/status", "/status/stream", "/response"}) {
        const Answer answer = m_site->send("GET", std::string("/local/open/requests/none") + path, "", {}, "queue.fal.run");
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.json["status"], Json("NOT_FOUND"));
        QVERIFY(answer.json["detail"].is_string());
    }
    QCOMPARE(m_site->send("PUT", "/local/open/requests/none/cancel", "", {}, "queue.fal.run").status, 404);
}

void TestWireCalls::keepsTheRequestsOfAppsApart()
{
    const std::string key = m_site->makeKey(store::Scope::Api);
    const HeaderList headers{{"Authorization", "Key " + key}};
    const Answer accepted = m_site->submit("/local/closed", prompt(), headers);
    QCOMPARE(accepted.status, 200);
    const std::string id = accepted.json["request_id"];
    QCOMPARE(m_site->send("GET", "/local/open/requests/" + id, "", {}, "queue.fal.run").status, 404);
    QCOMPARE(m_site->send("PUT", "/local/open/requests/" + id + "/cancel", "", {}, "queue.fal.run").status, 404);
    QCOMPARE(m_site->send("GET", "/local/closed/requests/" + id, "", {}, "queue.fal.run").status, 401);
}

void TestWireCalls::failsInTheResult()
{
    const Answer accepted = m_site->submit("/local/open", {{"prompt", "x"}, {"num_images", -1}});
    QCOMPARE(accepted.status, 200); // as at fal: only the result tells
    const Answer status = m_site->waitUntilDone(accepted.json["status_url"]);
    QCOMPARE(status.json["status"], Json("COMPLETED"));
    QVERIFY(status.json["error"].is_string());
    const Answer result = m_site->follow("GET", accepted.json["response_url"]);
    QCOMPARE(result.status, 422);
    QVERIFY(result.json["detail"].is_array());
}

void TestWireCalls::streamsSteps()
{
    const Answer stream = m_site->run("/local/open/stream", {{"prompt", "x"}, {"num_inference_steps", 4}});
    QCOMPARE(stream.status, 200);
    QVERIFY(!stream.header("x-fal-request-id").empty());
    const auto events = eventsOf(stream.body);
    QCOMPARE(events.size(), std::size_t{5});
    for (int step = 1; step <= 4; ++step) {
        const Json& event = events[static_cast<std::size_t>(step - 1)];
        QCOMPARE(event["type"], Json("progress"));
        QCOMPARE(event["step"], Json(step));
        QVERIFY(event["preview"].get<std::string>().starts_with("data:image/jpeg;base64,"));
    }
    QCOMPARE(events.back()["images"].size(), std::size_t{1});
}

void TestWireCalls::failsBeforeTheStreamBegins()
{
    const Answer answer = m_site->run("/local/open/stream", {{"num_images", 1}});
    QCOMPARE(answer.status, 422);
    QVERIFY(answer.json["detail"].is_array());
    QCOMPARE(m_site->run("/local/open/slow/stream", prompt()).status, 404);
}

void TestWireCalls::takesTargetUrls()
{
    const auto target = [](const char* url) { return HeaderList{{"x-fal-target-url", url}}; };
    QCOMPARE(m_site->send("POST", "/p", prompt().dump(), target("https://fal.run/local/open")).json["images"].size(), std::size_t{1});
    const Answer accepted = m_site->send("POST", "/p", prompt().dump(), target("https://queue.fal.run/local/open"));
    const std::string status = "https://queue.fal.run/local/open/requests/" + accepted.json["request_id"].get<std::string>() + "/status?logs=0";
    QVERIFY(m_site->send("GET", "/p", "", target(status.c_str())).json.contains("status"));
    QCOMPARE(m_site->send("POST", "/p", "{}", target("https://rest.fal.ai/tokens/")).status, 400); // it was read as tokens: no allowed_apps
}

void TestWireCalls::refusesForeignTargetUrls()
{
    for (const char* url : {"https://evil.example/local/open", "http://127.0.0.1:1/", "nonsense", "https://fal.run/../x", "https://fal.run/%zz"}) {
        const Answer answer = m_site->send("POST", "/p", prompt().dump(), {{"x-fal-target-url", url}});
        QVERIFY2(answer.status == 400, url);
        QVERIFY(answer.json["detail"].is_string());
    }
}

void TestWireCalls::answersPreflights()
{
    const Answer answer = m_site->send("OPTIONS", "/local/open", "",
        {{"Origin", "https://page.example"}, {"Access-Control-Request-Method", "PUT"}, {"Access-Control-Request-Headers", "x-fal-custom, authorization"}});
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.header("Access-Control-Allow-Origin"), std::string("*"));
    QVERIFY(answer.header("Access-Control-Allow-Headers").find("x-fal-custom") != std::string::npos);
    QVERIFY(answer.header("Access-Control-Allow-Methods").find("PUT") != std::string::npos);
}

void TestWireCalls::refuses_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("status");
    const QByteArray app("/local/open");
    QTest::newRow("another owner") << QByteArray("/nobody/open") << QByteArray() << QByteArray() << 404;
    QTest::newRow("no such app") << QByteArray("/local/none") << QByteArray() << QByteArray() << 404;
    QTest::newRow("no such endpoint") << QByteArray("/local/open/none") << QByteArray() << QByteArray() << 404;
    QTest::newRow("a namespace") << QByteArray("/workflows/local/open") << QByteArray() << QByteArray() << 404;
    QTest::newRow("a start timeout of nothing") << app << QByteArray("X-Fal-Request-Timeout") << QByteArray("0.05") << 400;
    QTest::newRow("a priority") << app << QByteArray("X-Fal-Queue-Priority") << QByteArray("urgent") << 400;
    QTest::newRow("a wrong key") << app << QByteArray("Authorization") << QByteArray("Key 0123456789abcdef:wrong") << 401;
    QTest::newRow("another scheme") << app << QByteArray("Authorization") << QByteArray("Basic eDp5") << 401;
    QTest::newRow("a wrong token") << app << QByteArray("Authorization") << QByteArray("Bearer nonsense") << 401;
}

void TestWireCalls::refuses()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, value);
    QFETCH(const int, status);
    const HeaderList headers = header.isEmpty() ? HeaderList() : HeaderList{{header.toStdString(), value.toStdString()}};
    for (const char* host : {"fal.run", "queue.fal.run"}) {
        const Answer answer = m_site->send("POST", path.toStdString(), prompt().dump(), headers, host);
        QCOMPARE(answer.status, status);
        QVERIFY(answer.json["detail"].is_string());
    }
}

void TestWireCalls::asksForAKey()
{
    QCOMPARE(m_site->run("/local/closed", prompt()).status, 401);
    const std::string key = m_site->makeKey(store::Scope::Api);
    QCOMPARE(m_site->send("POST", "/local/closed", prompt().dump(), {{"Authorization", "Key " + key}}, "fal.run").status, 200);
}

void TestWireCalls::givesDocuments()
{
    const Answer own = m_site->send("GET", "/local/open/openapi.json", "", {}, "fal.run");
    QCOMPARE(own.status, 200);
    QVERIFY(own.json["paths"].contains("/fast"));
    QCOMPARE(m_site->send("GET", "/applications/local/open/metadata", "", {}, "rest.fal.ai").json["openapi"], own.json);
    const Answer published = m_site->send("GET", "/openapi.json?endpoint_id=local/open/fast", "", {}, "rest.fal.ai");
    QCOMPARE(published.status, 200);
    QVERIFY(published.json["paths"].contains("/local/open/fast"));
    QCOMPARE(published.json["servers"][0]["url"], Json("https://queue.fal.run"));
    QCOMPARE(m_site->send("GET", "/openapi.json", "", {}, "rest.fal.ai").status, 400);
    QCOMPARE(m_site->send("GET", "/openapi.json?endpoint_id=local/none", "", {}, "rest.fal.ai").status, 404);
    QCOMPARE(m_site->send("GET", "/applications/local/closed/metadata", "", {}, "rest.fal.ai").status, 401);
}

void TestWireCalls::tellsAndFlushesTheQueue()
{
    const std::string path = "/applications/local/open/queue";
    QCOMPARE(m_site->send("GET", path, "", {}, "rest.fal.ai").status, 401);
    const HeaderList api{{"Authorization", "Key " + m_site->makeKey(store::Scope::Api)}};
    QCOMPARE(m_site->send("DELETE", path, "", api, "rest.fal.ai").status, 403);
    const HeaderList admin{{"Authorization", "Key " + m_site->makeKey(store::Scope::Admin)}};
    QVERIFY(m_site->send("GET", path, "", admin, "rest.fal.ai").json["size"].is_number());
    QVERIFY(m_site->send("DELETE", path, "", admin, "rest.fal.ai").json["cancelled"].is_number());
}

QTEST_GUILESS_MAIN(TestWireCalls)
#include "tst_wire_calls.moc"
