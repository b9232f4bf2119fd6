// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/action.h"

namespace CLI {
class App;
}

namespace tintype::cli {

/// Declares `tintype serve`: serves until SIGTERM or Ctrl-C, then drains.
void addServeCommand(CLI::App& parser, Action& action);

} // namespace tintype::cli
