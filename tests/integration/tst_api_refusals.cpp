// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/api_fixture.h"

#include <QTest>
#include <memory>

using namespace tintype;
using namespace tintype::test;

/// Calls that the API cannot answer: each gets one sentence that names what is wrong.
class tst_api_refusals : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refuses_data();
    void refuses();
    void cleanupTestCase() { m_host.reset(); }

private:
    std::unique_ptr<ApiHost> m_host; ///< with an app "demo"
};

void tst_api_refusals::initTestCase()
{
    m_host = std::make_unique<ApiHost>();
    QCOMPARE(m_host->deploy("demo").status, 200);
}

void tst_api_refusals::refuses_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("named");
    const auto blob = [](const char* rest) { return QStringLiteral("/v1/blobs/%1%2").arg(QString(64, u'a'), QLatin1String(rest)); };
    const auto row = [](const char* name) -> QTestData& { return QTest::newRow(name); };
    row("not JSON") << "PATCH" << "/v1/apps/demo" << "{" << 422 << "JSON";
    row("a list") << "PATCH" << "/v1/apps/demo" << "[]" << 422 << "object";
    row("unknown field") << "PATCH" << "/v1/apps/demo" << R"({"aut": "public"})" << 422 << "did you mean auth";
    row("unknown auth") << "PATCH" << "/v1/apps/demo" << R"({"auth": "open"})" << 422 << "private, public, shared";
    row("bad scaling") << "PATCH" << "/v1/apps/demo" << R"({"scaling": {"keep_alive": -1}})" << 422 << "keep_alive";
    row("min above max") << "PATCH" << "/v1/apps/demo" << R"({"scaling": {"min_concurrency": 9}})" << 422 << "max_concurrency";
    row("no such app") << "PATCH" << "/v1/apps/nobody" << "{}" << 404 << "nobody";
    row("app name") << "GET" << "/v1/apps/UPPER" << "" << 422 << "UPPER";
    row("no such revision") << "GET" << "/v1/apps/demo/revisions/99" << "" << 404 << "99";
    row("revision name") << "GET" << "/v1/apps/demo/revisions/HEAD" << "" << 422 << "HEAD";
    row("diff of nothing") << "GET" << "/v1/apps/demo/diff" << "" << 422 << "from";
    row("strategy") << "POST" << "/v1/apps/demo/rollout" << R"({"strategy": "slow"})" << 422 << "rolling, recreate";
    row("no definition") << "POST" << "/v1/deployments" << "{}" << 422 << "definition";
    row("bad definition") << "POST" << "/v1/deployments/check" << R"({"definition": "nam: x"})" << 422 << "app.yaml:1:1";
    row("file without hash") << "POST" << "/v1/deployments" << R"({"definition": "x", "files": [{"path": "a"}]})" << 422 << "sha256";
    row("file with a bad hash") << "POST" << "/v1/deployments" << R"({"definition": "x", "files": [{"path": "a", "sha256": "zz", "size": 1}]})" << 422 << "sha256";
    row("annotations") << "POST" << "/v1/deployments" << R"({"definition": "x", "annotations": {"a": 1}})" << 422 << "a = 1";
    row("chunk without offset") << "PUT" << blob("") << "x" << 422 << "offset";
    row("chunk of no hash") << "PUT" << "/v1/blobs/0123?offset=0&size=1" << "x" << 422 << "sha256";
    row("chunk out of place") << "PUT" << blob("?offset=7&size=9") << "x" << 409 << "0";
    row("chunk over its size") << "PUT" << blob("?offset=0&size=1") << "xyz" << 422 << "size";
    row("commit of nothing") << "POST" << blob("/commit") << "" << 404 << "arrived";
    row("blob list") << "POST" << "/v1/blobs/missing" << R"({"blobs": 3})" << 422 << "blobs";
    row("replica state") << "GET" << "/v1/replicas?state=sleeping" << "" << 422 << "sleeping";
    row("no such replica") << "POST" << "/v1/replicas/none/stop" << "" << 404 << "none";
    row("no such request") << "GET" << "/v1/requests/none" << "" << 404 << "none";
    row("request outcome") << "GET" << "/v1/requests?outcome=bad" << "" << 422 << "user_error";
    row("request cursor") << "GET" << "/v1/requests?cursor=zzz" << "" << 422 << "cursor";
    row("request limit") << "GET" << "/v1/requests?limit=0" << "" << 422 << "limit";
    row("unknown parameter") << "GET" << "/v1/requests?apps=demo" << "" << 422 << "apps";
    row("time") << "GET" << "/v1/logs?since=yesterday" << "" << 422 << "yesterday";
    row("level") << "GET" << "/v1/logs?level=loud" << "" << 422 << "warning";
    row("analytics span") << "GET" << "/v1/analytics?since=1h&until=2h" << "" << 422 << "since";
    row("analytics buckets") << "GET" << "/v1/analytics?since=90d&bucket=minute" << "" << 422 << "bucket";
    row("key scope") << "POST" << "/v1/keys" << R"({"scope": "root"})" << 422 << "admin, api";
    row("no such key") << "DELETE" << "/v1/keys/none" << "" << 404 << "none";
    row("secret name") << "PUT" << "/v1/secrets/A=B" << R"({"value": "x"})" << 422 << "A=B";
    row("secret without value") << "PUT" << "/v1/secrets/TOKEN" << R"({"valu": "hush"})" << 422 << "value";
    row("no such secret") << "DELETE" << "/v1/secrets/NONE" << "" << 404 << "NONE";
    row("method") << "POST" << "/v1/host" << "" << 405 << "";
    row("path") << "GET" << "/v1/nothing" << "" << 404 << "";
    row("events without a handshake") << "GET" << "/v1/events" << "" << 426 << "";
}

void tst_api_refusals::refuses()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, body);
    QFETCH(int, status);
    QFETCH(QString, named);
    const Answer answer = m_host->send(method.toStdString(), path.toStdString(), body.toStdString());
    QVERIFY2(answer.status == status, answer.body.c_str());
    QVERIFY2(answer.body.find(named.toStdString()) != std::string::npos, answer.body.c_str());
    QVERIFY(answer.body.find("hush") == std::string::npos);
    QVERIFY2(answer.json.contains("detail"), answer.body.c_str());
}

QTEST_GUILESS_MAIN(tst_api_refusals)
#include "tst_api_refusals.moc"
