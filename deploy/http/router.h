// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"
#include "deploy/http/responder.h"

#include <QWebSocket>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tintype::http {

constexpr std::size_t kDefaultMaxBody = std::size_t{16} << 20;
constexpr std::size_t kMaxSocketMessage = std::size_t{64} << 20;

/// Whether the request asks for a WebSocket ("Upgrade: websocket"); the server checks the rest of the handshake.
bool asksForWebSocket(const Request& request);

/// Takes a QWebSocket whose handshake is done; the handler becomes its owner. Nothing has been read from it yet:
/// connect to its signals before returning. Its messages are limited to kMaxSocketMessage.
using SocketHandler = std::function<void(const Request&, std::unique_ptr<QWebSocket>)>;

/// A pattern is "/v1/apps/{name}/revisions": a `{name}` takes one segment, a last `{rest...}` everything that remains,
/// nothing too. A slash at the end of pattern or path does not count.
struct Route {
    std::string method = {}; ///< "GET" serves HEAD too; "WS" is a WebSocket handshake
    std::string pattern = {};
    std::function<void(Request, Responder)> handle = {};
    std::size_t maxBody = kDefaultMaxBody;
    bool bodyToFile = false; ///< large uploads never lie in memory

    /// For "WS": nothing to go on with the handshake, else the answer that refuses it.
    std::function<std::optional<Response>(const Request&)> admit = {};
    SocketHandler handleSocket = {};
};

/// A table of routes. Among those that take path and method, the pattern with more literal segments wins; then the
/// longer one; then the one that was added first. A WebSocket handshake looks for a "WS" route, then for "GET".
class RouteTable {
public:
    void add(Route route); ///< all of them before the first match: matches point into the table

    struct Match {
        const Route* route = nullptr; ///< null: nothing takes this path and method
        std::vector<std::string> allowed; ///< methods of this path, if the path is known and the method is not
    };

    /// Finds the route and fills the request's parameters.
    Match match(Request& request) const;
    const std::vector<Route>& routes() const { return m_routes; }

private:
    struct Pattern {
        std::vector<std::string> segments; ///< as written, `{name}` with its braces
        std::size_t literals = 0;
        bool hasRest = false;
    };
    static Pattern parsePattern(std::string_view text);
    static bool fits(const Pattern& pattern, const std::vector<std::string_view>& segments);

    std::vector<Route> m_routes;
    std::vector<Pattern> m_patterns; ///< one for each route
};

/// The answer to a request that no route takes: 404, or 405 with Allow.
Response noRoute(const RouteTable::Match& match, const Request& request);

/// What a server asks about each request once its head has been read, before its body is: which route takes it. The
/// implementation may rewrite method, path and query (x-fal-target-url), and answers itself by returning a Response.
/// Outlives the server.
class RequestResolver {
public:
    virtual ~RequestResolver() = default;
    virtual std::variant<const Route*, Response> resolve(Request& head) = 0;

    /// Every response passes here once before it is sent: common headers such as x-fal-request-id and CORS. `request`
    /// is as resolve() left it, without its body; of one that could not be read it has what is known. The answer to a
    /// successful WebSocket handshake does not pass here: Qt writes it.
    virtual void finish(const Request& request, Response& response) = 0;
};

} // namespace tintype::http
