// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <string>

namespace tintype::cli {

/// Asks on the terminal; only "y" and "yes" are consent.
/// @error Cancelled: no · InvalidArgument: nobody to ask (say --yes)
Result<> confirm(const std::string& question);

bool canAsk(); ///< stdin and stderr are a terminal

} // namespace tintype::cli
