// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/server.h"

#include <QTemporaryDir>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tintype::http::test {

/// Answers by a table, and keeps what was asked.
class Site final : public RequestResolver {
public:
    std::variant<const Route*, Response> resolve(Request& head) override;
    void finish(const Request& request, Response& response) override;

    RouteTable table;
    std::function<std::optional<Response>(Request&)> before; ///< answers instead of the table
    std::vector<std::pair<std::string, int>> finished; ///< path and status of every answer
};

/// A server on loopback with its site.
class Fixture {
public:
    explicit Fixture(Limits limits = {});
    ~Fixture();

    void get(std::string pattern, std::function<void(Request, Responder)> handle);
    void post(std::string pattern, std::function<void(Request, Responder)> handle);
    quint16 listen(const std::optional<QSslConfiguration>& tls = std::nullopt);

    Site site;
    QTemporaryDir folder;
    std::unique_ptr<Server> server;
    quint16 port = 0;
};

/// A caller that says exactly the bytes that it is given.
class RawClient {
public:
    explicit RawClient(quint16 port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes); ///< all of them, while the server runs
    void endOutput();
    void close();
    void reset(); ///< closes so that the server is told of an abort

    bool waitFor(std::string_view text); ///< until it has been received
    bool waitFor(std::string_view text, int times);
    bool waitForEnd(); ///< until the server has closed
    const std::string& received();
    int count(std::string_view text);

private:
    void take();

    int m_descriptor;
    bool m_ended = false;
    std::string m_received;
};

/// Sends one request on a connection of its own and returns all that came until the server closed or `enough` came.
std::string ask(quint16 port, std::string_view request, std::string_view enough = {});

/// The body of the first answer in `bytes`.
std::string bodyOf(const std::string& bytes);

} // namespace tintype::http::test
