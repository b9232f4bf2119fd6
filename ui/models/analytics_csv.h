// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_data.h"

#include <span>

// Analytics and records as comma-separated values (RFC 4180), UTF-8, times in UTC, durations in seconds. Any thread.

namespace tintype::ui {

/// One field: quoted where it must be. A text that a spreadsheet would take for a formula is made a text.
std::string csvField(const std::string& text);

/// One line a column of the series, with a head.
std::string seriesCsv(const AnalyticsData& data);

std::string recordsCsvHead();
std::string recordsCsv(std::span<const control::RequestInfo> records); ///< one line each, without the head

} // namespace tintype::ui
