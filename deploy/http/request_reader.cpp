// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/request_reader.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <fmt/format.h>
#include <limits>

namespace tintype::http {
namespace {

namespace beast = boost::beast;

constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
constexpr std::size_t kShortestTail = 5; ///< "0\r\n\r\n": a chunked body has never less left before a chunk's header
constexpr std::size_t kMaxChunkHeader = 8 << 10; ///< with extensions and trailers

std::string_view toStd(beast::string_view text)
{
    return {text.data(), text.size()};
}

/// What may stand before the end of a head at `at`, given what stood before it; none if all is well.
std::optional<std::string_view> headFault(std::string_view bytes, std::size_t at)
{
    const auto byte = static_cast<unsigned char>(bytes[at]);
    const char before = at > 0 ? bytes[at - 1] : '\n';
    if (before == '\r' && byte != '\n')
        return "a carriage return stands alone in the head";
    if (byte == '\n' && before != '\r')
        return "a line of the head ends without a carriage return";
    if (before == '\n' && (byte == ' ' || byte == '\t'))
        return "a line of the head begins with a space";
    if ((byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t') || byte == 0x7f)
        return "the head has a control character";
    return std::nullopt;
}

/// Whether a head that Beast refused for its version has one at all, so that 505 is the true answer.
bool hasVersion(std::string_view head)
{
    const auto line = head.substr(0, head.find('\r'));
    const auto at = line.rfind(" HTTP/");
    if (at == line.npos || std::count(line.begin(), line.end(), ' ') != 2)
        return false;
    const auto version = line.substr(at + 6);
    return version.size() == 3 && version[1] == '.' && version.find_first_not_of("0123456789.") == version.npos;
}

} // namespace

/// Beast's state machine with our own containers.
class RequestReader::Parser final : public beast::http::basic_parser<true> {
public:
    Request request;
    std::string target;
    int version = 11;
    int hosts = 0;
    bool headDone = false;
    std::uint64_t limit = 0;
    std::uint64_t received = 0;
    std::uint64_t chunkLeft = 0;
    bool overLimit = false;
    bool unstorable = false;
    Sink sink;

private:
    using Code = beast::error_code;

    void on_request_impl(
        beast::http::verb, beast::string_view method, beast::string_view path, int number, Code&) override
    {
        request.method = toStd(method);
        target = toStd(path);
        version = number;
    }

    void on_response_impl(int, beast::string_view, int, Code&) override { }

    void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value, Code&) override
    {
        if (headDone)
            return; // a trailer
        hosts += field == beast::http::field::host ? 1 : 0;
        request.headers.add(std::string(toStd(name)), std::string(toStd(value)));
    }

    void on_header_impl(Code&) override { headDone = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override { }

    std::size_t on_body_impl(beast::string_view bytes, Code& code) override { return take(bytes, code); }

    void on_chunk_header_impl(std::uint64_t size, beast::string_view, Code& code) override
    {
        overLimit = size > limit - received; // received never passes the limit
        chunkLeft = size;
        if (overLimit)
            code = beast::http::error::body_limit;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code& code) override
    {
        chunkLeft -= bytes.size();
        return take(bytes, code);
    }

    void on_finish_impl(Code&) override { }

    std::size_t take(beast::string_view bytes, Code& code)
    {
        received += bytes.size();
        unstorable = !sink(toStd(bytes));
        if (unstorable)
            code = beast::http::error::body_limit;
        return bytes.size();
    }
};

RequestReader::RequestReader(std::size_t maxHeaderBytes)
    : m_maxHeaderBytes(maxHeaderBytes)
    , m_parser(std::make_unique<Parser>())
{
}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::string_view bytes)
{
    switch (m_state) {
    case State::Head:
        return feedHead(bytes);
    case State::Body:
        return feedBody(bytes);
    case State::HeadRead:
    case State::Done:
    case State::Broken:
        return 0;
    }
    return 0;
}

std::size_t RequestReader::feedHead(std::string_view bytes)
{
    std::size_t skipped = 0; // RFC 9112 2.2: empty lines before a request are ignored
    while (m_scanned == 0 && bytes.substr(skipped).starts_with("\r\n"))
        skipped += 2;
    const auto head = bytes.substr(skipped);
    if (m_scanned == 0 && head == "\r")
        return skipped; // perhaps another one
    for (; m_scanned < head.size(); ++m_scanned) {
        if (m_scanned >= m_maxHeaderBytes)
            return fail(431, fmt::format("the head has more than {} bytes", m_maxHeaderBytes)), skipped;
        if (const auto fault = headFault(head, m_scanned))
            return fail(400, std::string(*fault)), skipped;
        if (head[m_scanned] == '\n' && head.substr(0, m_scanned + 1).ends_with("\r\n\r\n")) {
            const std::size_t size = std::exchange(m_scanned, 0) + 1;
            parseHead(head.substr(0, size));
            return skipped + size;
        }
    }
    return skipped;
}

void RequestReader::parseHead(std::string_view head)
{
    beast::error_code error;
    m_parser->header_limit(static_cast<std::uint32_t>(m_maxHeaderBytes + 1));
    m_parser->body_limit(std::numeric_limits<std::uint64_t>::max()); // each route has its own, checked here
    m_parser->put(boost::asio::buffer(head.data(), head.size()), error);
    if (error == beast::http::error::bad_version && hasVersion(head))
        return fail(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (error)
        return fail(400, fmt::format("the request cannot be read: {}", error.message()));
    if (!m_parser->is_header_done())
        return fail(400, "the request cannot be read");
    m_http11 = m_parser->version == 11;
    m_keepsAlive = m_parser->keep_alive();
    m_hasBody = !m_parser->is_done();
    if (const auto length = m_parser->content_length())
        m_contentLength = *length;
    m_expectsContinue = m_http11 && sameName(m_parser->request.headers.value("Expect"), "100-continue");
    m_state = State::HeadRead;
    checkHead();
}

void RequestReader::checkHead()
{
    Request& request = m_parser->request;
    if (std::find(kMethods.begin(), kMethods.end(), request.method) == kMethods.end())
        return fail(501, "the method is not one of GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS");
    const auto coding = request.headers.value("Transfer-Encoding");
    const bool isCoded = request.headers.has("Transfer-Encoding");
    if (isCoded && !m_http11)
        return fail(400, "HTTP/1.0 has no Transfer-Encoding");
    if (isCoded && !sameName(coding, "chunked"))
        return fail(501, "the only Transfer-Encoding spoken here is chunked");
    if (m_parser->hosts > 1 || (m_parser->hosts == 0 && m_http11))
        return fail(400, "a request has one Host header");

    std::string_view target = m_parser->target;
    if (!target.starts_with('/') && target.find("://") != target.npos) { // absolute-form: its host is what counts
        const auto authority = target.substr(target.find("://") + 3);
        const auto end = std::min(authority.find_first_of("/?"), authority.size());
        request.headers.set("Host", std::string(authority.substr(0, end)));
        target = authority.substr(end);
    }
    const auto question = std::min(target.find('?'), target.size());
    request.rawQuery = target.substr(std::min(question + 1, target.size()));
    target = target.substr(0, question);
    if (target.empty() || (target == "*" && request.method == "OPTIONS"))
        target = "/";
    auto path = normalizedPath(target);
    if (!path || target.find('#') != target.npos)
        return fail(400, "the path leaves its root, has a broken escape or a character that no path has");
    auto query = parseQuery(request.rawQuery);
    if (!query)
        return fail(400, "the query has a broken escape or is not UTF-8");
    request.path = *std::move(path);
    request.query = *std::move(query);
}

Request RequestReader::takeHead()
{
    return std::move(m_parser->request);
}

void RequestReader::readBody(std::uint64_t limit, Sink sink)
{
    if (m_state != State::HeadRead)
        return;
    m_parser->limit = limit;
    m_parser->sink = std::move(sink);
    m_state = m_hasBody ? State::Body : State::Done;
    if (m_contentLength && *m_contentLength > limit)
        fail(413, fmt::format("the body has {} bytes, {} are allowed here", *m_contentLength, limit));
}

std::size_t RequestReader::feedBody(std::string_view bytes)
{
    std::size_t used = 0;
    while (m_state == State::Body && used < bytes.size()) {
        const auto rest = bytes.substr(used);
        const bool atChunkHeader = m_parser->chunked() && m_parser->chunkLeft == 0;
        if (atChunkHeader && rest.size() < kShortestTail)
            break; // Beast asserts that it is asked with no less
        beast::error_code error;
        const std::size_t count = m_parser->put(boost::asio::buffer(rest.data(), rest.size()), error);
        used += count;
        const bool needsMore = error == beast::http::error::need_more;
        if (m_parser->overLimit)
            fail(413, fmt::format("the body has more than {} bytes, which are allowed here", m_parser->limit));
        else if (m_parser->unstorable)
            fail(507, "the body cannot be stored: the disk is full or cannot be written");
        else if (error && !needsMore)
            fail(400, fmt::format("the body cannot be read: {}", error.message()));
        else if (atChunkHeader && (needsMore ? rest.size() : count) > kMaxChunkHeader)
            fail(400, fmt::format("a chunk's header has more than {} bytes", kMaxChunkHeader));
        else if (m_parser->is_done())
            m_state = State::Done;
        else if (needsMore)
            break;
    }
    return used;
}

std::uint64_t RequestReader::bodyBytes() const
{
    return m_parser->received;
}

void RequestReader::restart()
{
    m_parser = std::make_unique<Parser>();
    m_state = State::Head;
    m_scanned = 0;
    m_contentLength.reset();
    m_hasBody = m_expectsContinue = m_keepsAlive = false;
    m_http11 = true;
}

void RequestReader::fail(int status, std::string detail)
{
    m_state = State::Broken;
    m_violation = {status, std::move(detail)};
}

} // namespace tintype::http
