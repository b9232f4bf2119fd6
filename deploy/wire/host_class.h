// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::wire {

/// The logical hosts of the fal wire. The same path means another thing on each.
enum class HostClass {
    Run,       ///< fal.run: calls that are answered on the spot
    Queue,     ///< queue.fal.run
    Rest,      ///< rest.fal.ai and v3.fal.media: tokens, uploads, files
    Websocket, ///< ws.fal.run: calls as messages of a socket
    Local,     ///< this host by its own name: all of it, a POST to an app meaning run
};

inline constexpr std::array kHostClasses{HostClass::Run, HostClass::Queue, HostClass::Rest, HostClass::Websocket, HostClass::Local};

/// By the listener that took the call, else by the name it was sent to ("queue.localhost:7870").
HostClass classify(std::string_view listener, std::string_view host);

/// x-fal-target-url taken apart. Never fetched: it only says what is meant.
struct Target {
    HostClass hostClass = HostClass::Run;
    std::string path; ///< as sent, with its escapes
    std::string query;
};

/// Nothing if it is not an http(s) URL of one of fal's hosts.
std::optional<Target> parseTarget(std::string_view url);

} // namespace tintype::wire
