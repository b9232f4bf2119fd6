// SPDX-License-Identifier: Apache-2.0
#include "engine/base/log.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace tintype::log {

std::string_view levelName(Level level)
{
    switch (level) {
    case Level::Debug:
        return "debug";
    case Level::Info:
        return "info";
    case Level::Warning:
        return "warning";
    case Level::Critical:
        return "critical";
    }
    return "info";
}

Sink jsonLinesToStderr(Level minimum)
{
    return [minimum](const Line& line) {
        if (line.level < minimum)
            return;
        const nlohmann::json object{{"level", levelName(line.level)}, {"category", line.category}, {"text", line.text}};
        const std::string text = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
        std::fwrite(text.data(), 1, text.size(), stderr);
    };
}

} // namespace tintype::log
