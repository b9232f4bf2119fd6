// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/event_stream.h"
#include "tests/integration/api_fixture.h"
#include "tests/unit/api/schema_check.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <algorithm>

using namespace tintype;
using namespace tintype::test;

class tst_api_events : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatHappens();
    void tellsPreviewsOnlyToWhoeverAsks();
    void tellsOnlyWhatIsWanted();
    void needsAKeyOfScopeAdmin();
    void refusesUnknownTypes();
    void dropsWhoeverDoesNotRead();
    void anEphemeralAppGoesWithItsLastLease();
    void onlyEphemeralAppsTakeALease();
};

void tst_api_events::tellsWhatHappens()
{
    ApiHost host;
    const auto socket = host.open("/v1/events");
    QCOMPARE(socket->state(), QAbstractSocket::ConnectedState);
    Messages messages(*socket);
    QCOMPARE(host.deploy("demo").status, 200);
    const std::string id = host.submit("demo");
    QVERIFY(host.waitUntilDone(id));
    const auto isDone = [&] {
        const Json* request = messages.last("request");
        return request && (*request)["request"]["state"] == "done";
    };
    QTRY_VERIFY(isDone());
    for (const char* type : {"app", "replica", "request", "progress", "rollout", "log"})
        QVERIFY2(messages.has(type), type);
    for (const Json& message : messages.all)
        QCOMPARE(misfit(message, "Event"), std::string());
    COMPARE_JSON((*messages.last("rollout"))["status"], "deployed");
    COMPARE_JSON((*messages.last("request"))["request"]["id"], id);
    QCOMPARE(misfit((*messages.last("app"))["app"], "App"), std::string());
    QVERIFY(std::ranges::none_of(messages.all, [](const Json& message) { return message.dump().find("red circle") != std::string::npos; }));
    QCOMPARE(host.send("DELETE", "/v1/apps/demo").status, 204);
    QTRY_VERIFY(messages.last("app")->contains("removed"));
}

void tst_api_events::tellsPreviewsOnlyToWhoeverAsks()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    const auto plain = host.open("/v1/events?types=progress");
    const auto curious = host.open("/v1/events?types=progress&previews=1");
    Messages without(*plain);
    Messages with(*curious);
    runtime::LiveRequest live;
    live.request.app = "demo";
    Progress progress{.step = 1, .steps = 2, .stepSeconds = 0.1, .etaSeconds = 0.1, .preview = EncodedImage{}};
    progress.preview->contentType = "image/jpeg";
    progress.preview->bytes = {'x'};
    Q_EMIT host.host().requests().progressed(live, progress);
    QTRY_VERIFY(without.has("progress") && with.has("progress"));
    QVERIFY(!without.last("progress")->contains("preview"));
    COMPARE_JSON((*with.last("progress"))["preview"], "data:image/jpeg;base64,eA==");
}

void tst_api_events::tellsOnlyWhatIsWanted()
{
    ApiHost host;
    const auto socket = host.open("/v1/events?app=other&types=log,request");
    Messages messages(*socket);
    const auto log = [&host](const std::string& app) {
        host.host().logs().add({.time = wallClockNow(), .level = "info", .app = app, .revision = {}, .replica = {},
            .request = {}, .source = "host", .text = "said"});
    };
    log("demo");
    log("other");
    QTRY_VERIFY(!messages.all.empty());
    QCOMPARE(messages.all.size(), std::size_t{1});
    COMPARE_JSON(messages.all[0]["log"]["app"], "other");
}

void tst_api_events::needsAKeyOfScopeAdmin()
{
    ApiHost closed("", /*keyless=*/false);
    QVERIFY(closed.open("/v1/events")->state() != QAbstractSocket::ConnectedState);
    ApiHost open;
    QVERIFY(open.open("/v1/events", open.makeKey("api"))->state() != QAbstractSocket::ConnectedState);
    QCOMPARE(open.open("/v1/events", open.makeKey("admin"))->state(), QAbstractSocket::ConnectedState);
}

void tst_api_events::refusesUnknownTypes()
{
    ApiHost host;
    QVERIFY(host.open("/v1/events?types=gossip")->state() != QAbstractSocket::ConnectedState);
}

void tst_api_events::dropsWhoeverDoesNotRead()
{
    ApiHost host;
    const auto socket = host.open("/v1/events?types=log");
    QSignalSpy closed(socket.get(), &QWebSocket::disconnected);
    // All at once: nothing is sent before this returns to the event loop.
    const std::string text(100'000, 'x');
    for (int count = 0; count < 200; ++count)
        host.host().logs().add({.time = wallClockNow(), .level = "info", .app = "demo", .revision = {}, .replica = {},
            .request = {}, .source = "host", .text = text});
    QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, 20'000);
    QCOMPARE(socket->closeCode(), QWebSocketProtocol::CloseCodePolicyViolated);
}

void tst_api_events::anEphemeralAppGoesWithItsLastLease()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo", {{"ephemeral", true}}).status, 200);
    const auto first = host.open("/v1/apps/demo/lease");
    const auto second = host.open("/v1/apps/demo/lease");
    QCOMPARE(second->state(), QAbstractSocket::ConnectedState);
    QSignalSpy firstClosed(first.get(), &QWebSocket::disconnected);
    first->close();
    QTRY_COMPARE(firstClosed.count(), 1);
    QCOMPARE(host.get("/v1/apps/demo").status, 200);
    second->abort();
    QTRY_COMPARE(host.get("/v1/apps/demo").status, 404);
}

void tst_api_events::onlyEphemeralAppsTakeALease()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    QVERIFY(host.open("/v1/apps/demo/lease")->state() != QAbstractSocket::ConnectedState);
    QVERIFY(host.open("/v1/apps/nobody/lease")->state() != QAbstractSocket::ConnectedState);
    QCOMPARE(host.get("/v1/apps/demo").status, 200);
}

QTEST_GUILESS_MAIN(tst_api_events)
#include "tst_api_events.moc"
