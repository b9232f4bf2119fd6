// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/responder.h"

#include <QTest>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::http;

namespace {

std::string shown(const std::optional<std::string>& text)
{
    return text.value_or("(nothing)");
}

} // namespace

class TestHttpMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headersCompareWithoutCase()
    {
        Headers headers{{"Content-Type", "a"}, {"X-One", "1"}, {"x-one", "2"}};
        QCOMPARE(headers.value("content-TYPE"), std::string_view("a"));
        QCOMPARE(headers.value("X-ONE"), std::string_view("1"));
        QVERIFY(!headers.has("X-On"));
        headers.set("X-One", "3");
        QCOMPARE(headers.fields().size(), std::size_t(2));
        QCOMPARE(headers.value("x-one"), std::string_view("3"));
        headers.remove("CONTENT-type");
        QVERIFY(!headers.has("Content-Type"));
    }

    void listsAreSearchedByItem_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<bool>("has");
        QTest::newRow("alone") << QByteArray("upgrade") << true;
        QTest::newRow("among others, another case") << QByteArray("keep-alive,\t Upgrade ") << true;
        QTest::newRow("empty items") << QByteArray(",, ,upgrade,") << true;
        QTest::newRow("part of a word") << QByteArray("upgrades, xupgrade") << false;
        QTest::newRow("empty") << QByteArray("") << false;
    }
    void listsAreSearchedByItem()
    {
        QFETCH(QByteArray, list);
        QTEST(listHas(list.toStdString(), "upgrade"), "has");
    }

    void decodesPercent_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("decoded");
        QTest::newRow("plain") << QByteArray("abc") << QByteArray("abc");
        QTest::newRow("escapes in both cases") << QByteArray("%2f%2F%c3%BC") << QByteArray("//\xc3\xbc");
        QTest::newRow("plus stays") << QByteArray("a+b") << QByteArray("a+b");
        QTest::newRow("cut short") << QByteArray("abc%2") << QByteArray("(nothing)");
        QTest::newRow("only the sign") << QByteArray("%") << QByteArray("(nothing)");
        QTest::newRow("not hexadecimal") << QByteArray("%zz") << QByteArray("(nothing)");
        QTest::newRow("NUL") << QByteArray("a%00b") << QByteArray("(nothing)");
    }
    void decodesPercent()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, decoded);
        QCOMPARE(shown(percentDecoded(text.toStdString())), decoded.toStdString());
    }

    void percentEncodingIsUndoneByDecoding()
    {
        std::string bytes;
        for (int byte = 1; byte < 256; ++byte)
            bytes += static_cast<char>(byte);
        const std::string encoded = percentEncoded(bytes);
        QCOMPARE(shown(percentDecoded(encoded)), bytes);
        QCOMPARE(percentEncoded("a/b ~-._\xc3\xbc"), std::string("a%2Fb%20~-._%C3%BC"));
    }

    void parsesQueries()
    {
        const auto query = parseQuery("a=1&b=x%20y+z&a=2&flag&=empty&&c==");
        QVERIFY(query);
        QCOMPARE(*query, (Query{{"a", "1"}, {"b", "x y z"}, {"flag", ""}, {"", "empty"}, {"c", "="}}));
        QVERIFY(parseQuery("")->empty());
    }

    void refusesQueries_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("escape in a value") << QByteArray("a=%");
        QTest::newRow("escape in a name") << QByteArray("%g1=a");
        QTest::newRow("NUL") << QByteArray("a=%00");
        QTest::newRow("not UTF-8") << QByteArray("a=%ff");
    }
    void refusesQueries()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!parseQuery(text.toStdString()));
    }

    void normalizesPaths_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("path");
        const auto row
            = [](const char* raw, const char* path) { QTest::newRow(raw) << QByteArray(raw) << QByteArray(path); };
        row("/", "/");
        row("/a/b", "/a/b");
        row("/a/b/", "/a/b/");
        row("//a///b//", "/a/b/");
        row("/a/./b/.", "/a/b/");
        row("/a/../b", "/b");
        row("/a/b/..", "/a/");
        row("/a/..", "/");
        row("/a%20b/%C3%BC", "/a b/\xc3\xbc");
        row("/%2e/a", "/a");
        row("/a/%2e%2e/b", "/b");
        row("/a%2Fb", "/a/b");
        row("/...", "/...");
        row("/..a/b..", "/..a/b..");
        row("", "(nothing)");
        row("a/b", "(nothing)");
        row("*", "(nothing)");
        row("/..", "(nothing)");
        row("/../etc/passwd", "(nothing)");
        row("/a/../../b", "(nothing)");
        row("/%2e%2e/etc", "(nothing)");
        row("/%2E./etc", "(nothing)");
        row("/a/..%2f..%2fb", "(nothing)");
        row("/%2e%2e%2f", "(nothing)");
        row("/a\\..\\b", "(nothing)");
        row("/%5c..%5c", "(nothing)");
        row("/a%00b", "(nothing)");
        row("/a%0d%0ab", "(nothing)");
        row("/a%7f", "(nothing)");
        row("/a%", "(nothing)");
        row("/a%2", "(nothing)");
        row("/%ff", "(nothing)");
        row("/%c0%af", "(nothing)"); // an overlong slash
        row("/%c0%ae%c0%ae/", "(nothing)");
        row("/%e0%80%af", "(nothing)");
        row("/%ed%a0%80", "(nothing)"); // a surrogate
        row("/%f4%90%80%80", "(nothing)");
        row("/%e2%82", "(nothing)"); // cut short
        row("/%f0%9f%8e%a8", "/\xf0\x9f\x8e\xa8");
        row("/%252e%252e/a", "/%2e%2e/a"); // decoded once
    }
    void normalizesPaths()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, path);
        QCOMPARE(shown(normalizedPath(raw.toStdString())), path.toStdString());
    }

    void errorsAreFalsInfrastructureErrors()
    {
        const auto response = Response::error(413, "too \"big\"", "bad_request");
        const auto json = nlohmann::json::parse(response.body);
        QVERIFY(json == (nlohmann::json{{"detail", "too \"big\""}, {"error_type", "bad_request"}}));
        QCOMPARE(response.headers.value("X-Fal-Error-Type"), std::string_view("bad_request"));
        const auto plain = Response::error(404, "gone");
        QVERIFY(nlohmann::json::parse(plain.body) == (nlohmann::json{{"detail", "gone"}}));
        QVERIFY(!plain.headers.has("X-Fal-Error-Type"));
        QCOMPARE(Response::error(Error{ErrorCode::Timeout, "late", {}}).status, 504);
    }

    void jsonStringsSurviveAnything() { QCOMPARE(jsonString("a\"\n\xff"), std::string("\"a\\\"\\n\xef\xbf\xbd\"")); }

    void serverSentEventsKeepLines()
    {
        QCOMPARE(serverSentEvent("{}"), std::string("data: {}\n\n"));
        QCOMPARE(serverSentEvent("a\nb\r\nc\rd", "x"), std::string("event: x\ndata: a\ndata: b\ndata: c\ndata: d\n\n"));
        QCOMPARE(serverSentEvent("a\n"), std::string("data: a\ndata: \n\n"));
    }
};

QTEST_GUILESS_MAIN(TestHttpMessage)
#include "tst_http_message.moc"
