// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/definition_node.h"

#include <string_view>
#include <vector>

namespace tintype::domain {

struct YamlText {
    DefinitionNode root;
    std::vector<DefinitionProblem> problems; ///< of YAML itself: syntax, two equal keys, a tag, …
};

/// Reads one YAML document of at most 1 MiB and 20 levels. What aliases repeat counts as if it were written out.
YamlText readYaml(std::string_view text);

/// The deepest that lists and maps may stand in each other.
inline constexpr int kMaxDefinitionDepth = 20;

} // namespace tintype::domain
