// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tintype::engine {

// Subcommands of tintype-worker that need no host. `argv[0]` is the subcommand's name; each returns the exit code of
// the process (0 done, 1 failed, 2 wrong usage) and writes to stdout.

int runInspect(int argc, char** argv);
int runParity(int argc, char** argv);
int runBench(int argc, char** argv);

} // namespace tintype::engine
