// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_text.h"
#include "engine/base/utf8.h"

#include <QTest>
#include <limits>
#include <nlohmann/json.hpp>

using namespace tintype;

class TestJsonText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void putsCommasWhereTheyBelong();
    void writesNumbersSoThatTheyComeBack();
    void escapesAndMends_data();
    void escapesAndMends();
    void tellsUtf8_data();
    void tellsUtf8();
};

void TestJsonText::putsCommasWhereTheyBelong()
{
    JsonText json;
    json.beginObject().field("a", 1).key("b").beginList().value("x").beginObject().endObject().value(true).endList();
    json.field("c", nullptr).field("d", std::vector<double>{}).field("e", std::vector<std::string>{"y", "z"}).key("f").raw("[0]");
    QCOMPARE(json.endObject().take(), std::string(R"({"a":1,"b":["x",{},true],"c":null,"d":[],"e":["y","z"],"f":[0]})"));
}

void TestJsonText::writesNumbersSoThatTheyComeBack()
{
    constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
    const std::vector<double> numbers{0, -0.0, 1, 0.1, 1e300, -2.5e-300, 123456789.125, 1.0 / 3};
    JsonText json;
    json.beginObject().field("numbers", numbers).field("most", kMost).field("least", std::numeric_limits<std::int64_t>::min());
    json.field("infinite", std::numeric_limits<double>::infinity()).field("whole", 3.0).endObject();
    const auto parsed = nlohmann::json::parse(json.text());
    QCOMPARE(parsed["numbers"].get<std::vector<double>>(), numbers);
    QCOMPARE(parsed["most"].get<std::uint64_t>(), kMost);
    QCOMPARE(parsed["least"].get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
    QVERIFY(parsed["infinite"].is_null());
    QVERIFY(parsed["whole"].is_number_float());
}

void TestJsonText::escapesAndMends_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"", "plain", "\"\\/\b\f\n\r\t\x01\x1f\x7f", "caf\xC3\xA9 \xF0\x9F\x98\x80", "\xff", "a\xC3", "\xE2\x82",
             "\xC0\x80z", "\xED\xA0\x80", "\xF4\x90\x80\x80", "x\x80y"})
        QTest::addRow("%s", QByteArray(text).toHex().constData()) << QByteArray(text);
    QTest::addRow("NUL") << QByteArray("a\0b", 3);
}

void TestJsonText::escapesAndMends()
{
    QFETCH(QByteArray, text);
    std::string json;
    appendJsonString(json, text.toStdString());
    const std::string read = nlohmann::json::parse(json).get<std::string>();
    QVERIFY(isUtf8(json));
    if (isUtf8(text.toStdString()))
        QCOMPARE(read, text.toStdString());
    else
        QVERIFY(read.find("\xef\xbf\xbd") != std::string::npos);
}

void TestJsonText::tellsUtf8_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("empty") << QByteArray() << true;
    QTest::newRow("one to four bytes") << QByteArray("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") << true;
    QTest::newRow("last character") << QByteArray("\xF4\x8F\xBF\xBF") << true;
    QTest::newRow("above it") << QByteArray("\xF4\x90\x80\x80") << false;
    QTest::newRow("overlong") << QByteArray("\xC0\xAF") << false;
    QTest::newRow("overlong, three bytes") << QByteArray("\xE0\x80\xAF") << false;
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << false;
    QTest::newRow("continuation alone") << QByteArray("\x80") << false;
    QTest::newRow("cut off") << QByteArray("\xE2\x82") << false;
    QTest::newRow("not a continuation") << QByteArray("\xE2\x28\xA1") << false;
}

void TestJsonText::tellsUtf8()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(isUtf8(text.toStdString()), good);
}

QTEST_APPLESS_MAIN(TestJsonText)
#include "tst_json_text.moc"
