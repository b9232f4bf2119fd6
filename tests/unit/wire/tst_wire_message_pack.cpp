// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/message_pack.h"

#include <QFloat16> // QCOMPARE of JSON asks whether it is one
#include <QTest>
#include <nlohmann/json.hpp>
#include <string>

using namespace tintype::wire;

namespace {

std::string packed(const char* json) { return messagePackOfJson(json); }

std::string nested(std::size_t depth)
{
    return std::string(depth, '\x91') + '\xc0'; // a list of one, again and again, around null
}

} // namespace

class TestMessagePack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatWasPacked_data();
    void givesBackWhatWasPacked();
    void writesNullForWhatJsonDoesNotHave();
    void replacesBrokenUtf8();
    void refuses_data();
    void refuses();
    void endsBeforeTheStackDoes();
};

void TestMessagePack::givesBackWhatWasPacked_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("input") << QByteArray(R"({"prompt":"a \"red\" circle\n","num_images":2,"sync_mode":true,"seed":null})");
    QTest::newRow("nested") << QByteArray(R"({"image_size":{"height":8,"width":16},"list":[1,[],{},[2,3]]})");
    QTest::newRow("numbers") << QByteArray(R"([-1,0,18446744073709551615,0.5,-9223372036854775808])");
    QTest::newRow("text alone") << QByteArray(R"("x")");
    QTest::newRow("empty") << QByteArray("{}");
}

void TestMessagePack::givesBackWhatWasPacked()
{
    QFETCH(const QByteArray, json);
    const auto text = jsonOfMessagePack(packed(json.constData()));
    QVERIFY(text.has_value());
    QVERIFY(nlohmann::json::parse(*text) == nlohmann::json::parse(json.toStdString()));
}

void TestMessagePack::writesNullForWhatJsonDoesNotHave()
{
    const std::string notANumber("\xcb\x7f\xf8\0\0\0\0\0\0", 9);
    QCOMPARE(jsonOfMessagePack(notANumber).value(), std::string("null"));
}

void TestMessagePack::replacesBrokenUtf8()
{
    const auto text = jsonOfMessagePack("\xa2\xff\xfe");
    QVERIFY(text.has_value());
    QVERIFY(nlohmann::json::accept(*text));
}

void TestMessagePack::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("end within a map") << QByteArray("\x82\xa1x");
    QTest::newRow("a second value") << QByteArray("\x01\x02");
    QTest::newRow("a byte that means nothing") << QByteArray("\xc1");
    QTest::newRow("binary") << QByteArray("\x81\xa1x\xc4\x01z", 6);
    QTest::newRow("a list that claims four billion") << QByteArray("\xdd\xff\xff\xff\xff", 5);
    QTest::newRow("a text that claims four billion") << QByteArray("\xdb\xff\xff\xff\xff" "a", 6);
    QTest::newRow("a number as key") << QByteArray("\x81\x01\x02");
    QTest::newRow("33 levels") << QByteArray::fromStdString(nested(33));
    QTest::newRow("JSON") << QByteArray(R"({"prompt":"x"})");
}

void TestMessagePack::refuses()
{
    QFETCH(const QByteArray, bytes);
    const auto text = jsonOfMessagePack({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    QVERIFY(!text.has_value());
    QCOMPARE(text.error().code, tintype::ErrorCode::InvalidArgument);
    QVERIFY(text.error().message.size() > 10);
}

void TestMessagePack::endsBeforeTheStackDoes()
{
    QVERIFY(jsonOfMessagePack(nested(32)).has_value());
    QVERIFY(!jsonOfMessagePack(nested(1'000'000)).has_value());
}

QTEST_GUILESS_MAIN(TestMessagePack)
#include "tst_wire_message_pack.moc"
