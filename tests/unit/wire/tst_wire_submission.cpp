// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/submission.h"

#include <QFloat16> // QCOMPARE of JSON asks whether it is one
#include <QTest>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::wire;

namespace {

http::Request callWith(std::string name, std::string value)
{
    http::Request call;
    call.method = "POST";
    call.headers.set(std::move(name), std::move(value));
    return call;
}

Result<Submission> read(const http::Request& call)
{
    return readSubmission(call, AppPath{"local", "app", "/"}, domain::Via::Queue);
}

} // namespace

class TestSubmission : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsPaths_data();
    void readsPaths();
    void refusesPaths_data();
    void refusesPaths();
    void cutsSuffixes();
    void readsStartTimeouts();
    void refusesStartTimeouts_data();
    void refusesStartTimeouts();
    void readsPriorities();
    void readsRetryConfig();
    void ignoresARetryConfigThatIsNone_data();
    void ignoresARetryConfigThatIsNone();
    void readsTheOtherHeaders();
    void readsTheQuery();
    void refusesAQuery_data();
    void refusesAQuery();
    void takesTheQueryOfAGetAsInput();
    void readsTheLifecycle_data();
    void readsTheLifecycle();
    void makesThePublicBase();
};

void TestSubmission::readsPaths_data()
{
    QTest::addColumn<QByteArray>("owner");
    QTest::addColumn<QByteArray>("app");
    QTest::addColumn<QByteArray>("endpoint");
    QTest::newRow("/local/app") << QByteArray("local") << QByteArray("app") << QByteArray("/");
    QTest::newRow("/local/app/") << QByteArray("local") << QByteArray("app") << QByteArray("/");
    QTest::newRow("/local/app/fast") << QByteArray("local") << QByteArray("app") << QByteArray("/fast");
    QTest::newRow("/local/app/a/b/") << QByteArray("local") << QByteArray("app") << QByteArray("/a/b");
    QTest::newRow("/110602490-sdxl") << QByteArray("110602490") << QByteArray("sdxl") << QByteArray("/");
    QTest::newRow("/1234/sd-xl") << QByteArray("1234") << QByteArray("sd-xl") << QByteArray("/");
}

void TestSubmission::readsPaths()
{
    const auto path = parseAppPath(QTest::currentDataTag());
    QVERIFY(path.has_value());
    QTEST(QByteArray::fromStdString(path->owner), "owner");
    QTEST(QByteArray::fromStdString(path->app), "app");
    QTEST(QByteArray::fromStdString(path->endpoint), "endpoint");
}

void TestSubmission::refusesPaths_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* path : {"/", "/local", "/local/", "/my-app", "/workflows/local/app", "/comfy/local/app"})
        QTest::newRow(path) << QByteArray(path);
}

void TestSubmission::refusesPaths()
{
    QFETCH(const QByteArray, text);
    const auto path = parseAppPath(text.toStdString());
    QVERIFY(!path.has_value());
    QCOMPARE(path.error().code, ErrorCode::NotFound);
}

void TestSubmission::cutsSuffixes()
{
    QCOMPARE(withoutSuffix("/stream", "/stream"), std::optional<std::string>("/"));
    QCOMPARE(withoutSuffix("/fast/stream", "/stream"), std::optional<std::string>("/fast"));
    QVERIFY(!withoutSuffix("/", "/stream"));
    QVERIFY(!withoutSuffix("/upstream", "/stream"));
    QVERIFY(!withoutSuffix("/stream/fast", "/stream"));
}

void TestSubmission::readsStartTimeouts()
{
    QVERIFY(!read(callWith("X-Other", "1"))->request.startDeadline);
    for (const char* text : {"30", "30.0", "0.2"}) { // JavaScript's form, Python's, fal's documented least
        const auto submission = read(callWith("X-Fal-Request-Timeout", text));
        QVERIFY2(submission.has_value(), text);
        const auto wait = *submission->request.startDeadline - submission->request.submittedAt;
        QVERIFY(wait > std::chrono::milliseconds(100) && wait <= std::chrono::seconds(31));
    }
}

void TestSubmission::refusesStartTimeouts_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"0", "0.1", "-5", "abc", "5s", "nan", "inf", "1e300"})
        QTest::newRow(text) << QByteArray(text);
}

void TestSubmission::refusesStartTimeouts()
{
    QFETCH(const QByteArray, text);
    const auto submission = read(callWith("X-Fal-Request-Timeout", text.toStdString()));
    QVERIFY(!submission.has_value());
    QCOMPARE(submission.error().code, ErrorCode::InvalidArgument);
}

void TestSubmission::readsPriorities()
{
    QVERIFY(read(callWith("X-Fal-Queue-Priority", "low"))->request.priority == domain::Priority::Low);
    QVERIFY(read(callWith("X-Fal-Queue-Priority", "normal"))->request.priority == domain::Priority::Normal);
    QVERIFY(!read(callWith("X-Fal-Queue-Priority", "urgent")).has_value());
}

void TestSubmission::readsRetryConfig()
{
    const auto submission = read(callWith("X-Fal-Retry-Config", R"({"server_error":{"retries":2},"timeout":{"retries":0},"connection_error":{"retries":"many"},"other":7})"));
    const std::map<std::string, int> expected{{"server_error", 2}, {"timeout", 0}};
    QCOMPARE(submission->request.retries, expected);
}

void TestSubmission::ignoresARetryConfigThatIsNone_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"{", "[]", "7", "null", "\xFF"})
        QTest::newRow(text) << QByteArray(text);
}

void TestSubmission::ignoresARetryConfigThatIsNone()
{
    QFETCH(const QByteArray, text);
    const auto submission = read(callWith("X-Fal-Retry-Config", text.toStdString()));
    QVERIFY(submission.has_value());
    QVERIFY(submission->request.retries.empty());
}

void TestSubmission::readsTheOtherHeaders()
{
    QCOMPARE(read(callWith("X-Fal-Runner-Hint", "lora-7"))->request.hint, std::string("lora-7"));
    for (const char* yes : {"1", "true", "yes"})
        QVERIFY(read(callWith("X-Fal-No-Retry", yes))->request.noRetry);
    QVERIFY(!read(callWith("X-Fal-No-Retry", "0"))->request.noRetry);
    QVERIFY(!read(callWith("X-Fal-Store-IO", "0"))->request.storeInputOutput);
    QVERIFY(read(callWith("X-Fal-Store-IO", "1"))->request.storeInputOutput);
}

void TestSubmission::readsTheQuery()
{
    http::Request call = callWith("X-Other", "1");
    call.query = {{"fal_webhook", "https://example.com/done?x=1"}, {"fal_max_queue_length", "5"}};
    const auto submission = read(call);
    QCOMPARE(submission->request.webhook, std::string("https://example.com/done?x=1"));
    QCOMPARE(submission->maxQueueLength, std::optional(5));
}

void TestSubmission::refusesAQuery_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("a file") << QByteArray("fal_webhook") << QByteArray("file:///etc/passwd");
    QTest::newRow("no URL") << QByteArray("fal_webhook") << QByteArray("example.com");
    QTest::newRow("negative") << QByteArray("fal_max_queue_length") << QByteArray("-1");
    QTest::newRow("no number") << QByteArray("fal_max_queue_length") << QByteArray("many");
    QTest::newRow("too long") << QByteArray("fal_max_queue_length") << QByteArray("99999999999999999999");
    QTest::newRow("empty") << QByteArray("fal_max_queue_length") << QByteArray("");
}

void TestSubmission::refusesAQuery()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    http::Request call = callWith("X-Other", "1");
    call.query[name.toStdString()] = value.toStdString();
    const auto submission = read(call);
    QVERIFY(!submission.has_value());
    QCOMPARE(submission.error().code, ErrorCode::InvalidArgument);
}

void TestSubmission::takesTheQueryOfAGetAsInput()
{
    http::Request call;
    call.method = "GET";
    call.query = {{"prompt", "a cat"}, {"num_images", "2"}, {"sync_mode", "true"}, {"seed", "1e"}, {"fal_webhook", "https://x/"}};
    const auto input = nlohmann::json::parse(read(call)->request.input);
    QCOMPARE(input, nlohmann::json::parse(R"({"prompt":"a cat","num_images":2,"sync_mode":true,"seed":"1e"})"));
}

void TestSubmission::readsTheLifecycle_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("seconds"); // -1 = nothing
    QTest::newRow("an hour") << QByteArray(R"({"expiration_duration_seconds":3600})") << 3600;
    QTest::newRow("negative") << QByteArray(R"({"expiration_duration_seconds":-5})") << 1;
    QTest::newRow("text") << QByteArray(R"({"expiration_duration_seconds":"never"})") << -1;
    QTest::newRow("null") << QByteArray(R"({"expiration_duration_seconds":null})") << -1;
    QTest::newRow("no JSON") << QByteArray("{") << -1;
    QTest::newRow("nothing") << QByteArray() << -1;
}

void TestSubmission::readsTheLifecycle()
{
    QFETCH(const QByteArray, header);
    QFETCH(const int, seconds);
    for (const char* name : {"X-Fal-Object-Lifecycle-Preference", "X-Fal-Object-Lifecycle"}) {
        const auto lifetime = fileLifetime(callWith(name, header.toStdString()).headers);
        QCOMPARE(lifetime ? static_cast<int>(lifetime->count()) : -1, seconds);
    }
    const auto acl = fileAcl(callWith("X-Fal-Object-Lifecycle", R"({"initial_acl":{"default":"hide"}})").headers);
    QCOMPARE(acl, std::string(R"({"default":"hide"})"));
}

void TestSubmission::makesThePublicBase()
{
    http::Request call = callWith("Host", "queue.fal.run");
    call.secure = true;
    QCOMPARE(publicBase(call, ""), std::string("https://queue.fal.run"));
    QCOMPARE(publicBase(call, "https://studio.example/"), std::string("https://studio.example"));
    call = callWith("Host", "127.0.0.1:7870");
    QCOMPARE(publicBase(call, ""), std::string("http://127.0.0.1:7870"));
}

QTEST_GUILESS_MAIN(TestSubmission)
#include "tst_wire_submission.moc"
