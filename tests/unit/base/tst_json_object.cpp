// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_object.h"

#include <QTest>
#include <nlohmann/json.hpp>
#include <random>

using namespace tintype;

namespace {

bool isObject(const std::string& text) { return JsonObject::parse(text, "f").has_value(); }

JsonObject objectOf(const std::string& text)
{
    static std::string kept; // it borrows the text
    kept = text;
    return *JsonObject::parse(kept, "f");
}

} // namespace

class TestJsonObject : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNotJson_data();
    void refusesWhatIsNotJson();
    void agreesWithAnotherParserOnBrokenText();
    void refusesDepth();
    void readsValues();
    void readsEscapes();
    void namesTheFieldAndWhatWasFound();
    void looksIntoLists();
};

void TestJsonObject::refusesWhatIsNotJson_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"", " ", "{", "}", "{]", "[}", "{} {}", "{},", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}",
             "{a:1}", "{'a':1}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":+1}", "{\"a\":-}", "{\"a\":1e}", "{\"a\":1e999}", "{\"a\":nul}",
             "{\"a\":True}", "{\"a\":\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"\\ud800\"}",
             "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\xff\"}", "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":1}//"})
        QTest::addRow("%s", text) << QByteArray(text);
}

void TestJsonObject::refusesWhatIsNotJson()
{
    QFETCH(QByteArray, text);
    const auto object = JsonObject::parse(text.toStdString(), "f");
    QVERIFY(!object);
    QCOMPARE(object.error().message, std::string("f: not valid JSON"));
}

void TestJsonObject::agreesWithAnotherParserOnBrokenText()
{
    const std::string whole = R"({"a":[1,-2.5e3,true,null,"x\u00e9\"\ud83d\ude00"],"b":{"c":{}},"d":"caf)" "\xC3\xA9" R"("})";
    std::mt19937 random(1);
    int good = 0;
    for (int count = 0; count < 5000; ++count) {
        std::string text = whole;
        for (auto changes = random() % 3; changes > 0; --changes)
            text[random() % text.size()] = "{}[]\",:0e.-\\u \xC3t"[random() % 17];
        if (random() % 4 == 0)
            text.resize(random() % text.size());
        const bool expected = nlohmann::json::accept(text) && nlohmann::json::parse(text).is_object();
        QVERIFY2(isObject(text) == expected, text.c_str());
        good += expected ? 1 : 0;
    }
    QVERIFY(good > 500);
}

void TestJsonObject::refusesDepth()
{
    const auto nested = [](std::size_t depth) { return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}"; };
    QVERIFY(isObject(nested(99)));
    const auto deep = JsonObject::parse(nested(100000), "f");
    QCOMPARE(deep.error().message, std::string("f: JSON is nested deeper than 100 levels"));
    QCOMPARE(JsonObject::parse("[1]", "f").error().message, std::string("f: the top of the JSON is not an object"));
}

void TestJsonObject::readsValues()
{
    const auto object = objectOf(" { \"t\" : true , \"n\" : null , \"i\" : -7 , \"u\" : 18446744073709551615 , \"d\" : 2.5 , "
                                 "\"s\" : \"x\" , \"i\" : 8 } ");
    QCOMPARE(object.boolean("t"), Result<bool>(true));
    QVERIFY(object.contains("n") && !object.has("n") && !object.has("none"));
    QCOMPARE(object.integer("i", -9, 9), Result<std::int64_t>(8)); // the last one counts
    QCOMPARE(object.unsignedInteger("u"), Result<std::uint64_t>(UINT64_MAX));
    QCOMPARE(object.number("d"), Result<double>(2.5));
    QCOMPARE(object.number("i"), Result<double>(8.0));
    QCOMPARE(object.string("s"), Result<std::string>("x"));
}

void TestJsonObject::readsEscapes()
{
    const auto object = objectOf(R"({"k\u0065y":"\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00\u0000!"})");
    QCOMPARE(object.string("key"), Result<std::string>(std::string("\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0!", 20)));
}

void TestJsonObject::namesTheFieldAndWhatWasFound()
{
    const auto object = objectOf(R"({"s":"x","b":1,"big":5,"huge":18446744073709551616,"list":[1,"a"],"f":1.5})");
    QCOMPARE(object.integer("s", 0, 9).error().message, std::string("f: s = \"x\" is not a whole number"));
    QCOMPARE(object.integer("big", 0, 3).error().message, std::string("f: big = 5 is not within 0 to 3"));
    QCOMPARE(object.string("none").error().message, std::string("f: none = null is not a string"));
    QVERIFY(!object.unsignedInteger("huge") && !object.integer("f", 0, 9) && !object.boolean("b") && !object.number("s"));
    QVERIFY(!object.numbers("list") && !object.strings("list") && !object.numbers("b"));
    QVERIFY(!object.object("list") && !object.objects("s"));
}

void TestJsonObject::looksIntoLists()
{
    const auto object = objectOf(R"({"n":[1, 2.5 ,-3],"s":["a","\n"],"none":[ ],"o":[{"i":1},7,{}],"in":{"i":[2]}})");
    QCOMPARE(*object.numbers("n"), (std::vector<double>{1, 2.5, -3}));
    QCOMPARE(*object.strings("s"), (std::vector<std::string>{"a", "\n"}));
    QVERIFY(object.numbers("none")->empty());
    const auto entries = object.objects("o");
    QCOMPARE(entries->size(), std::size_t{3});
    QCOMPARE(entries->at(0)->integer("i", 0, 9), Result<std::int64_t>(1));
    QVERIFY(!entries->at(1) && entries->at(2));
    QCOMPARE(object.object("in")->numbers("i")->front(), 2.0);
    QCOMPARE(object.object("in")->string("i").error().message, std::string("f.in: i = [2] is not a string"));
}

QTEST_APPLESS_MAIN(TestJsonObject)
#include "tst_json_object.moc"
