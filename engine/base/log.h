// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tintype::log {

enum class Level { Debug, Info, Warning, Critical };

/// One line of the log. Never holds a prompt, a picture or a secret.
struct Line {
    Level level;
    std::string_view category; ///< "engine", "weights", "memory", "worker"
    std::string text;
};

using Sink = std::function<void(const Line&)>;

/// Writes one JSON object a line to stderr: {"level", "category", "text"}.
Sink jsonLinesToStderr(Level minimum);

std::string_view levelName(Level level);

} // namespace tintype::log
