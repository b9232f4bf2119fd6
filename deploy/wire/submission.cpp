// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/submission.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace tintype::wire {
namespace {

using nlohmann::json;

constexpr double kShortestStartTimeout = 0.1;

std::vector<std::string> segmentsOf(std::string_view path)
{
    std::vector<std::string> segments;
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        if (end > begin)
            segments.emplace_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return segments;
}

bool isDigits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

bool isYes(std::string_view value) { return value == "1" || value == "true" || value == "yes"; }

json objectOf(std::string_view text)
{
    if (text.empty()) // of most calls
        return json::object();
    json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_object() ? value : json::object();
}

json lifecycleOf(const http::Headers& headers)
{
    const auto preference = headers.value("X-Fal-Object-Lifecycle-Preference");
    return objectOf(preference.empty() ? headers.value("X-Fal-Object-Lifecycle") : preference);
}

Result<std::optional<TimePoint>> readDeadline(const http::Headers& headers)
{
    const std::string text(headers.value("X-Fal-Request-Timeout"));
    if (text.empty())
        return std::nullopt;
    char* end = nullptr;
    const double seconds = std::strtod(text.c_str(), &end);
    if (*end != '\0' || !std::isfinite(seconds) || seconds <= kShortestStartTimeout || seconds > 1e9)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("X-Fal-Request-Timeout: seconds above {} are wanted, not \"{}\"", kShortestStartTimeout, text.substr(0, 40)));
    return wallClockNow() + std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Result<domain::Priority> readPriority(const http::Headers& headers)
{
    const auto value = headers.value("X-Fal-Queue-Priority");
    if (value.empty() || value == "normal")
        return domain::Priority::Normal;
    if (value == "low")
        return domain::Priority::Low;
    return fail(ErrorCode::InvalidArgument, "X-Fal-Queue-Priority is \"normal\" or \"low\"");
}

Result<std::optional<int>> readMaxQueueLength(const http::Query& query)
{
    const auto found = query.find("fal_max_queue_length");
    if (found == query.end())
        return std::nullopt;
    if (!isDigits(found->second) || found->second.size() > 9)
        return fail(ErrorCode::InvalidArgument, "fal_max_queue_length is a number of requests");
    return std::atoi(found->second.c_str());
}

std::map<std::string, int> readRetries(const http::Headers& headers)
{
    std::map<std::string, int> retries;
    const json config = objectOf(headers.value("X-Fal-Retry-Config"));
    for (const auto& [condition, setting] : config.items()) {
        if (setting.is_object() && setting.contains("retries") && setting["retries"].is_number_integer())
            retries[condition] = setting["retries"].get<int>();
    }
    return retries;
}

/// The query of a GET as an input object: numbers and booleans by their look.
std::string inputOfQuery(const http::Query& query)
{
    json input = json::object();
    for (const auto& [name, text] : query) {
        if (name.starts_with("fal_"))
            continue;
        const json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
        input[name] = value.is_number() || value.is_boolean() ? value : json(text);
    }
    return input.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

Result<AppPath> parseAppPath(std::string_view path)
{
    std::vector<std::string> segments = segmentsOf(path);
    if (!segments.empty() && (segments.front() == "workflows" || segments.front() == "comfy"))
        return fail(ErrorCode::NotFound, fmt::format("{}/: this host has no such namespace", segments.front()));
    if (segments.size() == 1) {
        const auto dash = segments.front().find('-');
        if (dash != std::string::npos && isDigits(std::string_view(segments.front()).substr(0, dash)))
            segments = {segments.front().substr(0, dash), segments.front().substr(dash + 1)};
    }
    if (segments.size() < 2)
        return fail(ErrorCode::NotFound, fmt::format("Path {} not found", path));
    AppPath found{.owner = segments[0], .app = segments[1], .endpoint = {}};
    for (std::size_t index = 2; index < segments.size(); ++index)
        found.endpoint += "/" + segments[index];
    if (found.endpoint.empty())
        found.endpoint = "/";
    return found;
}

std::optional<std::string> withoutSuffix(const std::string& endpoint, std::string_view suffix)
{
    if (!endpoint.ends_with(suffix))
        return std::nullopt;
    const std::string rest = endpoint.substr(0, endpoint.size() - suffix.size());
    return rest.empty() ? "/" : rest;
}

std::optional<std::chrono::seconds> fileLifetime(const http::Headers& headers)
{
    const json lifecycle = lifecycleOf(headers);
    const auto found = lifecycle.find("expiration_duration_seconds");
    if (found == lifecycle.end() || !found->is_number())
        return std::nullopt;
    return std::chrono::seconds(static_cast<std::int64_t>(std::clamp(found->get<double>(), 1.0, 3e9)));
}

std::string fileAcl(const http::Headers& headers)
{
    const json lifecycle = lifecycleOf(headers);
    const auto found = lifecycle.find("initial_acl");
    return found == lifecycle.end() || !found->is_object() ? std::string() : found->dump();
}

std::string publicBase(const http::Request& call, const std::string& configured)
{
    if (!configured.empty())
        return configured.ends_with('/') ? configured.substr(0, configured.size() - 1) : configured;
    const auto host = call.headers.value("Host");
    return fmt::format("{}://{}", call.secure ? "https" : "http", host.empty() ? "localhost" : host);
}

Result<Submission> readSubmission(const http::Request& call, const AppPath& path, domain::Via via)
{
    Submission submission;
    domain::Request& request = submission.request;
    request.app = path.app;
    request.endpoint = path.endpoint;
    request.via = via;
    request.submittedAt = wallClockNow();
    request.input = call.method == "GET" ? inputOfQuery(call.query) : call.body;
    TINTYPE_TRY_ASSIGN(request.startDeadline, readDeadline(call.headers));
    TINTYPE_TRY_ASSIGN(request.priority, readPriority(call.headers));
    TINTYPE_TRY_ASSIGN(submission.maxQueueLength, readMaxQueueLength(call.query));
    request.hint = call.headers.value("X-Fal-Runner-Hint");
    request.noRetry = isYes(call.headers.value("X-Fal-No-Retry"));
    request.retries = readRetries(call.headers);
    request.storeInputOutput = call.headers.value("X-Fal-Store-IO") != "0";
    request.fileLifetime = fileLifetime(call.headers);
    if (const auto webhook = call.query.find("fal_webhook"); webhook != call.query.end())
        request.webhook = webhook->second;
    if (!request.webhook.empty() && !request.webhook.starts_with("http://") && !request.webhook.starts_with("https://"))
        return fail(ErrorCode::InvalidArgument, "fal_webhook is not an http(s) URL");
    return submission;
}

} // namespace tintype::wire
