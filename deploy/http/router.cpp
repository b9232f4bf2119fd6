// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/router.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tuple>

namespace tintype::http {
namespace {

constexpr std::string_view kSocketMethod = "WS";

std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> segments;
    segments.reserve(8);
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0)
            segments.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

bool isParameter(std::string_view segment)
{
    return segment.starts_with('{');
}

/// How well a route's method takes the request's: 0 not at all; a handshake prefers "WS".
int methodFit(std::string_view route, std::string_view method, bool handshake)
{
    const bool isGet = method == "GET" || (method == "HEAD" && route == "GET");
    if (route == kSocketMethod) // without a handshake still better than 404: the server answers 426
        return handshake ? 3 : method == "GET" ? 1 : 0;
    return route == method || (isGet && route == "GET") ? 2 : 0;
}

} // namespace

bool asksForWebSocket(const Request& request)
{
    return request.method == "GET" && listHas(request.headers.value("Upgrade"), "websocket");
}

void RouteTable::add(Route route)
{
    m_patterns.push_back(parsePattern(route.pattern));
    m_routes.push_back(std::move(route));
}

RouteTable::Pattern RouteTable::parsePattern(std::string_view text)
{
    Pattern pattern;
    for (const auto segment : split(text)) {
        if (segment.ends_with("...}"))
            pattern.hasRest = true;
        else if (!isParameter(segment))
            ++pattern.literals;
        pattern.segments.emplace_back(segment);
    }
    return pattern;
}

bool RouteTable::fits(const Pattern& pattern, const std::vector<std::string_view>& segments)
{
    const std::size_t fixed = pattern.segments.size() - (pattern.hasRest ? 1 : 0);
    if (pattern.hasRest ? segments.size() < fixed : segments.size() != fixed)
        return false;
    for (std::size_t at = 0; at < fixed; ++at) {
        if (!isParameter(pattern.segments[at]) && pattern.segments[at] != segments[at])
            return false;
    }
    return true;
}

RouteTable::Match RouteTable::match(Request& request) const
{
    const auto segments = split(request.path);
    const bool handshake = asksForWebSocket(request);
    Match match;
    const Pattern* best = nullptr;
    const auto rank = [](int fit, const Pattern& pattern) {
        return std::tuple(fit, pattern.literals, pattern.segments.size(), !pattern.hasRest);
    };
    int bestFit = 0;
    for (std::size_t at = 0; at < m_routes.size(); ++at) {
        const Route& route = m_routes[at];
        if (!fits(m_patterns[at], segments))
            continue;
        const int fit = methodFit(route.method, request.method, handshake);
        if (fit == 0) {
            const std::string method = route.method == kSocketMethod ? "GET" : route.method;
            if (std::find(match.allowed.begin(), match.allowed.end(), method) == match.allowed.end())
                match.allowed.push_back(method);
        } else if (!best || rank(fit, m_patterns[at]) > rank(bestFit, *best)) {
            best = &m_patterns[at];
            bestFit = fit;
            match.route = &route;
        }
    }
    if (!best)
        return match;
    match.allowed.clear();
    request.parameters.clear();
    for (std::size_t at = 0; at < best->segments.size(); ++at) {
        const std::string_view name = best->segments[at];
        if (best->hasRest && at + 1 == best->segments.size())
            request.parameters.emplace(name.substr(1, name.size() - 5),
                fmt::format("{}", fmt::join(segments.begin() + static_cast<std::ptrdiff_t>(at), segments.end(), "/")));
        else if (isParameter(name))
            request.parameters.emplace(name.substr(1, name.size() - 2), segments[at]);
    }
    return match;
}

Response noRoute(const RouteTable::Match& match, const Request& request)
{
    if (match.allowed.empty())
        return Response::error(404, fmt::format("Path {} not found", request.path));
    std::string allow = fmt::format("{}", fmt::join(match.allowed, ", "));
    auto response = Response::error(405, fmt::format("{} is not allowed here, only {}", request.method, allow));
    response.headers.add("Allow", std::move(allow));
    return response;
}

} // namespace tintype::http
