// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/response_writer.h"

#include <QTest>

using namespace tintype::http;

namespace {

std::string written(const Response& response, const Framing& framing)
{
    std::string out;
    appendHead(out, response, framing, "now");
    return out;
}

} // namespace

class TestHttpResponse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesHeads()
    {
        const Response response{.status = 200, .headers = {{"X-A", "b"}}, .body = "abc"};
        QCOMPARE(written(response, {.contentLength = 3}),
            std::string("HTTP/1.1 200 OK\r\nX-A: b\r\nDate: now\r\nContent-Length: 3\r\n\r\n"));
        QCOMPARE(written(response, {.contentLength = {}, .chunked = true, .keepAlive = false}),
            std::string(
                "HTTP/1.1 200 OK\r\nX-A: b\r\nDate: now\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
        QCOMPARE(written(response, {.contentLength = 0, .http11 = false}),
            std::string(
                "HTTP/1.1 200 OK\r\nX-A: b\r\nDate: now\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"));
    }

    void framesItselfWhateverTheHandlerSays()
    {
        const Response response{.status = 200,
            .headers
            = {{"content-length", "99"}, {"Transfer-Encoding", "chunked"}, {"CONNECTION", "x"}, {"date", "x"}}};
        QCOMPARE(written(response, {.contentLength = 1}),
            std::string("HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 1\r\n\r\n"));
    }

    void valuesCannotBreakOut()
    {
        const Response response{.status = 200, .headers = {{"X-A", "b\r\nX-Evil: 1\n\r"}}};
        QCOMPARE(written(response, {.contentLength = 0}),
            std::string("HTTP/1.1 200 OK\r\nX-A: b  X-Evil: 1  \r\nDate: now\r\nContent-Length: 0\r\n\r\n"));
    }

    void unknownStatusHasAPhrase() { QVERIFY(written({.status = 299}, {}).starts_with("HTTP/1.1 299 Unknown\r\n")); }

    void writesChunks()
    {
        std::string out;
        appendChunk(out, std::string(26, 'a'));
        appendLastChunk(out);
        QCOMPARE(out, "1a\r\n" + std::string(26, 'a') + "\r\n0\r\n\r\n");
    }

    void writesDates()
    {
        DateText date;
        QCOMPARE(date.at(784111777), std::string_view("Sun, 06 Nov 1994 08:49:37 GMT")); // RFC 9110's own example
        QCOMPARE(date.at(0), std::string_view("Thu, 01 Jan 1970 00:00:00 GMT"));
        QCOMPARE(date.at(951782400), std::string_view("Tue, 29 Feb 2000 00:00:00 GMT"));
    }

    void knowsWhatHasNoBody()
    {
        QVERIFY(mayHaveBody(200) && mayHaveBody(404));
        QVERIFY(!mayHaveBody(204) && !mayHaveBody(304) && !mayHaveBody(100));
    }
};

QTEST_GUILESS_MAIN(TestHttpResponse)
#include "tst_http_response.moc"
