// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

namespace tintype::worker {

/// Moves the frames' stdout to a private descriptor, which is returned, and points descriptor 1 at stderr, so that a
/// library that prints cannot corrupt the stream. Call it before anything else in main.
Result<int> takeOverStdout();

/// Turns SIGTERM into a descriptor that becomes readable, and ignores SIGPIPE and SIGINT: a broken pipe is an error
/// of write, and Ctrl-C in the shared terminal is for the host, which cancels. Call it before any thread starts.
Result<int> takeOverSignals();

} // namespace tintype::worker
