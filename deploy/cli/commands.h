// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/action.h"

namespace CLI {
class App;
}

namespace tintype::cli {

// Each declares a command, or a group of them, that talks to a host; when it is given, `action` is what runs it.

void addRunCommand(CLI::App& parser, Action& action);
void addDeployCommand(CLI::App& parser, Action& action);
void addAppsCommands(CLI::App& parser, Action& action);
void addRunnersCommands(CLI::App& parser, Action& action);
void addAppRunners(CLI::App& apps, Action& action); ///< `apps runners APP`
void addQueueCommands(CLI::App& parser, Action& action);
void addRequestsCommands(CLI::App& parser, Action& action);
void addLogsCommand(CLI::App& parser, Action& action);
void addCallCommand(CLI::App& parser, Action& action);
void addKeysCommands(CLI::App& parser, Action& action);
void addSecretsCommands(CLI::App& parser, Action& action);
void addHostsCommands(CLI::App& parser, Action& action);
void addAuthCommands(CLI::App& parser, Action& action);
void addDoctorCommand(CLI::App& parser, Action& action);
void addCompletionCommand(CLI::App& parser, Action& action);

} // namespace tintype::cli
