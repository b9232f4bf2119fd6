// SPDX-License-Identifier: Apache-2.0
#include "engine/base/error.h"

#include <array>

namespace tintype {
namespace {

struct Row {
    ErrorCode code;
    std::string_view name;
    int httpStatus;
    int exitCode;
    bool mayRetry;
};

constexpr std::array kTable{
    Row{ErrorCode::InvalidArgument, "invalid_argument", 422, 2, false},
    Row{ErrorCode::NotFound, "not_found", 404, 1, false},
    Row{ErrorCode::Conflict, "conflict", 409, 1, false},
    Row{ErrorCode::Unauthorized, "unauthorized", 401, 1, false},
    Row{ErrorCode::QuotaExceeded, "quota_exceeded", 429, 1, true},
    Row{ErrorCode::Unavailable, "unavailable", 503, 1, true},
    Row{ErrorCode::Timeout, "timeout", 504, 1, true},
    Row{ErrorCode::Cancelled, "cancelled", 499, 130, false},
    Row{ErrorCode::OutOfMemory, "out_of_memory", 503, 1, true},
    Row{ErrorCode::DeviceLost, "device_lost", 503, 1, true},
    Row{ErrorCode::Corrupt, "corrupt", 500, 1, false},
    Row{ErrorCode::Io, "io", 500, 1, true},
    Row{ErrorCode::Protocol, "protocol", 502, 1, false},
    Row{ErrorCode::Unsupported, "unsupported", 422, 1, false},
    Row{ErrorCode::Internal, "internal", 500, 1, false},
};

constexpr const Row& rowOf(ErrorCode code)
{
    for (const Row& row : kTable) {
        if (row.code == code)
            return row;
    }
    return kTable.back();
}

} // namespace

std::string_view errorCodeName(ErrorCode code)
{
    return rowOf(code).name;
}

ErrorCode errorCodeFromName(std::string_view name)
{
    for (const Row& row : kTable) {
        if (row.name == name)
            return row.code;
    }
    return ErrorCode::Internal;
}

int httpStatus(ErrorCode code)
{
    return rowOf(code).httpStatus;
}

int exitCode(ErrorCode code)
{
    return rowOf(code).exitCode;
}

bool mayRetry(ErrorCode code)
{
    return rowOf(code).mayRetry;
}

} // namespace tintype
