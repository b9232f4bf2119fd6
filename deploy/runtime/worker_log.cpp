// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/worker_log.h"

#include <nlohmann/json.hpp>

namespace tintype::runtime {

WorkerLogLine parseWorkerLogLine(const std::string& line)
{
    const auto parsed = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    const auto stringAt = [&parsed](const char* name) -> const std::string* {
        const auto found = parsed.find(name);
        return found == parsed.end() ? nullptr : found->get_ptr<const std::string*>();
    };
    if (parsed.is_object()) {
        const std::string* level = stringAt("level");
        const std::string* text = stringAt("text");
        if (level && text)
            return {.level = *level, .text = *text};
    }
    return {.level = {}, .text = line};
}

} // namespace tintype::runtime
