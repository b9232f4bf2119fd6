// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace tintype::cli {

/// What the command line asks for: set by the callback of the command that was given, run once parsing is over.
/// Returns the program's exit code.
using Action = std::function<int()>;

} // namespace tintype::cli
