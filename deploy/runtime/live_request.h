// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/request.h"
#include "engine/base/generation.h"

#include <optional>
#include <string>

namespace tintype::runtime {

/// Who ended a request before its time.
enum class CancelCause {
    Asked,        ///< a cancel call
    Disconnected, ///< its caller went away
};

/// A request while it is on this host: accepted, and without a record yet.
struct LiveRequest {
    domain::Request request;
    GenerateRequest call; ///< its input, validated
    bool syncMode = false;

    domain::RequestState state = domain::RequestState::Queued;
    int attempts = 0;
    std::string revision; ///< of the replica that has it
    std::string replica;
    TimePoint queuedAt;   ///< entered the queue (the last time)
    TimePoint startedAt;  ///< handed to a replica (the last time)
    bool cold = false;    ///< waited while its replica started
    double setupSeconds = 0;
    std::optional<CancelCause> cancelled; ///< it will end as soon as its worker stops it
    std::optional<Progress> progress; ///< the latest, without its preview
};

} // namespace tintype::runtime
