// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/retry.h"

#include <algorithm>

namespace tintype::domain {
namespace {

constexpr std::chrono::milliseconds kFirstDelay{500};
constexpr std::chrono::milliseconds kLongestDelay{30'000};

/// The key of X-Fal-Retry-Config that speaks of this kind; empty = no retry can be asked for.
std::string_view retryCondition(FailureKind kind)
{
    switch (kind) {
    case FailureKind::ServerError: return "server_error";
    case FailureKind::Timeout: return "timeout";
    case FailureKind::ConnectionError: return "connection_error";
    case FailureKind::OutOfMemory: return "server_error";
    case FailureKind::User:
    case FailureKind::Cancelled:
    case FailureKind::StartDeadline:
    case FailureKind::Startup: return "";
    }
    return "";
}

/// What fal retries when nobody says otherwise. Not memory: the worker has freed what it held, and the same call would
/// need as much again.
bool isRetriedByDefault(FailureKind kind)
{
    return kind == FailureKind::ConnectionError || kind == FailureKind::Timeout;
}

} // namespace

Failure classify(const Error& error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
    case ErrorCode::Unauthorized:
    case ErrorCode::QuotaExceeded:
    case ErrorCode::Unsupported: return {FailureKind::User, 422, "bad_request", false};
    case ErrorCode::Cancelled: return {FailureKind::Cancelled, 499, "client_cancelled", false};
    case ErrorCode::Timeout: return {FailureKind::Timeout, 504, "request_timeout", true};
    case ErrorCode::OutOfMemory: return {FailureKind::OutOfMemory, 503, "runner_server_error", false};
    case ErrorCode::DeviceLost:
    case ErrorCode::Unavailable:
    case ErrorCode::Protocol: return {FailureKind::ConnectionError, 503, "runner_disconnected", true};
    case ErrorCode::Corrupt:
    case ErrorCode::Io:
    case ErrorCode::Internal: return {FailureKind::ServerError, 500, "runner_server_error", false};
    }
    return {};
}

std::optional<std::chrono::milliseconds> retryDelay(const Request& request, const Failure& failure, int attempts)
{
    if (request.via != Via::Queue || request.noRetry)
        return std::nullopt;
    const std::string condition(retryCondition(failure.kind));
    if (condition.empty())
        return std::nullopt;
    int retries = isRetriedByDefault(failure.kind) ? kMaxAttempts - 1 : 0;
    if (const auto asked = request.retries.find(condition); asked != request.retries.end())
        retries = std::clamp(asked->second, 0, kMaxAttempts - 1);
    if (attempts > retries)
        return std::nullopt;
    return std::min<std::chrono::milliseconds>(kFirstDelay * (1 << std::min(attempts - 1, 10)), kLongestDelay);
}

std::chrono::seconds crashBackoff(int failuresInARow)
{
    constexpr std::chrono::seconds kEach{30};
    constexpr std::chrono::seconds kLongest{600};
    return std::min(kEach * std::max(failuresInARow, 0), kLongest);
}

} // namespace tintype::domain
