// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/definition_yaml.h"

#include <string>
#include <vector>

namespace tintype::domain {

/// A value of a definition and where it stands, whether it was written as YAML or as JSON.
struct DefinitionNode {
    enum class Kind { Null, Scalar, List, Map };
    struct Key {
        std::string name;
        Mark mark;
    };

    Kind kind = Kind::Null;
    Mark mark;
    std::string text; ///< Scalar
    bool isQuoted = false; ///< Scalar: a text whatever it looks like
    std::vector<DefinitionNode> items; ///< List: its elements · Map: its values
    std::vector<Key> keys; ///< Map: one for each value, all different
};

} // namespace tintype::domain
