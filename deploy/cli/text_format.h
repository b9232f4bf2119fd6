// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::cli {

std::string bytesText(std::uint64_t bytes);      ///< "12.3 MB", "1.20 GB"
std::string durationText(double seconds);        ///< "0:07", "1:02:03"
std::string timeText(TimePoint time);            ///< "2026-08-01 12:00:05", local; "" for the beginning of time
std::string isoText(TimePoint time);             ///< "2026-08-01T12:00:05.000Z"
std::string shortRevision(const std::string& id); ///< its first 8 digits

/// A point in time as a user writes it: an age ("90s", "15m", "2h", "7d") or ISO 8601, local unless it says otherwise.
/// @error InvalidArgument, naming `flag`
Result<std::optional<TimePoint>> parseTime(std::string_view flag, const std::string& text, TimePoint now);

/// Columns of the terminal behind a descriptor; nothing if it is none.
std::optional<int> terminalColumns(int descriptor);

} // namespace tintype::cli
