// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tintype {

/// Every way in which anything in the product can fail. Three tables in error.cpp say what each one means to an HTTP
/// client, to a shell and to a caller who wonders whether to try again.
enum class ErrorCode {
    InvalidArgument,
    NotFound,
    Conflict,
    Unauthorized,
    QuotaExceeded,
    Unavailable,
    Timeout,
    Cancelled,
    OutOfMemory,
    DeviceLost,
    Corrupt,
    Io,
    Protocol,
    Unsupported,
    Internal,
};

/// A failure as a value. `message` is one sentence that a user can act on: it names the thing and the limit.
/// Never holds a secret or a prompt.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string detail; ///< optional: what a developer wants to know besides

    bool operator==(const Error&) const = default;
};

/// snake_case, stable: part of the wire and of `--json` output.
std::string_view errorCodeName(ErrorCode code);

/// The inverse; an unknown name is Internal.
ErrorCode errorCodeFromName(std::string_view name);

int httpStatus(ErrorCode code);

/// Exit code of a command-line program: 1 failed, 2 wrong usage, 130 interrupted.
int exitCode(ErrorCode code);

/// Whether the same call may succeed later, with nothing changed by the caller.
bool mayRetry(ErrorCode code);

} // namespace tintype
