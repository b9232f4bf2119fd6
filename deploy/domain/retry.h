// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/request.h"
#include "engine/base/error.h"

#include <chrono>
#include <optional>
#include <string>

namespace tintype::domain {

constexpr int kMaxAttempts = 10;
constexpr int kCrashLimit = 5; ///< failed starts in a row after which waiting requests are failed

/// Why an attempt did not bring a result, in fal's terms.
enum class FailureKind { User, ServerError, Timeout, ConnectionError, OutOfMemory, Cancelled, StartDeadline, Startup };

struct Failure {
    FailureKind kind = FailureKind::ServerError;
    int status = 500;
    std::string errorType; ///< "runner_disconnected", …
    bool replaceReplica = false;
};

/// What an error of a worker or of its end means on the wire.
/// @source fal.ai docs "Retries", 2026-08 (fal.md 1.9, 2.5)
Failure classify(const Error& error);

/// Whether, and after which pause, a queued request gets another attempt; `attempts` were made.
std::optional<std::chrono::milliseconds> retryDelay(const Request& request, const Failure& failure, int attempts);

/// The pause before a replica starts again: 30 s per failure in a row, at most 10 min.
std::chrono::seconds crashBackoff(int failuresInARow);

} // namespace tintype::domain
