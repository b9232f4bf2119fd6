// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_model.h"

#include <vector>

namespace tintype::ui {

/// How many log lines came when: counts of equal spans of time.
struct LogVolume {
    struct Column {
        std::int64_t lines = 0; ///< of all levels
        std::int64_t warnings = 0;
        std::int64_t errors = 0;

        bool operator==(const Column&) const = default;
    };

    std::int64_t from = 0; ///< milliseconds since 1970
    std::int64_t to = 0;   ///< one behind; to > from where there are columns
    std::vector<Column> columns;

    std::int64_t timeOf(int column) const; ///< at which it begins; of one behind the last too
};

/// The lines of `runs` between two times in `columnCount` columns; others are not counted. Safe on any thread.
LogVolume countVolume(const std::vector<LogRun>& runs, std::int64_t from, std::int64_t to, int columnCount);

} // namespace tintype::ui
