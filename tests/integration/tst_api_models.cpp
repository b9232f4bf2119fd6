// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/housekeeping.h"
#include "deploy/runtime/models.h"
#include "deploy/store/file_store.h"
#include "deploy/store/request_store.h"
#include "deploy/store/stores.h"
#include "tests/integration/api_fixture.h"
#include "tests/unit/api/schema_check.h"

#include <QTest>
#include <filesystem>

using namespace tintype;
using namespace tintype::test;
namespace fs = std::filesystem;

/// What lies on a host's disk: listed, kept while it is needed, deleted when it is not.
class tst_api_models : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("HF_HUB_CACHE", "/nonexistent"); } // what this machine's user has is none of ours
    void anEmptyHostHasNothing();
    void aPushedModelSaysWhoNeedsIt();
    void aModelInUseStays();
    void aModelThatOnlyOldRevisionsNeedCanGo();
    void anUnknownModelIsNotFound();
    void unneededFilesAreCollected();
    void whatJustArrivedStays();
    void tooManyFilesGoTheOldestFirst();
    void aBacklogGoesWithoutAPause();
    void replicasAndQueueAreInTheAnalytics();
    void requestsAreFoundByTheirDuration();

private:
    static Json onlyModel(ApiHost& host)
    {
        const Json items = host.get("/v1/models").json["items"];
        return items.size() == 1 ? items[0] : Json(nullptr);
    }
    static runtime::Collected collect(ApiHost& host)
    {
        std::optional<Result<runtime::Collected>> outcome;
        host.host().housekeeping().collect(std::chrono::seconds(-1), [&](const auto& result) { outcome = result; });
        std::ignore = QTest::qWaitFor([&] { return outcome.has_value(); }, 10'000);
        return outcome && *outcome ? **outcome : runtime::Collected{};
    }
    static fs::path data(ApiHost& host, const char* part) { return host.host().stores().folder() / part; }
    static std::size_t entries(const fs::path& folder)
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }
    /// Another definition with the same files: another revision of the app.
    static Json changed(const std::string& name, const std::string& file)
    {
        Json body = ApiHost::deployment(name);
        body["files"][0]["path"] = file;
        return body;
    }
};

void tst_api_models::anEmptyHostHasNothing()
{
    ApiHost host;
    const Answer models = host.get("/v1/models");
    QCOMPARE(models.status, 200);
    QVERIFY(models.json["items"].empty());
    const Answer blobs = host.get("/v1/blobs");
    QCOMPARE(misfit(blobs.json, "BlobTotals"), std::string());
    QCOMPARE(blobs.json["count"].get<int>(), 0);
}

void tst_api_models::aPushedModelSaysWhoNeedsIt()
{
    ApiHost host;
    QCOMPARE(host.deploy("demo").status, 200);
    const Answer answer = host.get("/v1/models");
    QCOMPARE(misfit(answer.json, "page of Model"), std::string());
    const Json model = onlyModel(host);
    COMPARE_JSON(model["name"], "model");
    COMPARE_JSON(model["source"], "pushed");
    COMPARE_JSON(model["needed_by"][0]["app"], "demo");
    COMPARE_JSON(model["needed_by"][0]["number"], 1);
    COMPARE_JSON(model["needed_by"][0]["in_use"], true);
    COMPARE_JSON(model["removable"], false);
    QVERIFY(!answer.body.empty() && answer.body.find(host.host().options().dataFolder) == std::string::npos);
}

void tst_api_models::aModelInUseStays()
{
    ApiHost host;
    host.deploy("demo");
    const std::string id = onlyModel(host)["id"];
    const Answer refused = host.send("DELETE", "/v1/models/" + id);
    QCOMPARE(refused.status, 409);
    COMPARE_JSON(refused.json["detail"], "revision 1 of demo is in use and needs model");
    QVERIFY(!onlyModel(host).is_null());
}

void tst_api_models::aModelThatOnlyOldRevisionsNeedCanGo()
{
    ApiHost host;
    host.deploy("demo");
    const std::string id = onlyModel(host)["id"];
    QCOMPARE(host.post("/v1/deployments", changed("demo", "model/other.txt")).status, 200);
    Answer removed;
    const auto remove = [&] { return (removed = host.send("DELETE", "/v1/models/" + id)).status == 200; };
    QVERIFY2(QTest::qWaitFor(remove, 20'000), removed.body.c_str()); // once no replica has it
    QCOMPARE(removed.json["freed_bytes"].get<int>(), 0); // the new revision has the same file
    QCOMPARE(host.send("DELETE", "/v1/models/" + id).status, 404);
    const Json left = onlyModel(host);
    QVERIFY(left.is_object() && left["id"] != id);
    QCOMPARE(entries(data(host, "blobs")), std::size_t{1});
    COMPARE_JSON(host.get("/v1/apps/demo").json["revision"], host.get("/v1/apps/demo/revisions").json["items"][0]["id"]);
}

void tst_api_models::anUnknownModelIsNotFound()
{
    ApiHost host;
    QCOMPARE(host.send("DELETE", "/v1/models/pushed-0").status, 404);
    QCOMPARE(host.send("DELETE", "/v1/models/a%20b").status, 422);
}

void tst_api_models::unneededFilesAreCollected()
{
    ApiHost host;
    host.deploy("demo");
    QCOMPARE(collect(host).folders, 0); // all is needed
    QCOMPARE(entries(data(host, "blobs")), std::size_t{1});
    QCOMPARE(host.send("DELETE", "/v1/apps/demo").status, 204);
    QTRY_COMPARE_WITH_TIMEOUT(host.get("/v1/blobs").json["unreferenced_count"].get<int>(), 1, 10'000);
    const runtime::Collected collected = collect(host);
    QCOMPARE(collected.folders, 1);
    QCOMPARE(collected.bytes, std::uint64_t{18});
    QCOMPARE(entries(data(host, "blobs")), std::size_t{0});
    QCOMPARE(entries(data(host, "models")), std::size_t{0});
    QCOMPARE(host.deploy("demo").status, 200); // all of it again
    QVERIFY(!onlyModel(host).is_null());
}

void tst_api_models::whatJustArrivedStays()
{
    ApiHost host;
    host.pushFile();
    const Answer collected = host.post("/v1/blobs/collect");
    QCOMPARE(collected.status, 200);
    QCOMPARE(collected.json["freed_bytes"].get<int>(), 0);
    QCOMPARE(host.get("/v1/blobs").json["unreferenced_count"].get<int>(), 1);
}

void tst_api_models::tooManyFilesGoTheOldestFirst()
{
    ApiHost host;
    store::Stores& stores = host.host().stores();
    runtime::Housekeeping housekeeping(stores, {.maxRecords = 2, .maxFileBytes = 25});
    stores.writer().write([&files = stores.files()](store::Database& database) -> Result<> {
        for (int number = 1; number <= 4; ++number) {
            const store::ServedFile file{.id = "file" + std::to_string(number), .name = "x", .contentType = {}, .size = 10,
                .created = fromMilliseconds(number), .expires = {}, .keyId = {}, .acl = {}};
            TINTYPE_TRY(files.put(database, file, "0123456789"));
        }
        return {};
    });
    housekeeping.trim(wallClockNow());
    stores.writer().flush();
    QVERIFY(!*store::FileStore::find(stores.reader(), "file1"));
    QVERIFY(!*store::FileStore::find(stores.reader(), "file2"));
    QVERIFY(*store::FileStore::find(stores.reader(), "file3"));
    QVERIFY(!fs::exists(stores.files().pathOf("file1")));
    QVERIFY(fs::exists(stores.files().pathOf("file4")));
}

void tst_api_models::aBacklogGoesWithoutAPause()
{
    ApiHost host;
    store::Stores& stores = host.host().stores();
    runtime::Housekeeping housekeeping(stores, {.maxRecords = 7});
    constexpr int kMany = 1200; // more than two batches
    stores.writer().write([](store::Database& database) -> Result<> {
        for (int number = 0; number < kMany; ++number) {
            domain::Record record;
            record.request.id = std::to_string(number);
            record.finishedAt = wallClockNow();
            TINTYPE_TRY(store::insertRecord(database, record));
        }
        return {};
    });
    const TimePoint now = wallClockNow();
    for (int count = 0; count < 4; ++count) {
        housekeeping.tick(now);
        stores.writer().flush();
    }
    const auto left = store::findRecords(stores.reader(), {}, store::RecordOrder::LatestFirst, 100, {});
    QCOMPARE(left->records.size(), std::size_t{7});
    QCOMPARE(left->records.front().request.id, std::to_string(kMany - 1));
}

void tst_api_models::replicasAndQueueAreInTheAnalytics()
{
    ApiHost host;
    host.deploy("demo");
    QVERIFY(host.waitUntilDone(host.submit("demo")));
    host.host().stores().writer().flush();
    const Answer answer = host.get("/v1/analytics?since=2m&bucket=minute");
    QCOMPARE(misfit(answer.json, "Analytics"), std::string());
    const std::size_t columns = answer.json["series"].size();
    for (const Json& lists : {answer.json["heat_map"]["cold"], answer.json["heat_map"]["warm"], answer.json["queue"]["max"],
             answer.json["queue"]["mean"], answer.json["replicas"]["counts"]})
        QCOMPARE(lists.size(), columns);
    double present = 0;
    for (const Json& column : answer.json["replicas"]["counts"])
        present += column[0].get<double>() + column[1].get<double>() + column[2].get<double>();
    QVERIFY(present > 0);
    QCOMPARE(answer.json["deployments"].size(), std::size_t{1});
    COMPARE_JSON(answer.json["deployments"][0]["number"], 1);
}

void tst_api_models::requestsAreFoundByTheirDuration()
{
    ApiHost host;
    host.deploy("demo");
    QVERIFY(host.waitUntilDone(host.submit("demo")));
    host.host().stores().writer().flush();
    const auto found = [&host](const char* query) { return host.get(std::string("/v1/requests?") + query).json["items"].size(); };
    QCOMPARE(found("max_total=3600"), std::size_t{1});
    QCOMPARE(found("min_total=3600"), std::size_t{0});
    QCOMPARE(found("cold=true") + found("cold=false"), std::size_t{1});
    QCOMPARE(host.get("/v1/requests?min_total=fast").status, 422);
    QCOMPARE(host.get("/v1/requests?max_total=-1").status, 422);
}

QTEST_GUILESS_MAIN(tst_api_models)
#include "tst_api_models.moc"
