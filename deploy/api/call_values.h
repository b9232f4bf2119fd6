// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/api_route.h"
#include "deploy/domain/time_point.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a call says in its path and query, checked. Every error is an InvalidArgument (422) that names the parameter, its
// value and what is allowed.

namespace tintype::api {

/// Path parameters that cannot be a name of anything, and query parameters that the route does not know.
Result<> checkCall(const ApiRoute& route, const http::Request& request);

/// ISO 8601 (UTC unless it says otherwise), Unix milliseconds, or an age: "90s", "15m", "24h", "7d".
Result<TimePoint> parseTime(const std::string& name, const std::string& text, TimePoint now);

Result<std::optional<TimePoint>> timeOf(const http::Request& request, const std::string& name);
Result<std::optional<std::int64_t>> integerOf(
    const http::Request& request, const std::string& name, std::int64_t low, std::int64_t high);
Result<std::optional<double>> secondsOf(const http::Request& request, const std::string& name);
Result<bool> booleanOf(const http::Request& request, const std::string& name);

/// @return empty if absent
Result<std::string> choiceOf(const http::Request& request, const std::string& name, const std::vector<std::string>& choices);

/// A comma-separated list of choices; all of them if absent.
Result<std::vector<std::string>> choicesOf(
    const http::Request& request, const std::string& name, const std::vector<std::string>& choices);

struct Paging {
    int limit = 100;
    std::string cursor; ///< empty = the first page
};
Result<Paging> pagingOf(const http::Request& request);

/// "2026-08-01T12:00:00.000Z"
std::string isoTime(TimePoint time);

} // namespace tintype::api
