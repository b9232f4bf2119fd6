// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/request_reader.h"

#include <QTest>
#include <fmt/format.h>

using namespace tintype::http;
using State = RequestReader::State;

namespace {

constexpr std::size_t kMaxHead = 1024;
constexpr std::uint64_t kMaxBody = 64;

/// All requests in `bytes`, fed `piece` bytes at a time: one line each, then how the reading ended.
std::string read(std::string_view bytes, std::size_t piece)
{
    RequestReader reader(kMaxHead);
    std::string waiting;
    std::string log;
    std::string body;
    Request head;
    while (true) {
        waiting.erase(0, reader.feed(waiting));
        switch (reader.state()) {
        case State::HeadRead:
            head = reader.takeHead();
            body.clear();
            reader.readBody(kMaxBody, [&](std::string_view part) {
                body += part;
                return true;
            });
            continue;
        case State::Done:
            log += fmt::format("{} {}?{} [{}] {}\n", head.method, head.path, head.rawQuery, body,
                reader.keepsAlive() ? "keep" : "close");
            reader.restart();
            continue;
        case State::Broken:
            return log + std::to_string(reader.violation().status);
        case State::Head:
        case State::Body:
            break;
        }
        if (bytes.empty())
            return log + (reader.state() == State::Body ? "in a body" : waiting.empty() ? "end" : "in a head");
        waiting += bytes.substr(0, piece);
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
}

std::string head(std::string_view requestLine, std::string_view fields = {})
{
    return fmt::format("{}\r\nHost: here\r\n{}\r\n", requestLine, fields);
}

} // namespace

class TestHttpRequestReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const std::string& bytes, const char* expected) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(expected);
        };
        const std::string post = "POST /a HTTP/1.1";
        const std::string chunked = head(post, "Transfer-Encoding: chunked\r\n");

        row("nothing", "", "end");
        row("get", head("GET /a/b?c=d HTTP/1.1"), "GET /a/b?c=d [] keep\nend");
        row("empty lines before", "\r\n\r\n" + head("GET / HTTP/1.1"), "GET /? [] keep\nend");
        row("1.0 closes", head("GET / HTTP/1.0"), "GET /? [] close\nend");
        row("1.0 without a host", "GET / HTTP/1.0\r\n\r\n", "GET /? [] close\nend");
        row("1.0 kept", head("GET / HTTP/1.0", "Connection: keep-alive\r\n"), "GET /? [] keep\nend");
        row("1.1 closed", head("GET / HTTP/1.1", "connection: x, Close\r\n"), "GET /? [] close\nend");
        row("body", head(post, "Content-Length: 3\r\n") + "abc", "POST /a? [abc] keep\nend");
        row("body of nothing", head(post, "Content-Length: 0\r\n"), "POST /a? [] keep\nend");
        row("length said twice alike", head(post, "Content-Length: 3, 3\r\n") + "abc", "POST /a? [abc] keep\nend");
        row("chunks", chunked + "3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n", "POST /a? [abcd] keep\nend");
        row("no chunks", chunked + "0\r\n\r\n", "POST /a? [] keep\nend");
        row("trailers are dropped", chunked + "1\r\na\r\n0\r\nX-T: 1\r\nHost: evil\r\n\r\n", "POST /a? [a] keep\nend");
        row("three in a row",
            head(post, "Content-Length: 1\r\n") + "x" + chunked + "1\r\ny\r\n0\r\n\r\n" + head("GET /c HTTP/1.1"),
            "POST /a? [x] keep\nPOST /a? [y] keep\nGET /c? [] keep\nend");
        row("absolute form", "GET http://there:80/a?b HTTP/1.1\r\nHost: here\r\n\r\n", "GET /a?b [] keep\nend");
        row("absolute form, no path", "GET http://there HTTP/1.1\r\nHost: here\r\n\r\n", "GET /? [] keep\nend");
        row("options of all", head("OPTIONS * HTTP/1.1"), "OPTIONS /? [] keep\nend");

        row("half a head", "GET / HTTP/1.1\r\nHost: a\r\n", "in a head");
        row("half a body", head(post, "Content-Length: 3\r\n") + "ab", "in a body");
        row("half a chunk", chunked + "3\r\na", "in a body");
        row("no last chunk", chunked + "1\r\na\r\n", "in a body");
        row("half a last chunk", chunked + "0\r\n", "in a body");

        row("noise", "\x16\x03\x01\x02", "400");
        row("no version", "GET /\r\n\r\n", "400");
        row("not HTTP", head("GET / HTTX/1.1"), "400");
        row("HTTP/2", "PRI * HTTP/2.0\r\n\r\n", "505");
        row("HTTP/0.9", head("GET / HTTP/0.9"), "505");
        row("HTTP/1.2", head("GET / HTTP/1.2"), "505");
        row("version without number", head("GET / HTTP/x.1"), "400");
        row("lower case", head("GET / http/1.1"), "400");
        row("two spaces", head("GET  / HTTP/1.1"), "400");
        row("space in the target", head("GET /a b HTTP/1.1"), "400");
        row("no target", head("GET HTTP/1.1"), "400");
        row("no method", head(" / HTTP/1.1"), "400");
        row("method of brackets", head("G(T / HTTP/1.1"), "400");
        row("unknown method", head("BREW / HTTP/1.1"), "501");
        row("connect", head("CONNECT a:1 HTTP/1.1"), "501");
        row("trace", head("TRACE / HTTP/1.1"), "501");
        row("methods have case", head("get / HTTP/1.1"), "501");
        row("star of a get", head("GET * HTTP/1.1"), "400");
        row("relative target", head("GET a HTTP/1.1"), "400");
        row("fragment", head("GET /a#b HTTP/1.1"), "400");
        row("out of the root", head("GET /../a HTTP/1.1"), "400");
        row("out of the root, escaped", head("GET /%2e%2e/a HTTP/1.1"), "400");
        row("backslash", head("GET /a\\b HTTP/1.1"), "400");
        row("NUL in the path", head("GET /%00 HTTP/1.1"), "400");
        row("broken escape in the path", head("GET /%x HTTP/1.1"), "400");
        row("broken escape in the query", head("GET /?a=%x HTTP/1.1"), "400");

        row("no host", "GET / HTTP/1.1\r\n\r\n", "400");
        row("two hosts", head("GET / HTTP/1.1", "host: there\r\n"), "400");
        row("bare line feed", "GET / HTTP/1.1\nHost: a\n\n", "400");
        row("bare line feed in a field", head("GET / HTTP/1.1", "X: a\nY: b\r\n"), "400");
        row("bare carriage return", head("GET / HTTP/1.1", "X: a\rY: b\r\n"), "400");
        row("NUL", head("GET / HTTP/1.1", std::string("X: a\0b\r\n", 8)), "400");
        row("control character", head("GET / HTTP/1.1", "X: a\x01\r\n"), "400");
        row("delete", head("GET / HTTP/1.1", "X: a\x7f\r\n"), "400");
        row("folded line", head("GET / HTTP/1.1", "X: a\r\n b\r\n"), "400");
        row("folded line, tab", head("GET / HTTP/1.1", "X: a\r\n\tb\r\n"), "400");
        row("space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400");
        row("space before the colon", head("GET / HTTP/1.1", "X : a\r\n"), "400");
        row("no colon", head("GET / HTTP/1.1", "X\r\n"), "400");
        row("no name", head("GET / HTTP/1.1", ": a\r\n"), "400");
        row("name with brackets", head("GET / HTTP/1.1", "X[1]: a\r\n"), "400");
        row("line feed after the head's last return", "GET / HTTP/1.1\r\nHost: a\r\n\rX", "400");

        row("length and coding", head(post, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
            "400");
        row("coding and length", head(post, "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "0\r\n\r\n",
            "400");
        row("two lengths", head(post, "Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd", "400");
        row("two lengths in one", head(post, "Content-Length: 3, 4\r\n") + "abcd", "400");
        row("negative length", head(post, "Content-Length: -1\r\n"), "400");
        row("signed length", head(post, "Content-Length: +3\r\n") + "abc", "400");
        row("hexadecimal length", head(post, "Content-Length: 0x3\r\n") + "abc", "400");
        row("empty length", head(post, "Content-Length:\r\n"), "400");
        row("length beyond counting", head(post, "Content-Length: 99999999999999999999999\r\n"), "400");
        row("unknown coding", head(post, "Transfer-Encoding: gzip\r\n"), "501");
        row("chunked twice", head(post, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "400");
        row("chunked and more", head(post, "Transfer-Encoding: gzip, chunked\r\n"), "501");
        row("chunked not last", head(post, "Transfer-Encoding: chunked, gzip\r\n"), "501");
        row("chunked misspelt", head(post, "Transfer-Encoding: xchunked\r\n"), "501");
        row("chunked with a quote", head(post, "Transfer-Encoding: \"chunked\"\r\n"), "501");
        row("chunked in 1.0", head("POST /a HTTP/1.0", "Transfer-Encoding: chunked\r\n"), "400");

        row("chunk size of letters", chunked + "zz\r\n\r\n", "400");
        row("chunk size with a sign", chunked + "-1\r\n\r\n", "400");
        row("chunk size with 0x", chunked + "0x1\r\na\r\n0\r\n\r\n", "400");
        row("chunk size beyond counting", chunked + "fffffffffffffffff\r\n", "400");
        row("chunk longer than it says", chunked + "1\r\nab\r\n0\r\n\r\n", "400");
        row("chunk extension broken", chunked + "1;=\r\na\r\n0\r\n\r\n", "400");
        row("trailer broken", chunked + "0\r\nno colon\r\n\r\n", "400");

        row("body over the limit", head(post, "Content-Length: 65\r\n"), "413");
        row("body at the limit", head(post, "Content-Length: 64\r\n"), "in a body");
        row("chunk over the limit", chunked + "41\r\na", "413");
        row("chunks over the limit", chunked + "40\r\n" + std::string(64, 'a') + "\r\n1\r\n", "413");
        row("chunks at the limit", chunked + "40\r\n" + std::string(64, 'a') + "\r\n0\r\n\r\n",
            ("POST /a? [" + std::string(64, 'a') + "] keep\nend").c_str());
        row("head over the limit", head("GET / HTTP/1.1", "X: " + std::string(kMaxHead, 'a') + "\r\n"), "431");
        row("target over the limit", "GET /" + std::string(kMaxHead, 'a'), "431");
        row("endless chunk extension", chunked + "1;" + std::string(9000, 'a'), "400");
        row("endless trailer", chunked + "0\r\n" + std::string(9000, 'a'), "400");
    }

    /// Whatever the pieces that it comes in, a stream of bytes is read alike.
    void reads()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, expected);
        for (const std::size_t piece :
            {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{1 << 20}})
            QCOMPARE(read(bytes.toStdString(), piece), expected.toStdString());
    }

    void readsEverythingOfAHead()
    {
        RequestReader reader(kMaxHead);
        const std::string bytes
            = "PUT http://there:1/a%20b?c=%26&c=2 HTTP/1.1\r\nHost: here\r\nX-Empty:\r\nX-Two: \t a b \t\r\n"
              "x-two: c\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nok";
        QCOMPARE(reader.feed(bytes), bytes.size() - 2);
        QCOMPARE(reader.state(), State::HeadRead);
        QVERIFY(reader.hasBody() && reader.expectsContinue() && reader.isHttp11());
        QCOMPARE(reader.contentLength(), std::optional<std::uint64_t>(2));
        const Request request = reader.takeHead();
        QCOMPARE(request.path, std::string("/a b"));
        QCOMPARE(request.rawQuery, std::string("c=%26&c=2"));
        QCOMPARE(request.query, (Query{{"c", "&"}}));
        QCOMPARE(request.headers.value("host"), std::string_view("there:1"));
        QVERIFY(request.headers.has("X-Empty"));
        QCOMPARE(request.headers.value("X-Empty"), std::string_view());
        QCOMPARE(request.headers.value("X-Two"), std::string_view("a b"));
    }

    void keepsWhatIsKnownOfABrokenHead()
    {
        RequestReader reader(kMaxHead);
        reader.feed("BREW /pot HTTP/1.1\r\nHost: here\r\nOrigin: o\r\n\r\n");
        QCOMPARE(reader.state(), State::Broken);
        const Request request = reader.takeHead();
        QCOMPARE(request.method, std::string("BREW"));
        QCOMPARE(request.headers.value("Origin"), std::string_view("o"));
    }

    void stopsWhenTheBodyCannotBeStored()
    {
        RequestReader reader(kMaxHead);
        reader.feed(head("POST / HTTP/1.1", "Content-Length: 3\r\n"));
        reader.readBody(kMaxBody, [](std::string_view) { return false; });
        reader.feed("abc");
        QCOMPARE(reader.state(), State::Broken);
        QCOMPARE(reader.violation().status, 507);
    }
};

QTEST_GUILESS_MAIN(TestHttpRequestReader)
#include "tst_http_request_reader.moc"
