// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/yaml_reader.h"

#include "deploy/domain/source_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace tintype::domain {
namespace {

using Kind = DefinitionNode::Kind;

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxCost = 2 << 20; // bytes of text and kNodeCost for each value, aliases written out
constexpr std::size_t kNodeCost = 256;

/// Thrown out of the parser, which cannot be asked to stop. Never leaves readYaml.
struct Refusal {
    DefinitionProblem problem;
};

Mark markOf(const YAML::Mark& mark) { return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1}; }

std::size_t costOf(const DefinitionNode& node)
{
    std::size_t cost = kNodeCost + node.text.size();
    for (const DefinitionNode::Key& key : node.keys)
        cost += kNodeCost + key.name.size();
    for (const DefinitionNode& item : node.items)
        cost += costOf(item);
    return cost;
}

int depthOf(const DefinitionNode& node)
{
    int deepest = 0;
    for (const DefinitionNode& item : node.items)
        deepest = std::max(deepest, depthOf(item));
    return deepest + (node.kind == Kind::List || node.kind == Kind::Map ? 1 : 0);
}

/// Makes the tree from the parser's events, and refuses what would make it too large.
class TreeBuilder final : public YAML::EventHandler {
public:
    YamlText take() { return {std::move(m_root), std::move(m_problems)}; }

    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (m_hasDocument)
            refuse(markOf(mark), "the file has more than one document; write each app into a file of its own");
        m_hasDocument = true;
    }
    void OnDocumentEnd() override { }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        DefinitionNode node;
        node.mark = markOf(mark);
        complete(std::move(node), anchor);
    }
    void OnScalar(
        const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override
    {
        checkTag(mark, tag);
        DefinitionNode node;
        node.kind = Kind::Scalar;
        node.mark = markOf(mark);
        node.text = value;
        node.isQuoted = tag == "!";
        complete(std::move(node), anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            refuse(markOf(mark), "an alias stands within what it repeats");
        if (static_cast<int>(m_open.size()) + depthOf(found->second) > kMaxDefinitionDepth)
            refuseDepth(markOf(mark));
        charge(markOf(mark), costOf(found->second));
        DefinitionNode node = found->second;
        node.mark = markOf(mark);
        add(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/) override
    {
        open(Kind::List, mark, tag, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value /*style*/) override
    {
        open(Kind::Map, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        DefinitionNode node;
        YAML::anchor_t anchor;
        bool skipsValue = false; ///< the key that was just read is there already
    };

    [[noreturn]] static void refuse(Mark mark, std::string message)
    {
        throw Refusal{{mark.line, mark.column, std::move(message)}};
    }
    [[noreturn]] static void refuseDepth(Mark mark)
    {
        refuse(mark, fmt::format("lists and maps are nested deeper than {} levels", kMaxDefinitionDepth));
    }

    void charge(Mark mark, std::size_t cost)
    {
        m_cost += cost;
        if (m_cost > kMaxCost)
            refuse(mark, "the file has too many values");
    }

    void checkTag(const YAML::Mark& mark, const std::string& tag)
    {
        if (!tag.empty() && tag != "?" && tag != "!")
            addProblem(markOf(mark), fmt::format("the tag {} is not supported", shortened(tag)));
    }

    void addProblem(Mark mark, std::string message)
    {
        m_problems.push_back({mark.line, mark.column, std::move(message)});
    }

    void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor)
    {
        if (m_open.size() >= kMaxDefinitionDepth)
            refuseDepth(markOf(mark));
        checkTag(mark, tag);
        DefinitionNode node;
        node.kind = kind;
        node.mark = markOf(mark);
        m_open.push_back({std::move(node), anchor});
    }

    void close()
    {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        complete(std::move(done.node), done.anchor);
    }

    void complete(DefinitionNode node, YAML::anchor_t anchor)
    {
        charge(node.mark, kNodeCost + node.text.size());
        if (anchor != YAML::NullAnchor) {
            charge(node.mark, costOf(node));
            m_anchors[anchor] = node;
        }
        add(std::move(node));
    }

    void add(DefinitionNode node)
    {
        if (m_open.empty()) {
            m_root = std::move(node);
            return;
        }
        Open& parent = m_open.back();
        const bool isKey = parent.node.kind == Kind::Map && parent.node.keys.size() == parent.node.items.size();
        if (isKey && !parent.skipsValue)
            addKey(parent, std::move(node));
        else if (!std::exchange(parent.skipsValue, false))
            addItem(parent.node, std::move(node));
    }

    /// The parser takes a value that is not there for standing where the next one begins.
    static void addItem(DefinitionNode& parent, DefinitionNode item)
    {
        if (item.kind == Kind::Null)
            item.mark = parent.keys.empty() ? parent.mark : parent.keys.back().mark;
        parent.items.push_back(std::move(item));
    }

    void addKey(Open& parent, DefinitionNode key)
    {
        if (key.kind != Kind::Scalar)
            refuse(key.mark, "a field's name must be plain text");
        const auto same = std::ranges::find(parent.node.keys, key.text, &DefinitionNode::Key::name);
        if (same == parent.node.keys.end()) {
            parent.node.keys.push_back({std::move(key.text), key.mark});
            return;
        }
        addProblem(
            key.mark, fmt::format("'{}' stands here twice, first in line {}", shortened(key.text), same->mark.line));
        parent.skipsValue = true;
    }

    std::vector<Open> m_open;
    std::map<YAML::anchor_t, DefinitionNode> m_anchors;
    DefinitionNode m_root;
    std::vector<DefinitionProblem> m_problems;
    std::size_t m_cost = 0;
    bool m_hasDocument = false;
};

/// yaml-cpp's own sentences about a tab speak of map values.
DefinitionProblem syntaxProblem(std::string_view text, const YAML::Exception& error)
{
    const Mark mark = markOf(error.mark);
    for (int line = mark.line; line >= std::max(1, mark.line - 1); --line) {
        if (const auto column = tabInIndentation(text, line))
            return {line, *column, "a tab stands where YAML takes only spaces"};
    }
    return {mark.line, mark.column, "not valid YAML: " + error.msg};
}

} // namespace

YamlText readYaml(std::string_view text)
{
    if (text.size() > kMaxBytes)
        return {{}, {{1, 1, fmt::format("the file has {} bytes; {} are the limit", text.size(), kMaxBytes)}}};
    if (auto problem = checkText(text))
        return {{}, {std::move(*problem)}};
    TreeBuilder builder;
    const auto ended = [&builder](DefinitionProblem problem) {
        YamlText result = builder.take();
        result.problems.push_back(std::move(problem));
        return result;
    };
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder))
            return ended({1, 1, "the file is empty"});
        while (parser.HandleNextDocument(builder)) { }
    } catch (const Refusal& refusal) {
        return ended(refusal.problem);
    } catch (const YAML::Exception& error) {
        return ended(syntaxProblem(text, error));
    }
    return builder.take();
}

} // namespace tintype::domain
