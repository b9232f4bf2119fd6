// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/definition_node.h"

#include <QString>
#include <string>
#include <vector>

// What a definition's text says, as a tree: places in it, changes of it, and its values as YAML on one line.

namespace tintype::ui {

struct PathStep {
    std::string key; ///< of a map; empty for an item
    int item = -1;   ///< of a list; -1 for a key
};
using FieldPath = std::vector<PathStep>;

FieldPath fieldPath(const std::string& field); ///< "setup.dtype", "requirements[2]"
std::string fieldName(const FieldPath& path);

/// A place of the tree; the key's mark is that of the value where there is no key.
struct Place {
    const domain::DefinitionNode* node = nullptr; ///< null = nothing stands there
    domain::Mark key;
};
Place findPlace(const domain::DefinitionNode& root, const FieldPath& path);

/// Whether both say the same: the order of keys and the way a text is quoted do not count.
bool isSame(const domain::DefinitionNode& a, const domain::DefinitionNode& b);

bool isEmpty(const domain::DefinitionNode& node); ///< null, or a list or map of nothing

/// Puts a value at a place, making the maps and lists above it; null takes away what is there.
/// @return false: something stands above it that is neither
bool setPlace(domain::DefinitionNode& root, const FieldPath& path, const domain::DefinitionNode* value);

/// The value on one line, fit to stand between brackets.
QString flowText(const domain::DefinitionNode& node);

/// A text as a YAML scalar: plain where that says the same anywhere, else in double quotes.
QString yamlScalar(const QString& text);

} // namespace tintype::ui
