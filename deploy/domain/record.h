// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/request.h"
#include "engine/base/generation.h"

#include <string>

namespace tintype::domain {

enum class Outcome { Success, UserError, Error, Cancelled };

std::string_view outcomeName(Outcome outcome); ///< "success" | "user_error" | "error" | "cancelled"

/// The row that a finished request leaves; exactly one each.
struct Record {
    Request request;
    std::string revision; ///< empty if it never reached a replica
    std::string replica;
    Outcome outcome = Outcome::Success;
    int status = 200;      ///< HTTP status of the result
    std::string errorType; ///< fal's error_type; empty on success
    std::string error;     ///< one sentence; empty on success
    std::string output;    ///< JSON body of the result, of a failed one too
    int attempts = 1;
    bool cold = false;     ///< waited for a replica to start
    TimePoint startedAt;   ///< handed to a replica (the last time)
    TimePoint finishedAt;
    double queueSeconds = 0; ///< submitted → handed to a replica, without setup
    double setupSeconds = 0; ///< of that wait, while the replica it got was starting
    Timings timings;         ///< inside the worker; zeros if it did not finish

    bool operator==(const Record&) const = default;
};

} // namespace tintype::domain
