// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/definition_node.h"

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tintype::domain {

/// Reads values of a definition's tree, remembers where they stand, and writes down what is wrong with them. Each
/// reading function returns nothing after a problem. `path` is the dotted name that messages tell.
class NodeReader {
public:
    using FieldVisitor = std::function<void(const std::string& name, const DefinitionNode& value)>;
    using ItemVisitor = std::function<void(const std::string& path, const std::string& text, Mark mark)>;

    explicit NodeReader(ParsedDefinition& parsed)
        : m_parsed(parsed)
    {
    }

    AppDefinition& definition() { return m_parsed.definition; }
    void problem(Mark mark, std::string message); ///< the first hundred are kept
    void problemAt(const std::string& path, std::string message); ///< at the field, or at the file's start
    bool has(const std::string& path) const { return m_parsed.marks.contains(path); }

    /// Visits the fields of a map whose names are known, and refuses the others. A null is an empty map.
    void fields(const DefinitionNode& node, const std::string& path, std::span<const std::string_view> known,
        const FieldVisitor& visit);

    std::optional<int> whole(const DefinitionNode& node, const std::string& path, int low, int high);
    std::optional<int> seconds(const DefinitionNode& node, const std::string& path, int low, int high);
    std::optional<std::string> text(const DefinitionNode& node, const std::string& path); ///< not empty
    std::optional<std::size_t> choice(
        const DefinitionNode& node, const std::string& path, std::span<const std::string_view> names);

    /// Visits the texts of a list, all different. A null is an empty list; where `acceptsOne`, a text is a list of one.
    void texts(const DefinitionNode& node, const std::string& path, bool acceptsOne, const ItemVisitor& visit);

    /// A map as JSON, plain scalars typed by YAML 1.2. A null is an empty map.
    std::optional<nlohmann::json> object(const DefinitionNode& node, const std::string& path);

private:
    bool isFull() const;
    void unknownField(const DefinitionNode::Key& key, const std::string& path, std::span<const std::string_view> known);
    bool expect(
        const DefinitionNode& node, const std::string& path, DefinitionNode::Kind kind, std::string_view wanted);
    std::optional<int> number(const DefinitionNode& node, const std::string& path, int low, int high, bool isSeconds);
    nlohmann::json json(const DefinitionNode& node, const std::string& path);

    ParsedDefinition& m_parsed;
};

/// "setup" and "dtype" → "setup.dtype"; "" and "name" → "name".
std::string joinPath(const std::string& path, std::string_view name);

} // namespace tintype::domain
