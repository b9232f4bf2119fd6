// SPDX-License-Identifier: Apache-2.0
// Uploads of both client libraries, and the files that come of them.
#include "tests/integration/wire_fixture.h"

#include <QTest>

using namespace tintype;
using namespace tintype::test;

namespace {

const std::string kCdn = "v3.fal.media";
const std::string kRest = "rest.fal.ai";

std::string pathOf(const std::string& url) { return url.substr(url.find('/', url.find("://") + 3)); }

} // namespace

class TestWireFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_site.reset(); }

    void uploadsAsPythonDoes();
    void uploadsPartsAsPythonDoes();
    void uploadsAsJavaScriptDoes();
    void uploadsPartsAsJavaScriptDoes();
    void takesOnlyItsOwnUploads_data();
    void takesOnlyItsOwnUploads();
    void refusesAnEmptyPartWithin();
    void refusesABrokenCompletion_data();
    void refusesABrokenCompletion();
    void takesAnUploadOnce();
    void needsAKeyToUpload();
    void servesRanges();
    void servesUploadsHarmlessly();
    void forgetsFilesInTime();
    void heedsTheAcl();
    void givesTokens();

private:
    Answer upload(const std::string& body, const HeaderList& headers);
    HeaderList key() const { return {{"Authorization", "Key " + m_key}}; }
    std::pair<std::string, std::string> beginParts(); ///< access_url, uploadId

    std::unique_ptr<WireHost> m_site;
    std::string m_key;
    std::string m_otherKey;
};

void TestWireFiles::initTestCase()
{
    m_site = std::make_unique<WireHost>();
    m_key = m_site->makeKey(store::Scope::Api);
    m_otherKey = m_site->makeKey(store::Scope::Api);
    m_site->deploy("closed", "private");
}

Answer TestWireFiles::upload(const std::string& body, const HeaderList& headers)
{
    HeaderList all = key();
    all.insert(all.end(), headers.begin(), headers.end());
    return m_site->send("POST", "/files/upload", body, all, kCdn);
}

std::pair<std::string, std::string> TestWireFiles::beginParts()
{
    const Answer begun = m_site->send("POST", "/files/upload/multipart", "", key(), kRest);
    return {begun.json.value("access_url", ""), begun.json.value("uploadId", "")};
}

void TestWireFiles::uploadsAsPythonDoes()
{
    const Answer token = m_site->send("POST", "/storage/auth/token?storage_type=fal-cdn-v3", "{}", key(), kRest);
    QCOMPARE(token.status, 200);
    QCOMPARE(token.json["base_url"], Json("http://rest.fal.ai"));
    QVERIFY(token.json["expires_at"].get<std::string>().find('T') != std::string::npos);
    const std::string authorization = token.json["token_type"].get<std::string>() + " " + token.json["token"].get<std::string>();
    const Answer uploaded = m_site->send("POST", "/files/upload", "bytes of a cat",
        {{"Authorization", authorization}, {"Content-Type", "image/png"}, {"X-Fal-File-Name", "my cat.png"}}, kCdn);
    QCOMPARE(uploaded.status, 200);
    const std::string url = uploaded.json["access_url"];
    QVERIFY(url.starts_with("http://v3.fal.media/files/"));
    const Answer file = m_site->follow("GET", url);
    QCOMPARE(file.body, std::string("bytes of a cat"));
    QCOMPARE(file.header("Content-Type"), std::string("image/png"));
    QVERIFY(file.header("Content-Disposition").find("my cat.png") != std::string::npos);
}

void TestWireFiles::uploadsPartsAsPythonDoes()
{
    const auto [url, id] = beginParts();
    const std::string parts = pathOf(url) + "/multipart/" + id;
    const Answer second = m_site->send("PUT", parts + "/2", "world", key(), kCdn);
    const Answer first = m_site->send("PUT", parts + "/1", "hello ", key(), kCdn);
    QCOMPARE(first.status, 200);
    QVERIFY(first.header("ETag").starts_with('"'));
    const Json list{{"parts", {{{"partNumber", 2}, {"etag", second.header("ETag")}}, {{"partNumber", 1}, {"etag", first.header("ETag")}}}}};
    QCOMPARE(m_site->send("POST", parts + "/complete", list.dump(), key(), kCdn).status, 200);
    QCOMPARE(m_site->follow("GET", url).body, std::string("hello world"));
    QCOMPARE(m_site->send("POST", parts + "/complete", list.dump(), key(), kCdn).status, 200); // the answer was lost
}

void TestWireFiles::uploadsAsJavaScriptDoes()
{
    HeaderList headers = key();
    headers.emplace_back("x-fal-target-url", "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3");
    const Answer begun = m_site->send("POST", "/p", R"({"content_type":"text/plain","file_name":"a.txt"})", headers);
    QCOMPARE(begun.status, 200);
    const std::string uploadUrl = begun.json["upload_url"];
    QVERIFY(uploadUrl.starts_with(m_site->base() + "/")); // where the client can reach it
    QCOMPARE(m_site->follow("GET", begun.json["file_url"]).status, 404);
    QCOMPARE(m_site->follow("PUT", uploadUrl, "hello", {{"Content-Type", "text/plain"}}).status, 200); // without a key
    QCOMPARE(m_site->follow("GET", begun.json["file_url"]).body, std::string("hello"));
}

void TestWireFiles::uploadsPartsAsJavaScriptDoes()
{
    const Answer begun = m_site->send("POST", "/storage/upload/initiate-multipart", R"({"content_type":"image/png","file_name":"a.png"})", key(), kRest);
    const std::string uploadUrl = begun.json["upload_url"];
    Json parts = Json::array();
    for (int number = 1; number <= 3; ++number) {
        const Answer part = m_site->follow("PUT", uploadUrl + "/" + std::to_string(number), std::to_string(number));
        QCOMPARE(part.json["partNumber"], Json(number));
        parts.push_back(part.json);
    }
    const Answer done = m_site->follow("POST", uploadUrl + "/complete", Json{{"parts", parts}}.dump());
    QCOMPARE(done.status, 200);
    QVERIFY(done.json.is_object());
    QCOMPARE(m_site->follow("GET", begun.json["file_url"]).body, std::string("123"));
}

void TestWireFiles::takesOnlyItsOwnUploads_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("whole") << QByteArray("PUT") << QByteArray("/storage/upload/nonsense");
    QTest::newRow("part") << QByteArray("PUT") << QByteArray("/storage/upload/nonsense/1");
    QTest::newRow("completion") << QByteArray("POST") << QByteArray("/storage/upload/nonsense/complete");
    QTest::newRow("Python's part") << QByteArray("PUT") << QByteArray("/files/abc/a.png/multipart/nonsense/1");
}

void TestWireFiles::takesOnlyItsOwnUploads()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QCOMPARE(m_site->send(method.toStdString(), path.toStdString(), "{}", {}, kRest).status, 404);
    const std::string id = beginParts().second;
    QCOMPARE(m_site->send("PUT", "/files/another/a.png/multipart/" + id + "/1", "x", {}, kRest).status, 404);
    for (const char* number : {"0", "-1", "x", "10001", "99999999999"})
        QCOMPARE(m_site->send("PUT", "/storage/upload/" + id + "/" + number, "x", {}, kRest).status, 400);
}

void TestWireFiles::refusesAnEmptyPartWithin()
{
    const auto [url, id] = beginParts();
    const std::string parts = "/storage/upload/" + id;
    Json list = Json::array();
    for (const char* body : {"one", "", "three"}) {
        const auto number = list.size() + 1;
        list.push_back(m_site->send("PUT", parts + "/" + std::to_string(number), body, {}, kRest).json);
    }
    const Answer refused = m_site->send("POST", parts + "/complete", Json{{"parts", list}}.dump(), {}, kRest);
    QCOMPARE(refused.status, 400);
    QVERIFY(refused.json["detail"].get<std::string>().find("2") != std::string::npos);
    QCOMPARE(m_site->follow("GET", url).status, 404);
}

void TestWireFiles::refusesABrokenCompletion_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* body : {"", "{", "[]", R"({"parts":7})", R"({"parts":[]})", R"({"parts":[7]})", R"({"parts":[{"etag":"x"}]})",
             R"({"parts":[{"partNumber":"1","etag":"x"}]})", R"({"parts":[{"partNumber":1,"etag":"\"wrong\""}]})", R"({"parts":[{"partNumber":2,"etag":"x"}]})"})
        QTest::newRow(body) << QByteArray(body);
}

void TestWireFiles::refusesABrokenCompletion()
{
    QFETCH(const QByteArray, text);
    const std::string parts = "/storage/upload/" + beginParts().second;
    QCOMPARE(m_site->send("PUT", parts + "/1", "one", {}, kRest).status, 200);
    QCOMPARE(m_site->send("POST", parts + "/complete", text.toStdString(), {}, kRest).status, 400);
}

void TestWireFiles::takesAnUploadOnce()
{
    const Answer begun = m_site->send("POST", "/storage/upload/initiate", R"({"content_type":"text/plain","file_name":"a.txt"})", key(), kRest);
    m_site->follow("PUT", begun.json["upload_url"], "first");
    m_site->follow("PUT", begun.json["upload_url"], "second");
    QCOMPARE(m_site->follow("GET", begun.json["file_url"]).body, std::string("first"));
}

void TestWireFiles::needsAKeyToUpload()
{
    const std::vector<std::string> paths{"/storage/auth/token", "/files/upload", "/files/upload/multipart", "/storage/upload/initiate"};
    for (const std::string& path : paths) {
        QCOMPARE(m_site->send("POST", path, R"({"file_name":"a"})", {}, kRest).status, 401);
        QCOMPARE(m_site->send("POST", path, R"({"file_name":"a"})", {{"Authorization", "Key a:b"}}, kRest).status, 401);
        QCOMPARE(m_site->send("POST", path, R"({"file_name":"a"})", {{"Authorization", "Bearer a.b"}}, kRest).status, 401);
    }
    const Answer token = m_site->send("POST", "/tokens/", R"({"allowed_apps":["closed"]})", key(), kRest);
    const HeaderList forApps{{"Authorization", "Bearer " + token.json.get<std::string>()}};
    QCOMPARE(m_site->send("POST", "/files/upload", "x", forApps, kRest).status, 401); // a token for apps is none for files
}

void TestWireFiles::servesRanges()
{
    const std::string url = upload("0123456789", {{"Content-Type", "text/plain"}}).json["access_url"];
    const Answer part = m_site->follow("GET", url, {}, {{"Range", "bytes=2-4"}});
    QCOMPARE(part.status, 206);
    QCOMPARE(part.body, std::string("234"));
    QCOMPARE(m_site->follow("GET", url, {}, {{"Range", "bytes=20-"}}).status, 416);
    const Answer head = m_site->follow("HEAD", url);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.header("Content-Length"), std::string("10"));
    QVERIFY(head.body.empty());
}

void TestWireFiles::servesUploadsHarmlessly()
{
    for (const char* type : {"text/html", "image/svg+xml"}) {
        const Answer file = m_site->follow("GET", upload("<script>", {{"Content-Type", type}}).json["access_url"]);
        QCOMPARE(file.header("Content-Security-Policy"), std::string("sandbox"));
        QCOMPARE(file.header("X-Content-Type-Options"), std::string("nosniff"));
    }
    const std::string url = upload("x", {{"X-Fal-File-Name", "../../../etc/passwd"}}).json["access_url"];
    QVERIFY(url.ends_with("/passwd"));
    for (const char* path : {"/files/..%2f..%2fsecret.key/x", "/files/%2e%2e/secret.key", "/files/none/x.png", "/files/"})
        QVERIFY2(m_site->send("GET", path, {}, {}, kCdn).status >= 400, path);
}

void TestWireFiles::forgetsFilesInTime()
{
    const std::string url = upload("x", {{"X-Fal-Object-Lifecycle", R"({"expiration_duration_seconds":1})"}}).json["access_url"];
    const auto status = [&] { return m_site->follow("GET", url).status; };
    QCOMPARE(status(), 200);
    QTRY_VERIFY(status() == 410 || status() == 404);
}

void TestWireFiles::heedsTheAcl()
{
    const auto withAcl = [this](const char* acl) {
        return upload("x", {{"X-Fal-Object-Lifecycle", std::string(R"({"initial_acl":)") + acl + "}"}}).json["access_url"].get<std::string>();
    };
    const std::string hidden = withAcl(R"({"default":"hide"})");
    const std::string forbidden = withAcl(R"({"default":"forbid"})");
    QCOMPARE(m_site->follow("GET", hidden).status, 404);
    QCOMPARE(m_site->follow("GET", forbidden).status, 403);
    QCOMPARE(m_site->follow("GET", hidden, {}, {{"Authorization", "Key " + m_otherKey}}).status, 404);
    QCOMPARE(m_site->follow("GET", hidden, {}, key()).status, 200); // its own
    const std::string shared = withAcl((R"({"default":"hide","rules":[{"user":")" + m_otherKey.substr(0, m_otherKey.find(':')) + R"(","decision":"allow"}]})").c_str());
    QCOMPARE(m_site->follow("GET", shared, {}, {{"Authorization", "Key " + m_otherKey}}).status, 200);
    QCOMPARE(m_site->follow("GET", shared).header("Cache-Control").find("public"), std::string::npos);
    QCOMPARE(upload("x", {{"X-Fal-Object-Lifecycle", Json{{"initial_acl", {{"default", std::string(3000, 'x')}}}}.dump()}}).status, 400);
}

void TestWireFiles::givesTokens()
{
    const auto ask = [this](const char* body, const HeaderList& headers) { return m_site->send("POST", "/tokens/", body, headers, kRest); };
    const Answer token = ask(R"({"allowed_apps":["closed"],"token_expiration":120})", key());
    QCOMPARE(token.status, 200);
    QVERIFY(token.json.is_string());
    QVERIFY(m_site->send("POST", "/tokens/realtime", R"({"allowed_apps":["local/closed/realtime"],"duration":60})", key(), kRest).json.is_string());
    for (const char* body : {"", "[]", "{}", R"({"allowed_apps":[]})", R"({"allowed_apps":[7]})", R"({"allowed_apps":["closed"],"token_expiration":0})",
             R"({"allowed_apps":["closed"],"token_expiration":"x"})", R"({"allowed_apps":["closed"],"duration":1e9})"})
        QVERIFY2(ask(body, key()).status == 400, body);
    QCOMPARE(ask(R"({"allowed_apps":["closed"]})", {}).status, 401);
    const HeaderList bearer{{"Authorization", "Bearer " + token.json.get<std::string>()}};
    QCOMPARE(m_site->send("POST", "/local/closed", prompt().dump(), bearer, "fal.run").status, 200);
    QCOMPARE(m_site->send("POST", "/local/closed/stream?fal_jwt_token=" + token.json.get<std::string>(), prompt().dump(), {}, "fal.run").status, 200);
    const Answer other = ask(R"({"allowed_apps":["another"]})", key());
    QCOMPARE(m_site->send("POST", "/local/closed", prompt().dump(), {{"Authorization", "Bearer " + other.json.get<std::string>()}}, "fal.run").status, 401);
}

QTEST_GUILESS_MAIN(TestWireFiles)
#include "tst_wire_files.moc"
