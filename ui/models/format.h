// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/time_point.h"

#include <QString>
#include <cstdint>

// Values as a person reads them: units always shown, the same everywhere.

namespace tintype::ui {

QString formatBytes(std::uint64_t bytes);    ///< "8.7 MB", "24 GB": decimal units, three digits
QString formatDuration(double seconds);      ///< "0.84 ms", "312 ms", "4.21 s", "2 min 05 s", "3 h 12 min"
QString formatCount(std::int64_t count);     ///< "12,345" by the locale
QString formatTime(TimePoint time, bool utc = false);     ///< "14:03:27.512" today, "21 Nov 14:03:27" else
QString formatDateTime(TimePoint time, bool utc = false); ///< "2026-11-21 14:03:27"
QString formatAge(TimePoint time, TimePoint now);         ///< "just now", "12 s ago", "3 min ago", "2 days ago"

/// "IDLE" → "Idle", "CRASH_BACKOFF" → "Crash back-off".
QString replicaStateText(const QString& stateName);

inline QString qs(const std::string& text) { return QString::fromStdString(text); }

} // namespace tintype::ui
