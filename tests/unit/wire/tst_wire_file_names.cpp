// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/file_names.h"
#include "deploy/wire/file_routes.h"

#include <QTest>

using namespace tintype::wire;

class TestFileNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleansNames_data();
    void cleansNames();
    void keepsTheEndOfALongName();
    void cleansTypes_data();
    void cleansTypes();
    void namesTheFileInTheDisposition();
    void knowsWhatABrowserWouldRun_data();
    void knowsWhatABrowserWouldRun();
    void decidesByTheAcl_data();
    void decidesByTheAcl();
};

void TestFileNames::cleansNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("clean");
    QTest::newRow("plain") << QByteArray("cat.png") << QByteArray("cat.png");
    QTest::newRow("spaces and umlauts") << QByteArray("Käse brot.png") << QByteArray("Käse brot.png");
    QTest::newRow("beyond the first plane") << QByteArray("\xF0\x9F\x98\x80.png") << QByteArray("\xF0\x9F\x98\x80.png");
    QTest::newRow("path") << QByteArray("../../etc/passwd") << QByteArray("passwd");
    QTest::newRow("Windows path") << QByteArray("C:\\temp\\a.png") << QByteArray("a.png");
    QTest::newRow("line break") << QByteArray("a\r\nX-Evil: 1.png") << QByteArray("aX-Evil: 1.png");
    QTest::newRow("nothing") << QByteArray() << QByteArray("file");
    QTest::newRow("a folder") << QByteArray("a/") << QByteArray("file");
    QTest::newRow("dots") << QByteArray("..") << QByteArray("file");
    QTest::newRow("not UTF-8") << QByteArray("\xFF.png") << QByteArray("\xEF\xBF\xBD.png");
}

void TestFileNames::cleansNames()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, clean);
    QCOMPARE(QByteArray::fromStdString(cleanFileName(name.toStdString())), clean);
}

void TestFileNames::keepsTheEndOfALongName()
{
    const std::string clean = cleanFileName(std::string(500, 'a') + ".png");
    QCOMPARE(clean.size(), std::size_t{120});
    QVERIFY(clean.ends_with("a.png"));
}

void TestFileNames::cleansTypes_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("isKept");
    QTest::newRow("plain") << QByteArray("image/png") << true;
    QTest::newRow("with parameter") << QByteArray("text/plain; charset=utf-8") << true;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("no slash") << QByteArray("png") << false;
    QTest::newRow("no subtype") << QByteArray("image/") << false;
    QTest::newRow("line break") << QByteArray("image/png\r\nX: y") << false;
    QTest::newRow("long") << "image/" + QByteArray(200, 'x') << false;
}

void TestFileNames::cleansTypes()
{
    QFETCH(const QByteArray, type);
    QFETCH(const bool, isKept);
    QCOMPARE(cleanContentType(type.toStdString()), isKept ? type.toStdString() : std::string("application/octet-stream"));
}

void TestFileNames::namesTheFileInTheDisposition()
{
    QCOMPARE(inlineDisposition("a \"b\".png"), std::string("inline; filename=\"a _b_.png\"; filename*=UTF-8''a%20%22b%22.png"));
    QCOMPARE(inlineDisposition("ä.png"), std::string("inline; filename=\"__.png\"; filename*=UTF-8''%C3%A4.png"));
}

void TestFileNames::knowsWhatABrowserWouldRun_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("isActive");
    for (const char* type : {"image/png", "image/jpeg", "video/mp4", "application/pdf", "text/plain; charset=utf-8", "application/octet-stream"})
        QTest::newRow(type) << QByteArray(type) << false;
    for (const char* type : {"image/svg+xml", "IMAGE/SVG+XML", "image/svg+xml ; charset=x", "text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml",
             "text/xml", "application/javascript", "text/unknown"})
        QTest::newRow(type) << QByteArray(type) << true;
}

void TestFileNames::knowsWhatABrowserWouldRun()
{
    QFETCH(const QByteArray, type);
    QTEST(isActiveContent(type.toStdString()), "isActive");
}

void TestFileNames::decidesByTheAcl_data()
{
    QTest::addColumn<QByteArray>("acl");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<int>("decision");
    const int allow = static_cast<int>(Decision::Allow);
    const int forbid = static_cast<int>(Decision::Forbid);
    const int hide = static_cast<int>(Decision::Hide);
    const QByteArray rules = R"({"default":"hide","rules":[{"user":"ann","decision":"allow"},{"user":"bob","decision":"forbid"}]})";
    QTest::newRow("none") << QByteArray() << QByteArray() << allow;
    QTest::newRow("empty") << QByteArray("{}") << QByteArray() << allow;
    QTest::newRow("default forbid") << QByteArray(R"({"default":"forbid"})") << QByteArray("ann") << forbid;
    QTest::newRow("nobody") << rules << QByteArray() << hide;
    QTest::newRow("allowed") << rules << QByteArray("ann") << allow;
    QTest::newRow("forbidden") << rules << QByteArray("bob") << forbid;
    QTest::newRow("another") << rules << QByteArray("eve") << hide;
    QTest::newRow("unreadable") << QByteArray("{") << QByteArray("ann") << hide;
    QTest::newRow("unknown word") << QByteArray(R"({"default":"perhaps"})") << QByteArray() << hide;
    QTest::newRow("rules of another type") << QByteArray(R"({"default":"hide","rules":[7,{"user":7,"decision":"allow"},{"user":"ann"}]})") << QByteArray("ann") << hide;
    QTest::newRow("rules that are no list") << QByteArray(R"({"default":"hide","rules":"ann"})") << QByteArray("ann") << hide;
}

void TestFileNames::decidesByTheAcl()
{
    QFETCH(const QByteArray, acl);
    QFETCH(const QByteArray, user);
    QFETCH(const int, decision);
    const std::vector<std::string> users = user.isEmpty() ? std::vector<std::string>() : std::vector{user.toStdString()};
    QCOMPARE(static_cast<int>(decide(acl.toStdString(), users)), decision);
}

QTEST_GUILESS_MAIN(TestFileNames)
#include "tst_wire_file_names.moc"
