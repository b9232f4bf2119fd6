// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_volume.h"

#include <algorithm>

namespace tintype::ui {

std::int64_t LogVolume::timeOf(int column) const
{
    return columns.empty() ? from : from + (to - from) * column / static_cast<std::int64_t>(columns.size());
}

LogVolume countVolume(const std::vector<LogRun>& runs, std::int64_t from, std::int64_t to, int columnCount)
{
    LogVolume volume{.from = from, .to = std::max(to, from + 1), .columns = {}};
    volume.columns.resize(static_cast<std::size_t>(std::max(columnCount, 1)));
    const auto count = static_cast<std::int64_t>(volume.columns.size());
    for (const LogRun& run : runs) {
        for (int i = 0; i < run.count; ++i) {
            const LogEntry line = run.block->at(run.index + i);
            if (line.time < volume.from || line.time >= volume.to)
                continue;
            LogVolume::Column& column = volume.columns[static_cast<std::size_t>((line.time - volume.from) * count / (volume.to - volume.from))];
            ++column.lines;
            column.warnings += line.level == LogLevel::Warning;
            column.errors += line.level == LogLevel::Error;
        }
    }
    return volume;
}

} // namespace tintype::ui
