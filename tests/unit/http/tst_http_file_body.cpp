// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/file_body.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <fmt/format.h>

using namespace tintype::http;

namespace {

std::string shown(const RangeChoice& choice)
{
    switch (choice.kind) {
    case RangeChoice::Kind::Whole:
        return "whole";
    case RangeChoice::Kind::Part:
        return fmt::format("{}+{}", choice.first, choice.count);
    case RangeChoice::Kind::Unsatisfiable:
        return "unsatisfiable";
    }
    return {};
}

} // namespace

class TestHttpFileBody : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_path;

    std::string send(const Headers& headers, Response& response)
    {
        response.file = m_path;
        FileBody file = FileBody::answer({.method = "GET", .path = "/", .headers = headers}, response);
        std::array<char, 3> buffer{};
        std::string sent;
        while (file.remaining() > 0)
            sent += file.read(buffer).value();
        return sent;
    }

private Q_SLOTS:
    void init()
    {
        m_path = m_folder.filePath(QStringLiteral("f")).toStdString();
        QFile file(QString::fromStdString(m_path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("0123456789");
    }

    void choosesRanges_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<QByteArray>("chosen");
        const auto row = [](const char* range, const char* chosen) {
            QTest::newRow(range) << QByteArray(range) << QByteArray(chosen);
        };
        row("", "whole");
        row("bytes=0-0", "0+1");
        row("bytes=0-9", "0+10");
        row("bytes=2-4", "2+3");
        row("bytes=5-", "5+5");
        row("bytes=9-", "9+1");
        row("bytes=-3", "7+3");
        row("bytes=-99", "0+10");
        row("bytes=5-99", "5+5");
        row("Bytes=5-5", "5+1");
        row("bytes=10-", "unsatisfiable");
        row("bytes=10-20", "unsatisfiable");
        row("bytes=-0", "unsatisfiable");
        row("bytes=4-2", "whole"); // malformed ones are ignored
        row("bytes=-", "whole");
        row("bytes=a-b", "whole");
        row("bytes=1-b", "whole");
        row("bytes=1", "whole");
        row("bytes 1-2", "whole");
        row("bytes=0-1,3-4", "whole");
        row("bytes=+1-2", "whole");
        row("bytes=--1", "whole");
        row("bytes= 1-2", "whole");
        row("bytes=99999999999999999999-", "whole");
        row("items=0-1", "whole");
    }
    void choosesRanges()
    {
        QFETCH(QByteArray, range);
        QFETCH(QByteArray, chosen);
        QCOMPARE(shown(chooseRange(range.toStdString(), 10)), chosen.toStdString());
    }

    void nothingOfAnEmptyFileCanBeChosen()
    {
        QCOMPARE(shown(chooseRange("bytes=0-", 0)), std::string("unsatisfiable"));
        QCOMPARE(shown(chooseRange("bytes=-1", 0)), std::string("unsatisfiable"));
    }

    void sendsTheWhole()
    {
        Response response;
        QCOMPARE(send({}, response), std::string("0123456789"));
        QCOMPARE(response.status, 200);
        QCOMPARE(response.headers.value("Accept-Ranges"), std::string_view("bytes"));
        QCOMPARE(response.headers.value("Content-Type"), std::string_view("application/octet-stream"));
        QVERIFY(response.headers.value("ETag").starts_with('"'));
    }

    void sendsAPart()
    {
        Response response;
        QCOMPARE(send({{"range", "bytes=2-5"}}, response), std::string("2345"));
        QCOMPARE(response.status, 206);
        QCOMPARE(response.headers.value("Content-Range"), std::string_view("bytes 2-5/10"));
    }

    void refusesAPartThatIsNotThere()
    {
        Response response;
        QCOMPARE(send({{"Range", "bytes=10-"}}, response), std::string());
        QCOMPARE(response.status, 416);
        QCOMPARE(response.headers.value("Content-Range"), std::string_view("bytes */10"));
    }

    void ifRangeSendsTheWholeOfWhatHasChanged()
    {
        Response first;
        send({}, first);
        const std::string tag(first.headers.value("ETag"));
        Response same;
        QCOMPARE(send({{"Range", "bytes=1-1"}, {"If-Range", tag}}, same), std::string("1"));
        Response other;
        QCOMPARE(send({{"Range", "bytes=1-1"}, {"If-Range", "\"other\""}}, other), std::string("0123456789"));
        QCOMPARE(other.status, 200);
    }

    void unchangedIsNotSentAgain()
    {
        Response first;
        send({}, first);
        const std::string tag(first.headers.value("ETag"));
        for (const std::string& known : {tag, "\"x\", W/" + tag, std::string("*")}) {
            Response again;
            QCOMPARE(send({{"If-None-Match", known}}, again), std::string());
            QCOMPARE(again.status, 304);
        }
        Response other;
        QCOMPARE(send({{"If-None-Match", "\"x\""}}, other), std::string("0123456789"));
    }

    void theHandlersTagCounts()
    {
        Response response{.status = 200, .headers = {{"ETag", "\"sha\""}}};
        QCOMPARE(send({{"If-None-Match", "\"sha\""}}, response), std::string());
        QCOMPARE(response.status, 304);
    }

    void onlyRegularFilesAreSent_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("missing") << QByteArray("/nowhere/at/all");
        QTest::newRow("folder") << QByteArray("/tmp");
        QTest::newRow("device") << QByteArray("/dev/zero");
    }
    void onlyRegularFilesAreSent()
    {
        QFETCH(QByteArray, path);
        m_path = path.toStdString();
        Response response;
        QCOMPARE(send({}, response), std::string());
        QCOMPARE(response.status, 404);
        QVERIFY(!response.body.empty());
    }

    void aFileThatShrinksIsAnError()
    {
        Response response;
        response.file = m_path;
        FileBody file = FileBody::answer({.method = "GET"}, response);
        QVERIFY(QFile::resize(QString::fromStdString(m_path), 0));
        std::array<char, 3> buffer{};
        QVERIFY(!file.read(buffer));
    }
};

QTEST_GUILESS_MAIN(TestHttpFileBody)
#include "tst_http_file_body.moc"
