// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_failure.h"
#include "deploy/requirements/hub_settings.h"

#include <QTest>

using namespace tintype;
using namespace tintype::requirements;
using namespace std::chrono_literals;

class TestHubFailure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatToDo_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("errorCode");
        QTest::addColumn<bool>("hasToken");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<bool>("mayPass");
        const auto row = [](int status, const char* code, bool hasToken, const char* message, bool mayPass) {
            QTest::addRow("%d %s %d", status, code, hasToken)
                << status << QByteArray(code) << hasToken << QByteArray(message) << mayPass;
        };
        row(401, "GatedRepo", false,
            "org/name is gated: accept its licence on https://hub/org/name and set a secret HF_TOKEN of that account",
            false);
        row(403, "GatedRepo", true,
            "org/name is gated, and the account of HF_TOKEN has no access: accept its licence on https://hub/org/name "
            "with that account",
            false);
        row(401, "RepoNotFound", false,
            "org/name: the hub has no such repository, or it is private: check the name, or set a secret HF_TOKEN that "
            "may read it",
            false);
        row(401, "", true, "org/name: the hub does not accept HF_TOKEN: set a valid one", false);
        row(403, "", true, "org/name: HF_TOKEN may not read it: give the token access to this repository", false);
        row(404, "RevisionNotFound", false, "org/name has no revision 'main'", false);
        row(404, "RepoNotFound", true, "the hub has no repository org/name with a revision 'main'", false);
        row(404, "EntryNotFound", false, "org/name at revision 'main' has no file a.json", false);
        row(429, "", false, "org/name: a.json: the hub answers that there were too many requests (429)", true);
        row(500, "", false, "org/name: a.json: the hub answered 500", true);
        row(503, "", false, "org/name: a.json: the hub answered 503", true);
        row(418, "", false, "org/name: a.json: the hub answered 418", false);
    }

    void saysWhatToDo()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, errorCode);
        QFETCH(bool, hasToken);
        QFETCH(QByteArray, message);
        QFETCH(bool, mayPass);
        HubAnswer answer;
        answer.status = status;
        answer.errorCode = errorCode.toStdString();
        const auto failure = failureOf(answer, {"https://hub", "org/name", "main", "a.json", hasToken});
        QCOMPARE(QByteArray::fromStdString(failure.error.message), message);
        QCOMPARE(failure.mayPass, mayPass);
    }

    void anExpiredAddressOfTheStoreMayPass()
    {
        HubAnswer answer;
        answer.status = 403;
        answer.fromHub = false;
        QVERIFY(failureOf(answer, {"https://hub", "org/name", "main", "a.json", true}).mayPass);
    }

    void readsRetryAfter_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("seconds"); // -1 = none
        QTest::newRow("seconds") << QByteArray("7") << 7;
        QTest::newRow("zero") << QByteArray("0") << 0;
        QTest::newRow("date") << QByteArray("Wed, 21 Oct 2026 07:28:30 GMT") << 30;
        QTest::newRow("past") << QByteArray("Wed, 21 Oct 2015 07:28:00 GMT") << 0;
        QTest::newRow("below zero") << QByteArray("-5") << -1;
        QTest::newRow("fraction") << QByteArray("1.5") << -1;
        QTest::newRow("text") << QByteArray("soon") << -1;
        QTest::newRow("nothing") << QByteArray("") << -1;
        QTest::newRow("too big") << QByteArray("99999999999999999999") << -1;
    }

    void readsRetryAfter()
    {
        QFETCH(QByteArray, value);
        QFETCH(int, seconds);
        const QDateTime now(QDate(2026, 10, 21), QTime(7, 28), Qt::UTC);
        const auto parsed = parseRetryAfter(value.toStdString(), now);
        QCOMPARE(parsed ? static_cast<int>(parsed->count()) : -1, seconds);
    }

    void waitsDoubleUpToALimit()
    {
        RetryCounter counter({.attempts = 6, .firstDelay = 1s, .maxDelay = 5s, .longestRetryAfter = 60s});
        HubFailure failure;
        failure.mayPass = true;
        for (const auto expected : {1s, 2s, 4s, 5s, 5s})
            QVERIFY(counter.waitAfter(failure) == std::optional<std::chrono::milliseconds>(expected));
        QVERIFY(!counter.waitAfter(failure));
        counter.reset();
        QVERIFY(counter.waitAfter(failure) == std::optional<std::chrono::milliseconds>(1s));
    }

    void waitsAsLongAsItIsTold()
    {
        RetryCounter counter({.attempts = 6, .firstDelay = 1s, .maxDelay = 5s, .longestRetryAfter = 60s});
        HubFailure failure;
        failure.mayPass = true;
        failure.retryAfter = 40s;
        QVERIFY(counter.waitAfter(failure) == std::optional<std::chrono::milliseconds>(40s));
        failure.retryAfter = 61s;
        QVERIFY(!counter.waitAfter(failure));
        failure = {};
        QVERIFY(!counter.waitAfter(failure)); // what does not pass is not tried again
    }

    void readsTheEnvironment()
    {
        for (const char* name : {"HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_CACHE",
                 "HF_HOME", "XDG_CACHE_HOME"})
            qunsetenv(name);
        qputenv("HOME", "/home/x");
        QCOMPARE(HubSettings::fromEnvironment("/d")->userCacheFolder, std::string("/home/x/.cache/huggingface/hub"));
        qputenv("XDG_CACHE_HOME", "/c");
        QCOMPARE(HubSettings::fromEnvironment("/d")->userCacheFolder, std::string("/c/huggingface/hub"));
        qputenv("HF_HOME", "/h");
        QCOMPARE(HubSettings::fromEnvironment("/d")->userCacheFolder, std::string("/h/hub"));
        qputenv("HF_HUB_CACHE", "/u");
        qputenv("HF_ENDPOINT", "https://mirror.example/hf/");
        qputenv("HF_TOKEN", " t\n");
        qputenv("HF_HUB_OFFLINE", "yes");
        const auto settings = HubSettings::fromEnvironment("/d");
        QVERIFY(settings);
        QCOMPARE(settings->userCacheFolder, std::string("/u"));
        QCOMPARE(settings->endpoint, std::string("https://mirror.example/hf"));
        QCOMPARE(settings->token, std::string("t"));
        QVERIFY(settings->offline);
        qputenv("HF_ENDPOINT", "file:///etc");
        QCOMPARE(HubSettings::fromEnvironment("/d").error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(TestHubFailure)
#include "tst_hub_failure.moc"
