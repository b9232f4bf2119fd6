// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"

#include <QTest>

using namespace tintype;
using namespace tintype::api;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow = fromMilliseconds(1'800'000'000'000);

http::Request asking(const std::string& name, const std::string& value)
{
    http::Request request;
    request.query[name] = value;
    return request;
}

ApiRoute route()
{
    return {.method = "GET", .pattern = "/v1/apps/{app}/revisions", .summary = {}, .query = {{"state", "string"}},
        .answer = "page of Revision"};
}

} // namespace

class tst_call_values : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTimes_data();
    void readsTimes();
    void refusesTimes_data();
    void refusesTimes();
    void readsWholeNumbersWithinBounds();
    void refusesOtherNumbers_data();
    void refusesOtherNumbers();
    void readsListsOfChoices();
    void namesParameterValueAndWhatIsAllowed();
    void shortensWhatItRepeats();
    void refusesQueryParametersThatARouteDoesNotKnow();
    void takesPagingWhereAnAnswerIsPaged();
    void checksPathParameters_data();
    void checksPathParameters();
    void writesTimes();
};

void tst_call_values::readsTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    const qint64 now = toMilliseconds(kNow);
    QTest::newRow("ISO") << "2026-08-01T12:00:00Z" << qint64{1'785'585'600'000};
    QTest::newRow("with milliseconds") << "2026-08-01T12:00:00.250Z" << qint64{1'785'585'600'250};
    QTest::newRow("without a zone is UTC") << "2026-08-01T12:00:00" << qint64{1'785'585'600'000};
    QTest::newRow("with an offset") << "2026-08-01T14:00:00+02:00" << qint64{1'785'585'600'000};
    QTest::newRow("Unix milliseconds") << "1785585600250" << qint64{1'785'585'600'250};
    QTest::newRow("zero") << "0" << qint64{0};
    QTest::newRow("seconds ago") << "90s" << now - 90'000;
    QTest::newRow("minutes ago") << "15m" << now - 900'000;
    QTest::newRow("hours ago") << "24h" << now - 86'400'000;
    QTest::newRow("days ago") << "7d" << now - 604'800'000;
}

void tst_call_values::readsTimes()
{
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);
    const auto time = parseTime("since", text.toStdString(), kNow);
    QVERIFY2(time, time ? "" : time.error().message.c_str());
    QCOMPARE(qint64{toMilliseconds(*time)}, milliseconds);
}

void tst_call_values::refusesTimes_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"yesterday", "-5", "-1h", "h", "1w", "1.5h", "99999999999999999999", "2026-13-01T00:00:00Z",
             "99999999999999999999h", "1h ", " 1h", "2026-08-01T12:00:00Zjunk"})
        QTest::newRow(text) << text;
}

void tst_call_values::refusesTimes()
{
    QFETCH(QString, text);
    const auto time = parseTime("since", text.toStdString(), kNow);
    QVERIFY(!time);
    QCOMPARE(time.error().code, ErrorCode::InvalidArgument);
}

void tst_call_values::readsWholeNumbersWithinBounds()
{
    QCOMPARE(integerOf(asking("n", "1"), "n", 1, 9).value(), std::optional<std::int64_t>(1));
    QCOMPARE(integerOf(asking("n", "9"), "n", 1, 9).value(), std::optional<std::int64_t>(9));
    QCOMPARE(integerOf(http::Request(), "n", 1, 9).value(), std::optional<std::int64_t>());
}

void tst_call_values::refusesOtherNumbers_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"0", "10", "-1", "1.0", "1e0", "0x1", "one", "1 ", "99999999999999999999"})
        QTest::newRow(text) << text;
}

void tst_call_values::refusesOtherNumbers()
{
    QFETCH(QString, text);
    QVERIFY(!integerOf(asking("n", text.toStdString()), "n", 1, 9));
}

void tst_call_values::readsListsOfChoices()
{
    const std::vector<std::string> all{"app", "log", "request"};
    QCOMPARE(choicesOf(asking("types", "log, app"), "types", all).value(), (std::vector<std::string>{"log", "app"}));
    QCOMPARE(choicesOf(http::Request(), "types", all).value(), all);
    QVERIFY(!choicesOf(asking("types", "log,apps"), "types", all));
    QVERIFY(!choicesOf(asking("types", "log,"), "types", all));
}

void tst_call_values::namesParameterValueAndWhatIsAllowed()
{
    const auto wrong = choiceOf(asking("order", "up"), "order", {"asc", "desc"});
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().message, std::string("order = \"up\" is not one of asc, desc"));
}

void tst_call_values::shortensWhatItRepeats()
{
    const auto wrong = integerOf(asking("limit", std::string(100'000, '9')), "limit", 1, 9);
    QVERIFY(!wrong);
    QVERIFY(wrong.error().message.size() < 200);
}

void tst_call_values::refusesQueryParametersThatARouteDoesNotKnow()
{
    QVERIFY(checkCall(route(), asking("state", "x")));
    const auto wrong = checkCall(route(), asking("stat", "x"));
    QVERIFY(!wrong);
    QVERIFY(wrong.error().message.find("state, limit, cursor") != std::string::npos);
}

void tst_call_values::takesPagingWhereAnAnswerIsPaged()
{
    QVERIFY(checkCall(route(), asking("limit", "5")));
    ApiRoute one = route();
    one.answer = "Revision";
    QVERIFY(!checkCall(one, asking("limit", "5")));
    QCOMPARE(pagingOf(http::Request()).value().limit, 100);
    QVERIFY(!pagingOf(asking("limit", "0")));
    QVERIFY(!pagingOf(asking("limit", "1001")));
}

void tst_call_values::checksPathParameters_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isFine");
    QTest::newRow("app") << "app" << "my-app-2" << true;
    QTest::newRow("app with dots") << "app" << ".." << false;
    QTest::newRow("app with a slash") << "app" << "a/b" << false;
    QTest::newRow("app too long") << "app" << QString(65, u'a') << false;
    QTest::newRow("app in capitals") << "app" << "App" << false;
    QTest::newRow("hash") << "sha256" << QString(64, u'a') << true;
    QTest::newRow("hash in capitals") << "sha256" << QString(64, u'A') << false;
    QTest::newRow("hash too short") << "sha256" << QString(63, u'a') << false;
    QTest::newRow("revision") << "revision" << "12" << true;
    QTest::newRow("revision is no word") << "revision" << "main" << false;
    QTest::newRow("secret") << "name" << "HF_TOKEN" << true;
    QTest::newRow("secret with =") << "name" << "A=B" << false;
    QTest::newRow("request") << "request" << "0f8a-11" << true;
    QTest::newRow("request with a line break") << "request" << "a\nb" << false;
}

void tst_call_values::checksPathParameters()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(bool, isFine);
    http::Request request;
    request.parameters[name.toStdString()] = value.toStdString();
    QCOMPARE(checkCall(route(), request).has_value(), isFine);
}

void tst_call_values::writesTimes()
{
    QCOMPARE(isoTime(fromMilliseconds(1'785'585'600'250)), std::string("2026-08-01T12:00:00.250Z"));
    QCOMPARE(isoTime(fromMilliseconds(0)), std::string("1970-01-01T00:00:00.000Z"));
}

QTEST_GUILESS_MAIN(tst_call_values)
#include "tst_call_values.moc"
