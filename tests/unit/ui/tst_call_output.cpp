// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/call_output.h"
#include "ui/models/data_uri.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;

class TestCallOutput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ours()
    {
        const CallOutput output = readCallOutput("{\"images\":[{\"url\":\"http://h/1.png\",\"width\":128,\"height\":64,\"content_type\":\"image/png\"},"
            "{\"url\":\"http://h/2.png\"}],\"image\":{\"url\":\"http://h/1.png\"},\"seed\":18446744073709551615,"
            "\"timings\":{\"queue\":0.1,\"denoise\":1.5,\"steps\":[0.7,0.8],\"total\":2},\"warnings\":[\"no scheduler of that name\",7]}");
        QCOMPARE(output.pictureUrls, (QStringList{QStringLiteral("http://h/1.png"), QStringLiteral("http://h/2.png")}));
        QCOMPARE(output.size, QSize(128, 64));
        QCOMPARE(output.seed.value_or(0), 18446744073709551615ULL);
        QCOMPARE(output.timings.steps.size(), 2);
        QCOMPARE(output.timings.denoise, 1.5);
        QCOMPARE(output.warnings, QStringList{QStringLiteral("no scheduler of that name")});
    }

    void picturesAnywhere_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("count");
        QTest::newRow("by content type") << QByteArray("{\"result\":[{\"file\":{\"url\":\"http://h/a\",\"content_type\":\"image/webp\"}}]}") << 1;
        QTest::newRow("no picture by type") << QByteArray("{\"image\":{\"url\":\"http://h/a\",\"content_type\":\"video/mp4\"}}") << 0;
        QTest::newRow("data URI") << QByteArray(R"({"x":"data:image/png;base64,AA=="})") << 1;
        QTest::newRow("texts under images") << QByteArray("{\"images\":[\"http://h/1\",\"http://h/2\"]}") << 2;
        QTest::newRow("address elsewhere") << QByteArray("{\"documentation\":\"http://h/1\"}") << 0;
        QTest::newRow("the same twice") << QByteArray("{\"images\":[\"http://h/1\",\"http://h/1\"]}") << 1;
        QTest::newRow("url is a number") << QByteArray(R"({"images":[{"url":5}]})") << 0;
        QTest::newRow("list") << QByteArray(R"(["data:image/png;base64,AA=="])") << 1;
        QTest::newRow("text") << QByteArray(R"("hello")") << 0;
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("not JSON") << QByteArray("{\"images\":[") << 0;
    }
    void picturesAnywhere()
    {
        QFETCH(QByteArray, json);
        QTEST(static_cast<int>(readCallOutput(json).pictureUrls.size()), "count");
    }

    void deepAnswersEnd()
    {
        QByteArray json;
        for (int i = 0; i < 2000; ++i)
            json += "[";
        QVERIFY(readCallOutput(json + "\"data:image/png;base64,AA==\"" + QByteArray(2000, ']')).pictureUrls.isEmpty());
    }

    void oddNumbersAreNone()
    {
        const CallOutput output = readCallOutput("{\"images\":[{\"url\":\"u\",\"width\":1e300,\"height\":-4}],\"seed\":\"7\","
            "\"timings\":{\"total\":-1,\"queue\":\"x\",\"steps\":[\"a\",1]}}");
        QVERIFY(output.size.height() == 0 && output.size.width() > 0);
        QVERIFY(!output.seed);
        QCOMPARE(output.timings.total, 0.0);
    }

    void wantedSizes_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QSize>("size");
        QTest::newRow("object") << QStringLiteral(R"({"image_size":{"width":128,"height":64}})") << QSize(128, 64);
        QTest::newRow("preset") << QStringLiteral(R"({"image_size":"landscape_4_3"})") << QSize(1024, 768);
        QTest::newRow("flat") << QStringLiteral(R"({"width":32,"height":16})") << QSize(32, 16);
        QTest::newRow("unknown preset") << QStringLiteral(R"({"image_size":"huge"})") << QSize();
        QTest::newRow("none") << QStringLiteral("{}") << QSize(0, 0);
        QTest::newRow("not JSON") << QStringLiteral("{") << QSize();
    }
    void wantedSizes()
    {
        QFETCH(QString, input);
        QFETCH(QSize, size);
        QCOMPARE(wantedSize(input).isEmpty(), size.isEmpty());
        if (!size.isEmpty())
            QCOMPARE(wantedSize(input), size);
    }

    void dataUris()
    {
        QCOMPARE(decodeDataUri(QStringLiteral("data:image/png;base64,QUI=")).value_or(QByteArray()), QByteArray("AB"));
        for (const char* broken : {"", "data:", "data:image/png;base64,", "data:image/png;base64,%%%", "data:image/png,AB", "http://h/a.png"})
            QVERIFY2(!decodeDataUri(QString::fromLatin1(broken)), broken);
    }

    void pictureFilesBecomeDataUris()
    {
        const QTemporaryDir folder;
        const auto write = [&](const QString& name, const QByteArray& bytes) {
            QFile file(folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
        };
        QCOMPARE(dataUriOfPicture(write(QStringLiteral("a"), "\xff\xd8\xff")).value_or(QString()), QStringLiteral("data:image/jpeg;base64,/9j/"));
        const auto text = dataUriOfPicture(write(QStringLiteral("b.png"), "no picture"));
        QVERIFY(!text && text.error().code == ErrorCode::Unsupported);
        const auto gone = dataUriOfPicture(folder.filePath(QStringLiteral("gone")));
        QVERIFY(!gone && gone.error().code == ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestCallOutput)
#include "tst_call_output.moc"
