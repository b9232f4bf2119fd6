// SPDX-License-Identifier: Apache-2.0
// The reader of HTTP requests: no crash on any bytes; a stream fed in pieces, whose size its first byte chooses, is
// read as the same stream fed at once; no body passes its limit, and no path leaves its root.

#include "deploy/http/file_body.h"
#include "deploy/http/request_reader.h"
#include "seeds.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace tintype;
using namespace tintype::http;

namespace {

constexpr std::size_t kMaxHead = 512;
constexpr std::uint64_t kMaxBody = 256;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkHead(const Request& head)
{
    require(head.path.starts_with('/') && (head.path + '/').find("/../") == std::string::npos);
    require(head.path.find_first_of(std::string_view("\0\r\n\\", 4)) == std::string::npos);
    for (const auto& [name, value] : head.headers.fields())
        require(!name.empty() && value.find_first_of(std::string_view("\0\r\n", 3)) == std::string::npos);
    std::ignore = chooseRange(head.headers.value("Range"), kMaxBody);
}

/// What was read, and how the reading ended.
std::string read(std::string_view bytes, std::size_t piece)
{
    RequestReader reader(kMaxHead);
    std::string waiting;
    std::string log;
    std::string body;
    while (true) {
        waiting.erase(0, reader.feed(waiting));
        if (reader.state() == RequestReader::State::Broken)
            return log + std::to_string(reader.violation().status);
        if (reader.state() == RequestReader::State::HeadRead) {
            const Request head = reader.takeHead();
            checkHead(head);
            log += head.method + ' ' + head.path + '\n';
            body.clear();
            reader.readBody(kMaxBody, [&body](std::string_view part) {
                body += part;
                return true;
            });
        } else if (reader.state() == RequestReader::State::Done) {
            require(body.size() <= kMaxBody && body.size() == reader.bodyBytes());
            log += body + '\n';
            reader.restart();
        } else if (bytes.empty()) {
            return log;
        } else {
            waiting += bytes.substr(0, piece);
            bytes.remove_prefix(std::min(piece, bytes.size()));
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string bytes(data + 1, data + size);
    require(read(bytes, 1 + data[0]) == read(bytes, std::max<std::size_t>(bytes.size(), 1)));
    if (const auto path = normalizedPath(bytes))
        require(path->starts_with('/') && (*path + '/').find("/../") == std::string::npos);
    std::ignore = parseQuery(bytes);
    require(percentDecoded(percentEncoded(bytes)) == bytes || bytes.find('\0') != std::string::npos);
    return 0;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    std::vector<Bytes> seeds;
    for (const std::string_view text :
        {"GET /a/b?c=d HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcPUT / HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n0\r\nT: 1\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: "
            "h\r\n\r\n",
            "GET http://h:1/%2e%2e/%41 HTTP/1.1\r\nHost: h\r\nConnection: close, upgrade\r\nUpgrade: websocket\r\n\r\n",
            "\r\nOPTIONS * HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n"}) {
        for (const std::uint8_t piece : {std::uint8_t{0}, std::uint8_t{6}}) {
            Bytes& seed = seeds.emplace_back(1, piece);
            seed.insert(seed.end(), text.begin(), text.end());
        }
    }
    return seeds;
}
