// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>

namespace tintype::engine {

/// Parses the arguments and, if they are right, runs the command's body. Says what was wrong on stderr, as JSON on
/// stdout too if `json` is set. Returns the exit code of the process.
int runCommand(CLI::App& parser, int argc, char** argv, const bool& json, const std::function<Result<int>()>& body);

void printJson(const nlohmann::json& json);

} // namespace tintype::engine
