// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tintype::protocol {

/// How a worker process ends; its host reads the reason from it (sysexits where they fit).
enum class ExitCode : int {
    Clean = 0,
    Usage = 64,
    BadModel = 65,
    Internal = 70,
    OutOfMemory = 71, ///< the model does not fit, or the second time within a minute
    DeviceLost = 72,
    Protocol = 73,
};

} // namespace tintype::protocol
