// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/error.h"

#include <optional>
#include <string>
#include <vector>

namespace tintype::runtime {

/// How a worker process ended, and what it wrote to stderr before.
struct WorkerExit {
    int code = 0;
    bool bySignal = false; ///< then `code` is the signal's number
    std::vector<std::string> lastLines;
};

/// What the end means to whoever waits for an answer; nothing for exit code 0.
std::optional<Error> workerExitError(const WorkerExit& exit);

} // namespace tintype::runtime
