// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/json_values.h"

#include "deploy/control/http_transport.h"

#include <QTest>

using namespace tintype;
using namespace tintype::control;

/// The API's JSON as values, of hosts that send less, more or other than this version does.
class TestJsonValues : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAnApp()
    {
        const AppInfo app = appFrom(Json::parse(R"({"name": "a", "revision": "r", "auth": "public", "paused": true,
            "scaling": {"keep_alive": 300, "max_concurrency": 7, "machine_types": ["GPU-H100", "L"]}, "queued": 3,
            "replicas": {"IDLE": 2, "TERMINATED": 5}, "urls": {"run": "u"}, "created_at": "2026-08-01T12:00:00.250Z"})"));
        QCOMPARE(app.auth, domain::AuthMode::Public);
        QVERIFY(app.paused);
        QCOMPARE(app.scaling.keepAlive, std::chrono::seconds(300));
        QCOMPARE(app.scaling.maxConcurrency, 7);
        QCOMPARE(app.scaling.minConcurrency, 0);
        QCOMPARE(app.scaling.machineTypes, (std::vector<std::string>{"GPU-H100", "L"}));
        QCOMPARE(app.replicaCount(), 2);
        QCOMPARE(app.urls.at("run"), std::string("u"));
        QCOMPARE(isoTime(app.createdAt), std::string("2026-08-01T12:00:00.250Z"));
    }

    void survivesAnything_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("{}");
        QTest::newRow("not an object") << QByteArray("[1]");
        QTest::newRow("null") << QByteArray("null");
        QTest::newRow("other types") << QByteArray(R"({"name": 1, "id": {}, "scaling": [], "replicas": [1], "urls": "x", "queued": "3",
            "endpoints": [1, null], "created_at": 5, "setup": "x", "time": "no time", "items": 3, "files": [1], "values": [null],
            "missing": {"a": 1}, "machine_types": ["x"], "timings": 3, "reason": [1], "status": "x", "type": 7})");
        QTest::newRow("numbers out of range") << QByteArray(R"({"queued": 1e300, "in_flight": -1e300, "memory_used": -5, "eta": 1e308})");
    }

    void survivesAnything()
    {
        QFETCH(QByteArray, text);
        const Json json = Json::parse(text.toStdString());
        appFrom(json);
        hostFrom(json);
        planFrom(json);
        receiptFrom(json);
        replicaFrom(json);
        requestFrom(json);
        revisionDetailFrom(json);
        diffFrom(json);
        missingFrom(json);
        logLineFrom(json);
        eventFrom(json);
        QCOMPARE(replicaFrom(json).memoryUsed, 0U);
    }

    void readsEvents_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("index");
        const auto row = [](const char* name, const char* text, int index) { QTest::newRow(name) << QByteArray(text) << index; };
        row("app", R"({"type": "app", "app": {"name": "a"}})", 0);
        row("removed", R"({"type": "app", "removed": true, "app": {"name": "a"}})", 1);
        row("replica", R"({"type": "replica", "replica": {"id": "r", "state": "SETUP"}})", 2);
        row("request", R"({"type": "request", "request": {"id": "q"}})", 3);
        row("progress", R"({"type": "progress", "request": "q", "step": 1, "steps": 4})", 4);
        row("log", R"({"type": "log", "log": {"text": "x"}})", 5);
        row("rollout", R"({"type": "rollout", "app": "a", "status": "deployed"})", 6);
        row("of a later version", R"({"type": "weather"})", -1);
        row("without a type", "{}", -1);
    }

    void readsEvents()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, index);
        const auto event = eventFrom(Json::parse(text.toStdString()));
        QCOMPARE(event ? int(event->index()) : -1, index);
    }

    void tellsWhyARolloutFailed()
    {
        const auto event = eventFrom(Json::parse(R"({"type": "rollout", "app": "a", "status": "failed", "error": "no such model"})"));
        QCOMPARE(std::get<RolloutEnded>(*event).error->message, std::string("no such model"));
        QVERIFY(!std::get<RolloutEnded>(*eventFrom(Json::parse(R"({"type": "rollout", "app": "a", "status": "deployed"})"))).error);
    }

    void readsAWaitingRequest()
    {
        const auto request = requestFrom(Json::parse(
            R"({"id": "q", "state": "queued", "position": 2, "reason": {"type": "paused", "message": "the app is paused"}})"));
        QCOMPARE(request.reason, std::string("the app is paused"));
        QCOMPARE(request.position, 2);
    }

    void sendsOnlyWhatIsToChange()
    {
        QCOMPARE(asText(toJson(AppChange{})), std::string("{}"));
        AppChange change;
        change.paused = false;
        change.scaling.keepAlive = std::chrono::seconds(5);
        change.scaling.machineTypes = std::vector<std::string>{"L"};
        QCOMPARE(asText(toJson(change)), std::string(R"({"paused":false,"scaling":{"keep_alive":5,"machine_types":["L"]}})"));
    }

    // ---- errors

    void readsErrors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, int status, const char* body, ErrorCode code, const char* message) {
            QTest::newRow(name) << status << QByteArray(body) << int(code) << QByteArray(message);
        };
        row("sentence", 404, R"({"detail": "no app of that name"})", ErrorCode::NotFound, "no app of that name");
        row("type wins", 503, R"({"detail": "x", "error_type": "out_of_memory"})", ErrorCode::OutOfMemory, "x");
        row("fal's type", 503, R"({"detail": "x", "error_type": "runner_disconnected"})", ErrorCode::Unavailable, "x");
        row("internal", 409, R"({"detail": "x", "error_type": "internal"})", ErrorCode::Internal, "x");
        row("pydantic", 422, R"({"detail": [{"loc": ["body", "image_size", "width"], "msg": "too big"}, {"loc": ["body", 0], "msg": "y"}]})",
            ErrorCode::InvalidArgument, "image_size.width: too big; 0: y");
        row("odd list", 422, R"({"detail": [3, {"loc": [], "msg": 4}]})", ErrorCode::InvalidArgument, "3; 4");
        row("no body", 401, "", ErrorCode::Unauthorized, "the host answered 401");
        row("a web page", 502, "<html>", ErrorCode::Protocol, "the host answered 502");
        row("null", 429, R"({"detail": null})", ErrorCode::QuotaExceeded, "the host answered 429");
        row("teapot", 418, "{}", ErrorCode::Internal, "the host answered 418");
    }

    void readsErrors()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        QFETCH(QByteArray, message);
        const Error error = errorOfAnswer(status, body);
        QCOMPARE(int(error.code), code);
        QCOMPARE(QByteArray::fromStdString(error.message), message);
    }
};

QTEST_GUILESS_MAIN(TestJsonValues)
#include "tst_json_values.moc"
