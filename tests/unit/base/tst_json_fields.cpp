// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_fields.h"

#include <QTest>

using namespace tintype;

class TestJsonFields : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesBadDocuments();
    void namesTheFieldAndWhatWasFound();
    void takesDefaultsForAbsentAndNull();
    void readsOneNumberForAllPlaces();
    void errorNamesGoBothWays();
};

void TestJsonFields::refusesBadDocuments()
{
    QCOMPARE(JsonFields::parseObject("{", "f").error().message, std::string("f: not valid JSON"));
    QCOMPARE(JsonFields::parseObject("[1]", "f").error().code, ErrorCode::Corrupt);
    const std::string deep = "{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}";
    QVERIFY(QString::fromStdString(JsonFields::parseObject(deep, "f").error().message).contains(QStringLiteral("nested deeper than 100")));
}

void TestJsonFields::namesTheFieldAndWhatWasFound()
{
    const auto json = nlohmann::json::parse(R"({"n":"x","b":1,"big":5,"huge":18446744073709551615,"list":[1,"a"],"f":1.5})");
    const JsonFields fields(json, "config.json");
    QCOMPARE(fields.integer("n", 0, 0, 9).error().message, std::string("config.json: n = \"x\" is not a whole number"));
    QCOMPARE(fields.integer("big", 0, 0, 3).error().message, std::string("config.json: big = 5 is not within 0 to 3"));
    QVERIFY(!fields.integer("huge", 0, 0, INT64_MAX));
    QVERIFY(!fields.integer("f", 0, 0, 9));
    QVERIFY(!fields.boolean("b", false));
    QVERIFY(!fields.integers("list", {}));
    QVERIFY(!fields.string("b", ""));
    QVERIFY(!fields.number("n", 0));
}

void TestJsonFields::takesDefaultsForAbsentAndNull()
{
    const auto json = nlohmann::json::parse(R"({"gone":null})");
    const JsonFields fields(json, "f");
    QCOMPARE(fields.integer("gone", 7, 0, 9).value(), 7);
    QCOMPARE(fields.string("absent", "x").value(), std::string("x"));
    QVERIFY(!fields.has("gone"));
    QVERIFY(!fields.optionalNumber("gone").value().has_value());
}

void TestJsonFields::readsOneNumberForAllPlaces()
{
    const auto json = nlohmann::json::parse(R"({"one":4,"three":[1,2,3]})");
    const JsonFields fields(json, "f");
    QCOMPARE(fields.integerPerPlace("one", 0, 3).value(), (std::vector<std::int64_t>{4, 4, 4}));
    QCOMPARE(fields.integerPerPlace("three", 0, 3).value(), (std::vector<std::int64_t>{1, 2, 3}));
    QVERIFY(!fields.integerPerPlace("three", 0, 2));
}

void TestJsonFields::errorNamesGoBothWays()
{
    QCOMPARE(errorCodeFromName(errorCodeName(ErrorCode::OutOfMemory)), ErrorCode::OutOfMemory);
    QCOMPARE(errorCodeFromName("no such"), ErrorCode::Internal);
    QCOMPARE(exitCode(ErrorCode::Cancelled), 130);
    QCOMPARE(exitCode(ErrorCode::InvalidArgument), 2);
}

QTEST_GUILESS_MAIN(TestJsonFields)
#include "tst_json_fields.moc"
