// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace tintype {

/// Wall-clock time, as records and the wire carry it.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

inline TimePoint wallClockNow()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

inline std::int64_t toMilliseconds(TimePoint time) { return time.time_since_epoch().count(); }
inline TimePoint fromMilliseconds(std::int64_t since1970) { return TimePoint(std::chrono::milliseconds(since1970)); }

} // namespace tintype
