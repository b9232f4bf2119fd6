// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace CLI {
class App;
}

namespace tintype::cli {

/// Commands of the engine that `tintype-worker` runs by itself, on the same terminal.
bool isWorkerCommand(std::string_view name);

/// Lists them in the help.
void addWorkerCommands(CLI::App& parser);

/// Becomes `tintype-worker` with these arguments (`arguments[0]` is the command, a null ends them). Returns an exit
/// code only if that fails.
int runInWorker(char** arguments);

} // namespace tintype::cli
