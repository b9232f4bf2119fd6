// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::domain {

enum class RequestState { Queued, Running, Done };
enum class Via { Run, Queue, Stream, Realtime, Websocket };
enum class Priority { Normal, Low };

/// What a caller asked for; never changes.
struct Request {
    std::string id;
    std::string app;
    std::string endpoint = "/"; ///< path in the app
    Via via = Via::Queue;
    Priority priority = Priority::Normal;
    std::string input; ///< the JSON body as sent
    TimePoint submittedAt;
    std::optional<TimePoint> startDeadline; ///< must be running by then
    std::string hint;                       ///< prefer a replica that announced it
    std::string webhook;                    ///< URL; empty = none
    std::string keyId;                      ///< of the caller; empty = none
    std::string publicBase;                 ///< scheme://host:port under which the caller reaches this host's files
    bool noRetry = false;
    std::map<std::string, int> retries;     ///< X-Fal-Retry-Config: condition → number
    bool storeInputOutput = true;
    std::optional<std::chrono::seconds> fileLifetime; ///< of the pictures it makes

    bool operator==(const Request&) const = default;
};

/// Why a request is not running yet. Exactly one at a time, the nearest cause.
struct WaitingReason {
    enum class Kind {
        QueuedBehind,   ///< `count` requests are ahead of it
        ReplicaLoading, ///< `stage`, `bytesDone`, `bytesTotal`
        ScalingDelay,   ///< `seconds` until a replica is added
        NoMachine,      ///< no machine of type `subject`
        MachineTaken,   ///< by the app `subject`
        CrashLoop,      ///< start `count` of `limit` failed: `subject`; next in `seconds`
        Paused,
        Retrying,       ///< attempt `count` in `seconds`
    };
    Kind kind = Kind::QueuedBehind;
    int count = 0;
    int limit = 0;
    std::string subject;
    std::string stage;
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    double seconds = 0;

    bool operator==(const WaitingReason&) const = default;
};

std::string_view waitingReasonName(WaitingReason::Kind kind); ///< "queued_behind", …
std::string sentence(const WaitingReason& reason);
std::string_view viaName(Via via);
std::string_view priorityName(Priority priority);
std::string_view requestStateName(RequestState state);

} // namespace tintype::domain
