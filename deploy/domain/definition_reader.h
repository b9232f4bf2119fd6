// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/definition_node.h"
#include "deploy/domain/node_reader.h"

#include <string_view>
#include <vector>

namespace tintype::domain {

/// What the tree says, checked. @param problems those that reading the text has found already
ParsedDefinition readDefinitionTree(const DefinitionNode& root, std::vector<DefinitionProblem> problems);

/// The values of dtype. @source engine/base/generation.h, LoadRequest
std::span<const std::string_view> dtypeNames();

inline constexpr std::string_view kTextToImage = "text-to-image"; ///< the one task so far

// The parts of a definition that are maps or lists themselves.
void readRequirements(NodeReader& reader, const DefinitionNode& node);
void readSetup(NodeReader& reader, const DefinitionNode& node);
void readEndpoints(NodeReader& reader, const DefinitionNode& node);

/// An input of the task in its canonical JSON; empty after a problem, or if it says nothing.
std::string readInput(NodeReader& reader, const DefinitionNode& node, const std::string& path, bool needsPrompt);

/// Names of definitionFields() directly below `prefix` ("" or "setup.").
std::vector<std::string_view> knownFields(std::string_view prefix);

} // namespace tintype::domain
