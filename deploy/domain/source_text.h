// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/definition_yaml.h"

#include <optional>
#include <string>
#include <string_view>

// What can be said about a file's bytes before anybody parses them.

namespace tintype::domain {

/// The first byte that is not UTF-8, or a control character other than tab and line end.
std::optional<DefinitionProblem> checkText(std::string_view text);

/// Column of a tab before the first other character of the line (from 1).
std::optional<int> tabInIndentation(std::string_view text, int line);

/// At most 60 characters of something that a message repeats.
std::string shortened(std::string_view text);

} // namespace tintype::domain
