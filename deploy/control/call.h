// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

// Calling an app, as any client of it does (fal's wire).

namespace tintype::control {

struct Call {
    std::string endpoint; ///< "owner/app[/path]"
    std::string input;    ///< JSON object
    std::string tag;      ///< the caller's name for it: what callProgressed() tells
};

/// A request in the queue, with the addresses that the host gave it.
struct Submission {
    std::string requestId;
    std::string statusUrl;
    std::string responseUrl;
    std::string cancelUrl;
    int position = 0;
};

struct CallStatus {
    enum class State { Queued, Running, Done };
    State state = State::Queued;
    int position = 0;
    std::string reason;         ///< why it waits, a sentence
    std::optional<double> eta;  ///< seconds until its result
    std::string error;          ///< of one that failed
    std::string errorType;
    std::string json; ///< the whole answer
};

struct CallProgress {
    int step = 0;
    int steps = 0;
    double etaSeconds = 0;
    std::string preview; ///< data URI of a JPEG; may be empty
};

struct CallResult {
    std::string output;    ///< JSON
    std::string requestId;
};

/// A file that an app made.
struct FetchedFile {
    std::string bytes;
    std::string contentType;
};

} // namespace tintype::control
