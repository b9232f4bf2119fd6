// SPDX-License-Identifier: Apache-2.0
#include "http_fixture.h"

#include <QTest>
#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tintype::http::test {
namespace {

constexpr int kPatience = 20'000; ///< milliseconds; only a failing test waits that long

} // namespace

std::variant<const Route*, Response> Site::resolve(Request& head)
{
    if (before) {
        if (auto response = before(head))
            return *std::move(response);
    }
    const auto match = table.match(head);
    if (!match.route)
        return noRoute(match, head);
    return match.route;
}

void Site::finish(const Request& request, Response& response)
{
    finished.emplace_back(request.path, response.status);
    response.headers.add("X-Finished", "yes");
}

Fixture::Fixture(Limits limits)
    : server(std::make_unique<Server>(site, limits, folder.path().toStdString() + "/spool"))
{
}

Fixture::~Fixture() = default;

void Fixture::get(std::string pattern, std::function<void(Request, Responder)> handle)
{
    site.table.add({.method = "GET", .pattern = std::move(pattern), .handle = std::move(handle)});
}

void Fixture::post(std::string pattern, std::function<void(Request, Responder)> handle)
{
    site.table.add({.method = "POST", .pattern = std::move(pattern), .handle = std::move(handle)});
}

quint16 Fixture::listen(const std::optional<QSslConfiguration>& tls)
{
    port = server->listen("main", {.host = "127.0.0.1", .port = 0}, tls).value_or(0);
    return port;
}

RawClient::RawClient(quint16 port)
    : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        qFatal("cannot connect to port %d", port);
    ::fcntl(m_descriptor, F_SETFL, O_NONBLOCK);
}

RawClient::~RawClient()
{
    close();
}

void RawClient::send(std::string_view bytes)
{
    std::ignore = QTest::qWaitFor(
        [&] {
            const auto count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count > 0)
                bytes.remove_prefix(static_cast<std::size_t>(count));
            return bytes.empty() || (count < 0 && errno != EAGAIN);
        },
        kPatience);
}

void RawClient::endOutput()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void RawClient::close()
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

void RawClient::reset()
{
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

void RawClient::take()
{
    std::array<char, 65536> buffer{};
    while (m_descriptor >= 0 && !m_ended) {
        const auto count = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count <= 0)
            m_ended = true;
        else
            m_received.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

bool RawClient::waitFor(std::string_view text)
{
    return waitFor(text, 1);
}

bool RawClient::waitFor(std::string_view text, int times)
{
    return QTest::qWaitFor([&] { return count(text) >= times; }, kPatience);
}

bool RawClient::waitForEnd()
{
    return QTest::qWaitFor(
        [&] {
            take();
            return m_ended;
        },
        kPatience);
}

const std::string& RawClient::received()
{
    take();
    return m_received;
}

int RawClient::count(std::string_view text)
{
    take();
    int found = 0;
    for (auto at = m_received.find(text); at != std::string::npos; at = m_received.find(text, at + text.size()))
        ++found;
    return found;
}

std::string ask(quint16 port, std::string_view request, std::string_view enough)
{
    RawClient client(port);
    client.send(request);
    if (enough.empty())
        std::ignore = client.waitForEnd();
    else
        std::ignore = client.waitFor(enough);
    return client.received();
}

std::string bodyOf(const std::string& bytes)
{
    const auto end = bytes.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : bytes.substr(end + 4);
}

} // namespace tintype::http::test
