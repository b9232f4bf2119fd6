// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/request.h"
#include "deploy/http/message.h"
#include "engine/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace tintype::wire {

/// Which app and endpoint a path names: "/{owner}/{app}[/{endpoint…}]", the old form "/1234-name" too.
struct AppPath {
    std::string owner;
    std::string app;
    std::string endpoint = "/";
};

/// @error NotFound: no app's path, or one of a namespace (workflows/, comfy/) that this host does not have
Result<AppPath> parseAppPath(std::string_view path);

/// The endpoint without a last "/stream" or "/realtime"; nothing if it has none.
std::optional<std::string> withoutSuffix(const std::string& endpoint, std::string_view suffix);

/// A call as its head says it.
struct Submission {
    domain::Request request;
    std::optional<int> maxQueueLength;
};

/// Reads headers and query of a call (fal.md 1.2, 1.7).
/// @error InvalidArgument: names the header, its value and what is allowed
Result<Submission> readSubmission(const http::Request& call, const AppPath& path, domain::Via via);

/// Seconds of X-Fal-Object-Lifecycle(-Preference); nothing if absent or "never".
std::optional<std::chrono::seconds> fileLifetime(const http::Headers& headers);

/// The ACL of the same header as JSON; empty = public.
std::string fileAcl(const http::Headers& headers);

/// scheme://host[:port] under which the caller reaches this host.
std::string publicBase(const http::Request& call, const std::string& configured);

} // namespace tintype::wire
