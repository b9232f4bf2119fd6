// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/json_text.h"

#include <QTest>

using namespace tintype::ui;

class TestJsonText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void membersKeepOrderAndDigits()
    {
        const QString text = QStringLiteral("{\"z\": 18446744073709551615, \"a\": {\"y\": 1, \"x\": 2}, \"t\": \"ä\\\"\\\\n\"}");
        const QVector<JsonMember> members = jsonMembers(text);
        QCOMPARE(members.size(), 3);
        QCOMPARE(members[0].name, QStringLiteral("z"));
        QCOMPARE(members[0].json, QStringLiteral("18446744073709551615"));
        QCOMPARE(members[1].json, QStringLiteral(R"({"y":1,"x":2})"));
        QVERIFY(isSameJson(jsonObject(members), text));
        QCOMPARE(jsonMembers(jsonObject(members)), members);
    }

    void notAnObjectHasNoMembers_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "[]", "5", "{", "nonsense", "null", "{\"a\":}"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void notAnObjectHasNoMembers()
    {
        QFETCH(QString, text);
        QVERIFY(jsonMembers(text).isEmpty());
    }

    void nullIsNoValue()
    {
        QCOMPARE(jsonMember(jsonMembers(QStringLiteral(R"({"a": null})")), QStringLiteral("a")), QString());
        QCOMPARE(jsonMember({}, QStringLiteral("a")), QString());
    }

    void values()
    {
        QCOMPARE(textOfJson(QStringLiteral("\"a\"")).value_or(QString()), QStringLiteral("a"));
        QVERIFY(!textOfJson(QStringLiteral("5")));
        QVERIFY(!textOfJson(QString()));
        QCOMPARE(wholeOfJson(QStringLiteral("18446744073709551615")).value_or(0), 18446744073709551615ULL);
        QCOMPARE(wholeOfJson(QStringLiteral("4.0")).value_or(0), 4ULL);
        QVERIFY(!wholeOfJson(QStringLiteral("-1")));
        QVERIFY(!wholeOfJson(QStringLiteral("4.5")));
        QVERIFY(!wholeOfJson(QStringLiteral("1e300")));
        QCOMPARE(jsonNumber(4), QStringLiteral("4"));
        QCOMPARE(jsonNumber(3.5), QStringLiteral("3.5"));
        QCOMPARE(jsonNumber(0.1), QStringLiteral("0.1"));
    }

    void sameJson()
    {
        QVERIFY(isSameJson(QStringLiteral("1"), QStringLiteral("1.0")));
        QVERIFY(isSameJson(QStringLiteral(R"({"a":1,"b":2})"), QStringLiteral(R"({"b":2,"a":1})")));
        QVERIFY(!isSameJson(QStringLiteral("1"), QStringLiteral("\"1\"")));
        QVERIFY(!isSameJson(QStringLiteral("x"), QStringLiteral("x")));
    }
};

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_form_json.moc"
