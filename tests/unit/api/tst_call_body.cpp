// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"

#include <QTest>

using namespace tintype;
using namespace tintype::api;
using namespace std::chrono_literals;

namespace {

http::Request saying(const std::string& body)
{
    http::Request request;
    request.body = body;
    return request;
}

std::string messageOf(const Result<domain::ScalingSettings>& settings)
{
    return settings ? std::string() : settings.error().message;
}

} // namespace

class tst_call_body : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noBodyIsAnEmptyObject();
    void refusesBodies_data();
    void refusesBodies();
    void namesTheFieldThatWasProbablyMeant();
    void readsScaling();
    void refusesScaling_data();
    void refusesScaling();
    void readsAuthAndStrategy();
};

void tst_call_body::noBodyIsAnEmptyObject()
{
    QVERIFY(readBody(saying(""), "Rollout").value().empty());
}

void tst_call_body::refusesBodies_data()
{
    QTest::addColumn<QString>("body");
    for (const char* body : {"[]", "3", "null", "{", "{\"force\": tru}", "{\"forced\": true}", "{} {}"})
        QTest::newRow(body) << body;
    QTest::newRow("deep") << QString(200, u'[');
}

void tst_call_body::refusesBodies()
{
    QFETCH(QString, body);
    const auto read = readBody(saying(body.toStdString()), "Rollout");
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
}

void tst_call_body::namesTheFieldThatWasProbablyMeant()
{
    const auto read = readBody(saying(R"({"strateggy": "rolling"})"), "Rollout");
    QVERIFY(!read);
    QVERIFY(read.error().message.find("did you mean strategy?") != std::string::npos);
}

void tst_call_body::readsScaling()
{
    const auto settings
        = scalingChanges({{"keep_alive", 300}, {"max_concurrency", 4}, {"machine_types", "L"}, {"regions", {"us-east"}}});
    QVERIFY2(settings, messageOf(settings).c_str());
    QCOMPARE(settings->keepAlive, std::optional(300s));
    QCOMPARE(settings->maxConcurrency, std::optional(4));
    QCOMPARE(settings->machineTypes, std::optional(std::vector<std::string>{"L"}));
    QCOMPARE(settings->regions, std::optional(std::vector<std::string>{"us-east"}));
    QVERIFY(!settings->minConcurrency);
}

void tst_call_body::refusesScaling_data()
{
    QTest::addColumn<QString>("json");
    for (const char* json : {R"({"keep_alive": -1})", R"({"keep_alive": "long"})", R"({"keep_alive": 1.5})",
             R"({"max_concurrency": 0})", R"({"machine_type": "L"})", R"({"machine_types": 3})", R"({"machine_types": [3]})",
             R"({"keep_alife": 3})", R"([])"})
        QTest::newRow(json) << json;
}

void tst_call_body::refusesScaling()
{
    QFETCH(QString, json);
    const auto settings = scalingChanges(nlohmann::json::parse(json.toStdString()));
    QVERIFY(!settings);
    QCOMPARE(settings.error().code, ErrorCode::InvalidArgument);
}

void tst_call_body::readsAuthAndStrategy()
{
    const nlohmann::json good{{"auth", "public"}, {"strategy", "recreate"}};
    QCOMPARE(authField(JsonFields(good, "body")).value(), std::optional(domain::AuthMode::Public));
    QCOMPARE(strategyField(JsonFields(good, "body")).value(), runtime::Strategy::Recreate);
    const nlohmann::json bad{{"auth", "open"}, {"strategy", 3}};
    QVERIFY(!authField(JsonFields(bad, "body")));
    QVERIFY(!strategyField(JsonFields(bad, "body")));
}

QTEST_GUILESS_MAIN(tst_call_body)
#include "tst_call_body.moc"
