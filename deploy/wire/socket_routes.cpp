// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/socket_routes.h"

#include "deploy/runtime/app_runtime.h"
#include "deploy/wire/pipeline_session.h"
#include "deploy/wire/realtime_session.h"

#include <charconv>
#include <fmt/format.h>

namespace tintype::wire {
namespace {

constexpr std::uint64_t kLargestMessage = std::uint64_t{1} << 20; ///< bytes; many of them may wait
constexpr std::size_t kMostBuffering = 60; ///< fal's

Result<SocketOptions> readOptions(const http::Query& query, SocketOptions options)
{
    for (const char* name : {"max_buffering", "buffering"}) {
        const auto found = query.find(name);
        if (found == query.end())
            continue;
        const char* end = found->second.data() + found->second.size();
        const auto [read, error] = std::from_chars(found->second.data(), end, options.maxWaiting);
        if (error != std::errc() || read != end || options.maxWaiting < 1 || options.maxWaiting > kMostBuffering)
            return fail(ErrorCode::InvalidArgument, fmt::format("{} is not a number from 1 to {}", name, kMostBuffering));
    }
    if (const auto found = query.find("emit_timings"); found != query.end())
        options.tellTimings = found->second == "1" || found->second == "true";
    return options;
}

} // namespace

SocketRoutes::SocketRoutes(WireContext& context, SocketOptions options, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_options(options)
    , m_calls(context)
{
}

void SocketRoutes::addTo(http::RouteTable& table)
{
    table.add({.method = "WS", .pattern = "/{owner}/{app}/{rest...}",
        .admit = [this](const http::Request& handshake) -> std::optional<http::Response> {
            const auto wish = wishOf(handshake);
            return wish ? std::nullopt : std::optional(wireError(wish.error()));
        },
        .handleSocket = [this](const http::Request& handshake, std::unique_ptr<QWebSocket> socket) {
            open(handshake, std::move(socket));
        }});
}

Result<SocketRoutes::Wish> SocketRoutes::wishOf(const http::Request& handshake) const
{
    runtime::Caller caller;
    TINTYPE_TRY_ASSIGN(auto path, admitToApp(m_context, handshake, handshake.path, caller));
    const auto realtime = withoutSuffix(path.endpoint, "/realtime");
    path.endpoint = realtime.value_or(path.endpoint);
    const runtime::AppRuntime* app = m_context.host.apps().runtime(path.app);
    if (!app || !app->revision() || !app->revision()->endpoint(path.endpoint))
        return fail(ErrorCode::NotFound, fmt::format("Path {} not found", path.endpoint));
    TINTYPE_TRY_ASSIGN(auto submission,
        readSubmission(handshake, path, realtime ? domain::Via::Realtime : domain::Via::Websocket));
    Wish wish{.pattern = std::move(submission.request), .options = {}, .isRealtime = realtime.has_value()};
    wish.pattern.keyId = caller.keyId;
    wish.pattern.publicBase = baseOf(m_context, handshake);
    wish.pattern.startDeadline.reset(); // counted from each message, not from the handshake: there is none
    wish.pattern.webhook.clear();
    if (wish.isRealtime)
        wish.pattern.storeInputOutput = false;
    TINTYPE_TRY_ASSIGN(wish.options, readOptions(handshake.query, m_options));
    wish.options.dropsOldest = wish.isRealtime; // the other protocol answers every call
    return wish;
}

void SocketRoutes::open(const http::Request& handshake, std::unique_ptr<QWebSocket> socket)
{
    auto wish = wishOf(handshake);
    if (!wish)
        return socket->close(QWebSocketProtocol::CloseCodePolicyViolated);
    socket->setMaxAllowedIncomingFrameSize(kLargestMessage);
    socket->setMaxAllowedIncomingMessageSize(kLargestMessage);
    if (wish->isRealtime)
        new RealtimeSession(m_calls, std::move(socket), std::move(wish->pattern), wish->options, &m_sessions);
    else
        new PipelineSession(m_calls, std::move(socket), std::move(wish->pattern), wish->options, &m_sessions);
}

} // namespace tintype::wire
