// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/table.h"
#include "engine/base/result.h"

#include <string>

namespace tintype::cli {

/// Writes to stdout, down to the descriptor: a full disk behind it is a failure of the command.
Result<> print(const std::string& text);

/// A table as wide as the terminal allows; in a pipe as wide as it gets.
Result<> print(const Table& table);

/// Tells a failure: the sentence on stderr and, with `json`, `{"error": {"code", "message"}}` on stdout.
/// Returns the exit code.
int reportFailure(const Error& error, bool json);

} // namespace tintype::cli
