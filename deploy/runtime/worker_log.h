// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tintype::runtime {

/// A line of a worker's stderr.
struct WorkerLogLine {
    std::string level; ///< "debug", "info", "warning", "critical"; empty for a line that some library printed
    std::string text;
};

WorkerLogLine parseWorkerLogLine(const std::string& line);

} // namespace tintype::runtime
