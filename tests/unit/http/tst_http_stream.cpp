// SPDX-License-Identifier: Apache-2.0
#include "http_fixture.h"

#include <QFile>
#include <QTest>

using namespace tintype::http;
using namespace tintype::http::test;

namespace {

const std::string kGet = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

class TestHttpStream : public QObject {
    Q_OBJECT

    std::optional<Responder> m_stream;

    void serve(Fixture& fixture)
    {
        m_stream.reset();
        fixture.get("/stream", [this](Request, Responder responder) {
            responder.beginStream(eventStreamHead());
            m_stream.emplace(std::move(responder));
        });
        fixture.listen();
    }

private Q_SLOTS:
    void cleanup() { m_stream.reset(); }

    void eachWriteArrives()
    {
        Fixture fixture;
        serve(fixture);
        RawClient client(fixture.port);
        client.send(kGet);
        QVERIFY(client.waitFor("Transfer-Encoding: chunked\r\n\r\n"));
        QVERIFY(client.received().find("text/event-stream") != std::string::npos);
        QTRY_VERIFY(m_stream);
        m_stream->write("data: 1\n\n");
        QVERIFY(client.waitFor("9\r\ndata: 1\n\n\r\n"));
        m_stream->write(""); // would end the body
        m_stream->write("x");
        QVERIFY(client.waitFor("\r\n1\r\nx\r\n"));
        m_stream->endStream();
        QVERIFY(client.waitFor("0\r\n\r\n"));
        m_stream->write("after the end");
        m_stream.reset();
        client.send(kGet); // the connection lives on
        QVERIFY(client.waitFor("HTTP/1.1 200 OK", 2));
        QCOMPARE(client.count("after the end"), 0);
    }

    void http10StreamsUntilItCloses()
    {
        Fixture fixture;
        serve(fixture);
        RawClient client(fixture.port);
        client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        QTRY_VERIFY(m_stream);
        m_stream->write("abc");
        m_stream->write("def");
        m_stream->endStream();
        QVERIFY(client.waitForEnd());
        QCOMPARE(bodyOf(client.received()), std::string("abcdef"));
        QCOMPARE(client.count("Transfer-Encoding"), 0);
        QCOMPARE(client.count("Connection: close"), 1);
    }

    void headOfAStream()
    {
        Fixture fixture;
        serve(fixture);
        RawClient client(fixture.port);
        client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_VERIFY(m_stream);
        m_stream->write("abc");
        m_stream->endStream();
        client.send("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(client.waitFor("404 Not Found"));
        QCOMPARE(client.count("abc"), 0);
        QVERIFY(client.received().find("chunked\r\n\r\nHTTP/1.1 404") != std::string::npos);
    }

    void aStreamThatIsDroppedIsNotWhole()
    {
        Fixture fixture;
        serve(fixture);
        RawClient client(fixture.port);
        client.send(kGet);
        QTRY_VERIFY(m_stream);
        m_stream->write("abc");
        m_stream.reset();
        QVERIFY(client.waitForEnd());
        QCOMPARE(client.count("abc"), 1);
        QCOMPARE(client.count("0\r\n\r\n"), 0);
    }

    void aCallerWhoLeavesAStreamIsNoticed()
    {
        Fixture fixture;
        int lost = 0;
        serve(fixture);
        RawClient client(fixture.port);
        client.send(kGet);
        QTRY_VERIFY(m_stream);
        m_stream->whenClosed([&] { ++lost; });
        QVERIFY(client.waitFor("chunked"));
        client.close();
        QTRY_VERIFY_WITH_TIMEOUT((m_stream->write("tick"), lost > 0), 20'000);
        QVERIFY(!m_stream->isOpen());
        m_stream->endStream();
        QCOMPARE(lost, 1);
    }

    void aCallerWhoDoesNotReadIsDropped()
    {
        Fixture fixture({.maxUnsentBytes = 1 << 20});
        int lost = 0;
        serve(fixture);
        RawClient client(fixture.port);
        client.send(kGet);
        QTRY_VERIFY(m_stream);
        m_stream->whenClosed([&] { ++lost; });
        std::size_t most = 0;
        const std::string piece(256 << 10, 'x');
        for (int count = 0; count < 400 && lost == 0; ++count) { // 100 MB, more than the system's own buffers
            m_stream->write(piece);
            most = std::max(most, m_stream->unsentBytes());
            QCoreApplication::processEvents();
        }
        QCOMPARE(lost, 1);
        QVERIFY(most > (1 << 20) && most < (2 << 20));
    }

    void tellsWhatIsNotTaken()
    {
        Fixture fixture;
        serve(fixture);
        RawClient client(fixture.port);
        client.send(kGet);
        QTRY_VERIFY(m_stream);
        QCOMPARE(m_stream->unsentBytes(), std::size_t(0));
        m_stream->write(std::string(20 << 20, 'x'));
        QVERIFY(m_stream->unsentBytes() > 0);
        QTRY_VERIFY((client.received(), m_stream->unsentBytes() == 0));
        m_stream->endStream();
        QVERIFY(client.waitFor("0\r\n\r\n"));
        QVERIFY(client.received().size() > (20 << 20));
    }

    void filesAreSentAsTheyAreTaken()
    {
        Fixture fixture;
        const QString path = fixture.folder.filePath(QStringLiteral("big"));
        std::string content;
        for (int number = 0; content.size() < (12 << 20); ++number)
            content += std::to_string(number);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content.data(), static_cast<qint64>(content.size()));
        file.close();
        fixture.get("/file", [&](Request, Responder responder) {
            Response response{.status = 200, .headers = {{"Content-Type", "image/png"}}};
            response.file = path.toStdString();
            responder.send(std::move(response));
        });
        fixture.listen();
        RawClient client(fixture.port);
        client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\nGET /file HTTP/1.1\r\nHost: a\r\nRange: "
                    "bytes=-4\r\nConnection: close\r\n\r\n");
        QVERIFY(client.waitForEnd());
        QVERIFY(bodyOf(client.received()).starts_with(content));
        QVERIFY(client.received().find("206 Partial Content") != std::string::npos);
        QVERIFY(client.received().ends_with(content.substr(content.size() - 4)));
        const auto head = ask(fixture.port, "HEAD /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        QVERIFY(head.find("Content-Length: " + std::to_string(content.size())) != std::string::npos);
        QCOMPARE(bodyOf(head), std::string());
    }

    void aFileThatShrinksBreaksTheConnection()
    {
        Fixture fixture;
        const QString path = fixture.folder.filePath(QStringLiteral("big"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.resize(40 << 20));
        file.close();
        fixture.get("/file", [&](Request, Responder responder) {
            Response response;
            response.file = path.toStdString();
            responder.send(std::move(response));
        });
        fixture.listen();
        RawClient client(fixture.port);
        client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_VERIFY(!fixture.site.finished.empty());
        QVERIFY(QFile::resize(path, 10));
        QVERIFY(client.waitForEnd());
        QVERIFY(client.received().size() < (40 << 20));
    }
};

QTEST_GUILESS_MAIN(TestHttpStream)
#include "tst_http_stream.moc"
