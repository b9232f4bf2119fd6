// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"
#include "deploy/runtime/access.h"
#include "deploy/runtime/host.h"
#include "deploy/wire/submission.h"

#include <set>
#include <string>

namespace tintype::wire {

/// What the routes share: the host, and which listeners only this machine reaches.
struct WireContext {
    runtime::Host& host;
    std::set<std::string> loopbackListeners;
};

Result<runtime::Caller> identify(const WireContext& context, const http::Request& call);

/// The app that a path names, if the caller may use it.
/// @error NotFound: no such owner or app · Unauthorized
Result<AppPath> admitToApp(const WireContext& context, const http::Request& call, std::string_view path, runtime::Caller& caller);

/// An Error as the wire tells it: a wrong or missing key is a 401, what is known of the code the rest.
http::Response wireError(const Error& error);

/// scheme://host[:port] for the URLs in answers.
std::string baseOf(const WireContext& context, const http::Request& call);

/// The answer of a finished request: its body, its status and fal's headers.
http::Response resultResponse(const domain::Record& record);

} // namespace tintype::wire
