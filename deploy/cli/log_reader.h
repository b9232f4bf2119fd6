// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/host_option.h"
#include "deploy/cli/session.h"

#include <string>

namespace tintype::cli {

struct LogOptions : CommonOptions {
    std::string app;
    std::string replica;
    std::string request;
    std::string level;
    std::string search;
    std::string since;
    std::string until;
    int lines = 100; ///< the latest so many
    bool follow = false;
};

/// The options that all log commands share.
void addLogOptions(CLI::App& command, LogOptions& options);

/// Prints the latest lines, oldest first, and with `follow` what comes until Ctrl-C.
Result<> readLogs(Session& session, const LogOptions& options);

/// "12:00:05 warning  shapes-flux  text"; with `json` the line as an object.
Result<> printLogLine(const control::LogLine& line, bool json);

} // namespace tintype::cli
