// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/json_views.h"
#include "tests/unit/api/schema_check.h"

#include <QTest>

using namespace tintype;
using namespace tintype::api;
using domain::WaitingReason;

namespace {

const TimePoint kNow = fromMilliseconds(1'785'585'600'250);

runtime::RequestView waiting(WaitingReason::Kind kind)
{
    runtime::RequestView view;
    view.live = runtime::LiveRequest();
    view.live->request.id = "r1";
    view.live->request.input = R"({"prompt": "a secret wish"})";
    view.position = 3;
    view.reason = WaitingReason{.kind = kind, .count = 3, .limit = 5, .subject = "GPU-H100", .stage = "transformer",
        .bytesDone = 1, .bytesTotal = 2, .seconds = 1.5};
    return view;
}

domain::Record record()
{
    domain::Record record;
    record.request.id = "r1";
    record.request.input = R"({"prompt": "a secret wish"})";
    record.request.submittedAt = kNow;
    record.finishedAt = kNow + std::chrono::milliseconds(1500);
    record.output = R"({"prompt": "a secret wish", "seed": 3})";
    record.replica = "x";
    return record;
}

Json items(int count)
{
    Json list = Json::array();
    for (int number = 0; number < count; ++number)
        list.push_back(number);
    return list;
}

} // namespace

class tst_json_views : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAppFitsItsSchema();
    void aReplicaFitsItsSchema();
    void waitingRequestsFitTheirSchema_data();
    void waitingRequestsFitTheirSchema();
    void aRunningRequestFitsItsSchema();
    void aRecordFitsItsSchema();
    void promptsAreToldOnlyToWhoeverAsksForThem();
    void inputThatIsNoJsonStaysText();
    void textThatIsNotUtf8DoesNotThrow();
    void aPlanAndAReceiptFitTheirSchemas();
    void pagesFollowEachOther();
    void aStrangeCursorIsRefused();
    void namesTheQueueOnlyWhereItHasAListener();
};

void tst_json_views::anAppFitsItsSchema()
{
    runtime::AppInfo app;
    app.name = "demo";
    std::vector<domain::ReplicaInfo> replicas(4);
    replicas[0].state = domain::ReplicaState::Idle;
    replicas[1].state = domain::ReplicaState::Idle;
    replicas[2].state = domain::ReplicaState::Setup;
    replicas[3].state = domain::ReplicaState::Terminated;
    const Json json = appJson(app, replicas, {{"run", "http://h/local/demo"}});
    QCOMPARE(misfit(json, "App"), std::string());
    COMPARE_JSON(json["replicas"], {{"IDLE", 2}, {"SETUP", 1}});
}

void tst_json_views::aReplicaFitsItsSchema()
{
    domain::ReplicaInfo replica;
    QCOMPARE(misfit(replicaJson(replica), "Replica"), std::string());
    replica.readyAt = replica.endedAt = replica.expiresAt = kNow;
    QCOMPARE(misfit(replicaJson(replica), "Replica"), std::string());
    COMPARE_JSON(replicaJson(replica)["ready_at"], "2026-08-01T12:00:00.250Z");
}

void tst_json_views::waitingRequestsFitTheirSchema_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 0; kind <= static_cast<int>(WaitingReason::Kind::Retrying); ++kind)
        QTest::newRow(std::string(domain::waitingReasonName(static_cast<WaitingReason::Kind>(kind))).c_str()) << kind;
}

void tst_json_views::waitingRequestsFitTheirSchema()
{
    QFETCH(int, kind);
    const Json json = requestJson(waiting(static_cast<WaitingReason::Kind>(kind)), Payload::With);
    QCOMPARE(misfit(json, "Request"), std::string());
    COMPARE_JSON(json["state"], "queued");
    QVERIFY(!json["reason"]["message"].get<std::string>().empty());
}

void tst_json_views::aRunningRequestFitsItsSchema()
{
    runtime::RequestView view = waiting(WaitingReason::Kind::QueuedBehind);
    view.state = domain::RequestState::Running;
    view.reason.reset();
    view.etaSeconds = 2.5;
    view.live->progress = Progress{.step = 1, .steps = 4, .stepSeconds = 0.1, .etaSeconds = 0.3, .preview = {}};
    const Json json = requestJson(view, Payload::Without);
    QCOMPARE(misfit(json, "Request"), std::string());
    QVERIFY(!json.contains("position"));
}

void tst_json_views::aRecordFitsItsSchema()
{
    const Json json = recordJson(record(), Payload::With);
    QCOMPARE(misfit(json, "Request"), std::string());
    QCOMPARE(json["timings"]["total"].get<double>(), 1.5);
}

void tst_json_views::promptsAreToldOnlyToWhoeverAsksForThem()
{
    QVERIFY(dumped(recordJson(record(), Payload::Without)).find("wish") == std::string::npos);
    QVERIFY(dumped(requestJson(waiting(WaitingReason::Kind::Paused), Payload::Without)).find("wish") == std::string::npos);
    COMPARE_JSON(recordJson(record(), Payload::With)["input"]["prompt"], "a secret wish");
}

void tst_json_views::inputThatIsNoJsonStaysText()
{
    domain::Record broken = record();
    broken.request.input = "{\"prompt\": ";
    broken.output.clear();
    const Json json = recordJson(broken, Payload::With);
    COMPARE_JSON(json["input"], "{\"prompt\": ");
    QVERIFY(json["output"].is_null());
}

void tst_json_views::textThatIsNotUtf8DoesNotThrow()
{
    domain::Record broken = record();
    broken.error = "\xff\xfe";
    QVERIFY(dumped(recordJson(broken, Payload::Without)).find("\xef\xbf\xbd") != std::string::npos);
}

void tst_json_views::aPlanAndAReceiptFitTheirSchemas()
{
    runtime::DeployPlan plan;
    plan.values = {{"keep_alive", "300 s", "10 s", domain::ValueSource::Inherited}};
    plan.missing = {{"model/a", std::string(64, 'a'), 7}};
    QCOMPARE(misfit(planJson(plan), "Plan"), std::string());
    COMPARE_JSON(planJson(plan)["values"][0]["source"], "inherited");
    QCOMPARE(misfit(receiptJson({}, {{"run", "http://h"}}, true), "Receipt"), std::string());
    COMPARE_JSON(receiptJson({}, {}, true)["status"], "rolling_out");
    COMPARE_JSON(receiptJson({}, {}, false)["status"], "deployed");
}

void tst_json_views::pagesFollowEachOther()
{
    const Json first = pageOf(items(5), 2, "").value();
    COMPARE_JSON(first["items"], {0, 1});
    QVERIFY(first["has_more"].get<bool>());
    const Json last = pageOf(items(5), 3, first["next_cursor"].get<std::string>()).value();
    COMPARE_JSON(last["items"], {2, 3, 4});
    QVERIFY(last["next_cursor"].is_null());
    QVERIFY(pageOf(items(0), 2, "").value()["items"].empty());
    QVERIFY(pageOf(items(2), 2, "99").value()["items"].empty());
}

void tst_json_views::aStrangeCursorIsRefused()
{
    QVERIFY(!pageOf(items(5), 2, "abc"));
    QVERIFY(!pageOf(items(5), 2, "-1"));
    QVERIFY(!pageOf(items(5), 2, "99999999999999999999999"));
}

void tst_json_views::namesTheQueueOnlyWhereItHasAListener()
{
    http::Request request;
    request.headers.add("Host", "gpu1:7870");
    const Urls plain("local", "", {});
    QCOMPARE(plain.ofApp(plain.base(request), "demo").at("run"), std::string("http://gpu1:7870/local/demo"));
    QVERIFY(!plain.ofApp(plain.base(request), "demo").contains("queue"));
    const Urls own("local", "", [] { return std::map<std::string, int>{{"queue", 7872}}; });
    QCOMPARE(own.ofApp(own.base(request), "demo").at("queue"), std::string("http://gpu1:7872/local/demo"));
    const Urls configured("me", "https://art.example/", {});
    QCOMPARE(configured.ofApp(configured.base(request), "demo").at("run"), std::string("https://art.example/me/demo"));
}

QTEST_GUILESS_MAIN(tst_json_views)
#include "tst_json_views.moc"
