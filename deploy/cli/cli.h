// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tintype::cli {

/// The program `tintype`: its exit code is 0 done, 1 failed, 2 wrong usage, 130 interrupted.
int run(int argc, char** argv);

} // namespace tintype::cli
