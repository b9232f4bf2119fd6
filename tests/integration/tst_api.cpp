// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/schemas.h"
#include "tests/integration/api_fixture.h"
#include "tests/unit/api/schema_check.h"

#include <QRegularExpression>
#include <QTest>
#include <set>

using namespace tintype;
using namespace tintype::test;

namespace {

void collectReferences(const Json& json, std::set<std::string>& references)
{
    if (json.is_object() && json.contains("$ref"))
        references.insert(json["$ref"].get<std::string>());
    if (json.is_structured()) {
        for (const Json& inner : json)
            collectReferences(inner, references);
    }
}

} // namespace

class tst_api : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void healthNeedsNoKey();
    void whoMayDoWhat();
    void apiKeysSeeTheirOwnRequestsOnly();
    void theDocumentNamesEveryRoute();
    void everyReferenceResolves();
    void theHostFitsItsSchema();
    void anAppIsDeployedChangedAndDeleted();
    void aDeploymentWithoutItsFilesSaysWhich();
    void blobsArriveInChunks();
    void aBlobWithAnotherHashIsRefused();
    void revisionsAreListedComparedAndSetBack();
    void aRequestLeavesARecord();
    void waitingRequestsSayWhy();
    void aRequestIsCancelled();
    void replicasAreListedAndStopped();
    void logsAreFound();
    void analyticsCountWhatHappened();
    void keysAreShownOnceAndRevokedAtOnce();
    void secretsAreNeverTold();
    void metricsAreWhatPrometheusReads();
};

void tst_api::healthNeedsNoKey()
{
    ApiHost host("", /*keyless=*/false);
    const Answer answer = host.get("/health");
    QCOMPARE(answer.status, 200);
    QCOMPARE(misfit(answer.json, "Health"), std::string());
}

void tst_api::whoMayDoWhat()
{
    ApiHost open;
    const std::string admin = open.makeKey("admin");
    const std::string caller = open.makeKey("api");
    QCOMPARE(open.get("/v1/apps").status, 200); // a program of this machine
    QCOMPARE(open.get("/v1/apps", admin).status, 200);
    QCOMPARE(open.get("/v1/apps", caller).status, 403);
    QCOMPARE(open.get("/v1/apps", "who:knows").status, 401);
    QCOMPARE(open.get("/v1/requests", caller).status, 200);
    ApiHost closed("", /*keyless=*/false);
    for (const char* path : {"/v1/apps", "/v1/requests", "/v1/keys", "/metrics", "/v1/openapi.json", "/v1/apps/demo/openapi.json"})
        QCOMPARE(closed.get(path).status, 401);
    QCOMPARE(closed.send("DELETE", "/v1/apps/demo").status, 401);
}

void tst_api::apiKeysSeeTheirOwnRequestsOnly()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    const std::string mine = host.makeKey("api");
    const std::string other = host.makeKey("api");
    const std::string id = host.submit("demo", mine);
    QVERIFY(host.waitUntilDone(id));
    QCOMPARE(host.get("/v1/requests/" + id, mine).status, 200);
    QCOMPARE(host.get("/v1/requests/" + id, other).status, 404);
    QCOMPARE(host.get("/v1/requests", mine).json["items"].size(), std::size_t{1});
    QCOMPARE(host.get("/v1/requests", other).json["items"].size(), std::size_t{0});
    QCOMPARE(host.get("/v1/requests?key=" + mine.substr(0, mine.find(':')), other).json["items"].size(), std::size_t{0});
}

void tst_api::theDocumentNamesEveryRoute()
{
    ApiHost host;
    const Json document = Json::parse(host.api().openApi());
    std::set<std::string> documented;
    std::set<std::string> ids;
    for (const auto& [path, operations] : document["paths"].items()) {
        for (const auto& [method, operation] : operations.items()) {
            documented.insert((operation.contains("x-websocket") ? "WS" : QString::fromStdString(method).toUpper().toStdString()) + " " + path);
            QVERIFY2(ids.insert(operation["operationId"].get<std::string>()).second, path.c_str());
            QVERIFY(!operation["summary"].get<std::string>().empty());
        }
    }
    std::set<std::string> served;
    for (const http::Route& route : host.routes().routes())
        served.insert(route.method + " " + route.pattern);
    QCOMPARE(documented, served);
    COMPARE_JSON(host.get("/v1/openapi.json").json, document);
}

void tst_api::everyReferenceResolves()
{
    ApiHost host;
    const Json document = Json::parse(host.api().openApi());
    std::set<std::string> references;
    collectReferences(document, references);
    QVERIFY(references.size() > 20);
    for (const std::string& reference : references) {
        QVERIFY2(reference.starts_with("#/"), reference.c_str());
        QVERIFY2(document.contains(Json::json_pointer(reference.substr(1))), reference.c_str());
    }
}

void tst_api::theHostFitsItsSchema()
{
    ApiHost host;
    const Answer answer = host.get("/v1/host");
    QCOMPARE(misfit(answer.json, "Host"), std::string());
    COMPARE_JSON(answer.json["owner"], "local");
}

void tst_api::anAppIsDeployedChangedAndDeleted()
{
    ApiHost host;
    const Answer receipt = host.deploy("demo", {{"message", "first"}, {"auth", "public"}});
    QCOMPARE(receipt.status, 200);
    QCOMPARE(misfit(receipt.json, "Receipt"), std::string());
    QVERIFY(receipt.json["urls"]["run"].get<std::string>().ends_with("/local/demo"));

    const Answer app = host.get("/v1/apps/demo");
    QCOMPARE(misfit(app.json, "App"), std::string());
    COMPARE_JSON(app.json["revision"], receipt.json["revision"]);
    COMPARE_JSON(app.json["auth"], "public");
    QCOMPARE(misfit(host.get("/v1/apps").json, "page of App"), std::string());

    const Answer changed = host.send("PATCH", "/v1/apps/demo",
        R"({"auth": "shared", "paused": true, "scaling": {"keep_alive": 30, "max_concurrency": 1}})");
    QCOMPARE(changed.status, 200);
    COMPARE_JSON(changed.json["auth"], "shared");
    COMPARE_JSON(changed.json["paused"], true);
    COMPARE_JSON(changed.json["scaling"]["keep_alive"], 30);
    QCOMPARE(misfit(host.get("/v1/apps/demo/events").json, "page of AppEvent"), std::string());
    QCOMPARE(host.get("/v1/apps/demo/openapi.json").status, 200);

    QCOMPARE(host.send("DELETE", "/v1/apps/demo").status, 204);
    QCOMPARE(host.get("/v1/apps/demo").status, 404);
    QCOMPARE(host.send("DELETE", "/v1/apps/demo").status, 404);
}

void tst_api::aDeploymentWithoutItsFilesSaysWhich()
{
    ApiHost host;
    const Answer plan = host.post("/v1/deployments/check", ApiHost::deployment("demo"));
    QCOMPARE(plan.status, 200);
    QCOMPARE(misfit(plan.json, "Plan"), std::string());
    COMPARE_JSON(plan.json["missing"][0]["path"], "model/weights.txt");
    QCOMPARE(host.post("/v1/deployments", ApiHost::deployment("demo")).status, 409);
    QCOMPARE(host.get("/v1/apps/demo").status, 404);
}

void tst_api::blobsArriveInChunks()
{
    ApiHost host;
    const std::string content = std::string(100'000, 'a') + std::string(50'000, 'b');
    const std::string path = "/v1/blobs/" + sha256(content);
    const Json wanted{{"blobs", Json::array({Json{{"sha256", sha256(content)}, {"size", content.size()}}})}};
    COMPARE_JSON(host.post("/v1/blobs/missing", wanted).json["missing"][0]["offset"], 0);
    COMPARE_JSON(host.send("PUT", path + "?offset=0&size=150000", content.substr(0, 100'000)).json["offset"], 100'000);
    COMPARE_JSON(host.post("/v1/blobs/missing", wanted).json["missing"][0]["offset"], 100'000);
    const Answer again = host.send("PUT", path + "?offset=0&size=150000", content.substr(0, 100'000));
    QCOMPARE(again.status, 409);
    COMPARE_JSON(again.json["offset"], 100'000);
    COMPARE_JSON(host.send("PUT", path + "?offset=100000&size=150000", content.substr(100'000)).json["offset"], 150'000);
    QCOMPARE(host.post(path + "/commit").status, 204);
    QVERIFY(host.post("/v1/blobs/missing", wanted).json["missing"].empty());
    QCOMPARE(host.post(path + "/commit").status, 204);
    COMPARE_JSON(host.send("PUT", path + "?offset=0&size=150000", "late").json["offset"], 150'000);
}

void tst_api::aBlobWithAnotherHashIsRefused()
{
    ApiHost host;
    const std::string path = "/v1/blobs/" + sha256("what was promised");
    QCOMPARE(host.send("PUT", path + "?offset=0&size=9", "something").status, 200);
    const Answer answer = host.post(path + "/commit");
    QCOMPARE(answer.status, 422);
    QVERIFY2(answer.body.find("another hash") != std::string::npos, answer.body.c_str());
}

void tst_api::revisionsAreListedComparedAndSetBack()
{
    ApiHost host;
    const Json first = host.deploy("demo", {{"message", "one"}, {"annotations", {{"by", "me"}}}}).json;
    std::string text = ApiHost::deployment("demo")["definition"];
    text.replace(text.find("keep_alive: 60"), 14, "keep_alive: 70");
    const Json second = host.deploy("demo", {{"definition", text}, {"message", "two"}}).json;
    COMPARE_JSON(second["number"], 2);

    const Answer list = host.get("/v1/apps/demo/revisions");
    QCOMPARE(misfit(list.json, "page of Revision"), std::string());
    QCOMPARE(list.json["items"].size(), std::size_t{2});
    const Answer one = host.get("/v1/apps/demo/revisions/1");
    QCOMPARE(misfit(one.json, "RevisionDetail"), std::string());
    COMPARE_JSON(one.json["annotations"]["by"], "me");
    QVERIFY(one.json["definition"].get<std::string>().find("keep_alive: 60") != std::string::npos);
    COMPARE_JSON(host.get("/v1/apps/demo/revisions/" + first["revision"].get<std::string>().substr(0, 8)).json["number"], 1);

    const Answer diff = host.get("/v1/apps/demo/diff?from=1&to=2");
    QCOMPARE(misfit(diff.json, "Diff"), std::string());
    QVERIFY(diff.json["text"].get<std::string>().find("+keep_alive: 70") != std::string::npos);
    QVERIFY(diff.json["files"].empty());

    const Answer back = host.send("PUT", "/v1/apps/demo/revision", R"({"revision": "1"})");
    QCOMPARE(misfit(back.json, "Receipt"), std::string());
    QTRY_COMPARE_WITH_TIMEOUT(host.get("/v1/apps/demo").json["revision"].dump(), first["revision"].dump(), 20'000);
    QCOMPARE(host.post("/v1/apps/demo/rollout", {{"force", true}}).status, 200);
}

void tst_api::aRequestLeavesARecord()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    const std::string id = host.submit("demo");
    QVERIFY(host.waitUntilDone(id));
    const Answer one = host.get("/v1/requests/" + id);
    QCOMPARE(misfit(one.json, "Request"), std::string());
    COMPARE_JSON(one.json["outcome"], "success");
    COMPARE_JSON(one.json["input"]["prompt"], "a red circle");
    QVERIFY(one.json["output"].contains("images"));
    const auto listed = [&host] { return host.get("/v1/requests?app=demo&outcome=success&since=1h&sort=slowest"); };
    QTRY_COMPARE(listed().json["items"].size(), std::size_t{1}); // once the store has it
    QCOMPARE(misfit(listed().json, "page of Request"), std::string());
    QVERIFY(listed().body.find("red circle") == std::string::npos);
    QCOMPARE(host.get("/v1/requests?outcome=error").json["items"].size(), std::size_t{0});
    QCOMPARE(host.post("/v1/requests/" + id + "/cancel").status, 409);
}

void tst_api::waitingRequestsSayWhy()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    QCOMPARE(host.send("PATCH", "/v1/apps/demo", R"({"paused": true})").status, 200);
    const std::string first = host.submit("demo");
    const std::string second = host.submit("demo");
    const Answer one = host.get("/v1/requests/" + second);
    QCOMPARE(misfit(one.json, "Request"), std::string());
    COMPARE_JSON(one.json["reason"]["type"], "paused");
    COMPARE_JSON(one.json["position"], 1);
    QCOMPARE(host.get("/v1/requests?state=queued").json["items"].size(), std::size_t{2});
    QCOMPARE(host.get("/v1/requests?state=running").json["items"].size(), std::size_t{0});
    COMPARE_JSON(host.get("/v1/apps/demo/queue").json["size"], 2);
    COMPARE_JSON(host.send("DELETE", "/v1/apps/demo/queue").json["cancelled"], 2);
    QVERIFY(host.waitUntilDone(first));
    COMPARE_JSON(host.get("/v1/requests/" + first).json["outcome"], "cancelled");
}

void tst_api::aRequestIsCancelled()
{
    ApiHost host("step_ms=50");
    QCOMPARE(host.deploy("demo").status, 200);
    const std::string id = host.submit("demo");
    QTRY_COMPARE(host.get("/v1/requests/" + id).json["state"].dump(), Json("running").dump());
    QCOMPARE(host.post("/v1/requests/" + id + "/cancel").status, 200);
    QVERIFY(host.waitUntilDone(id));
}

void tst_api::replicasAreListedAndStopped()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    const Answer list = host.get("/v1/replicas?app=demo");
    QCOMPARE(misfit(list.json, "page of Replica"), std::string());
    QCOMPARE(list.json["items"].size(), std::size_t{1});
    const std::string id = list.json["items"][0]["id"];
    QCOMPARE(host.post("/v1/replicas/" + id + "/stop").status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(host.get("/v1/replicas?state=TERMINATED").json["items"].size(), std::size_t{1}, 20'000);
    QCOMPARE(host.post("/v1/replicas/" + id + "/kill").status, 404);
}

void tst_api::logsAreFound()
{
    ApiHost host;
    for (const char* text : {"first line", "second line", "third thing"})
        host.host().logs().add({.time = wallClockNow(), .level = "info", .app = "demo", .revision = {}, .replica = {},
            .request = "r1", .source = "host", .text = text});
    QTRY_COMPARE(host.get("/v1/logs?app=demo").json["items"].size(), std::size_t{3});
    const Answer page = host.get("/v1/logs?app=demo&limit=2&order=asc");
    QCOMPARE(misfit(page.json, "page of Log"), std::string());
    COMPARE_JSON(page.json["items"][0]["text"], "first line");
    const Answer rest = host.get("/v1/logs?app=demo&limit=2&order=asc&cursor=" + page.json["next_cursor"].get<std::string>());
    QCOMPARE(rest.json["items"].size(), std::size_t{1});
    COMPARE_JSON(rest.json["has_more"], false);
    COMPARE_JSON(host.get("/v1/logs?search=LINE&order=desc").json["items"][0]["text"], "second line");
    QCOMPARE(host.get("/v1/logs?level=error").json["items"].size(), std::size_t{0});
}

void tst_api::analyticsCountWhatHappened()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    QVERIFY(host.waitUntilDone(host.submit("demo")));
    QTRY_COMPARE(host.get("/v1/analytics?app=demo").json["success"].dump(), Json(1).dump());
    const Answer answer = host.get("/v1/analytics?app=demo&since=1h");
    QCOMPARE(misfit(answer.json, "Analytics"), std::string());
    COMPARE_JSON(answer.json["bucket"], 60);
    QCOMPARE(answer.json["slowest"].size(), std::size_t{1});
    QVERIFY(answer.body.find("red circle") == std::string::npos);
}

void tst_api::keysAreShownOnceAndRevokedAtOnce()
{
    ApiHost host;
    const Answer made = host.post("/v1/keys", {{"scope", "admin"}, {"description", "laptop"}});
    QCOMPARE(misfit(made.json, "CreatedKey"), std::string());
    const std::string key = made.json["key"];
    const std::string id = made.json["id"];
    const Answer list = host.get("/v1/keys", key);
    QCOMPARE(misfit(list.json, "page of Key"), std::string());
    QVERIFY(list.body.find(key.substr(key.find(':') + 1)) == std::string::npos);
    QCOMPARE(host.send("DELETE", "/v1/keys/" + id, {}, key).status, 204);
    QCOMPARE(host.get("/v1/keys", key).status, 401);
}

void tst_api::secretsAreNeverTold()
{
    ApiHost host;
    QCOMPARE(host.send("PUT", "/v1/secrets/HF_TOKEN", R"({"value": "hush-hush"})").status, 204);
    const Answer list = host.get("/v1/secrets");
    QCOMPARE(misfit(list.json, "page of Secret"), std::string());
    COMPARE_JSON(list.json["items"][0]["name"], "HF_TOKEN");
    QVERIFY(list.body.find("hush") == std::string::npos);
    QVERIFY(host.send("PUT", "/v1/secrets/HF_TOKEN", R"({"value": ["hush"]})").body.find("hush") == std::string::npos);
    QCOMPARE(host.send("DELETE", "/v1/secrets/HF_TOKEN").status, 204);
    QVERIFY(host.get("/v1/secrets").json["items"].empty());
}

void tst_api::metricsAreWhatPrometheusReads()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    QVERIFY(host.waitUntilDone(host.submit("demo")));
    QTRY_VERIFY(host.get("/metrics").body.find("fal_app_request_latency_count{application=\"demo\"} 1\n") != std::string::npos);
    const std::string text = host.get("/metrics").body;
    for (const char* line : {"# TYPE fal_app_request_latency histogram\n", "fal_app_requests_received{application=\"demo\"} 1\n",
             "fal_app_requests_completed{application=\"demo\",method=\"POST\",status=\"200\"} 1\n",
             "fal_app_request_latency_bucket{application=\"demo\",le=\"+Inf\"} 1\n", "fal_app_queue_size{application=\"demo\"} 0\n",
             "state=\"IDLE\",machine_type=\"XS\"} 1\n", "\ntintype_http_connections "})
        QVERIFY2(text.find(line) != std::string::npos, line);
    for (const QString& line : QString::fromStdString(text).split(u'\n', Qt::SkipEmptyParts))
        QVERIFY2(line.startsWith(u'#') || QRegularExpression(QStringLiteral(R"(^[a-z_]+(\{[^{}]*\})? [0-9.e+-]+$)")).match(line).hasMatch(),
            qPrintable(line));
}

QTEST_GUILESS_MAIN(tst_api)
#include "tst_api.moc"
