// SPDX-License-Identifier: Apache-2.0
#include "engine/text/unigram_model.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <unordered_set>

namespace tintype::text {
namespace {

constexpr double kUnknownPenalty = 10.0;

std::size_t sizeOfCharacter(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

} // namespace

UnigramModel::UnigramModel(std::vector<VocabularyEntry>& entries)
    : m_scores(entries.size())
    , m_tokens(entries)
{
    double smallest = std::numeric_limits<double>::infinity();
    for (const VocabularyEntry& entry : entries) {
        m_scores[static_cast<std::size_t>(entry.id)] = entry.score;
        smallest = std::min(smallest, entry.score);
    }
    m_unknownScore = smallest - kUnknownPenalty;
    buildTrie();
}

Result<std::unique_ptr<const UnigramModel>> UnigramModel::create(
    Vocabulary vocabulary, std::size_t ownCount, const std::string& source)
{
    std::vector<VocabularyEntry>& entries = vocabulary.entries;
    if (ownCount <= static_cast<std::size_t>(kUnknownId))
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: vocabulary: has {} tokens; the unknown one must be id {}", source, ownCount, kUnknownId));
    std::unique_ptr<const UnigramModel> model(new UnigramModel(entries));
    if (!model->m_tokens.firstDuplicate())
        return model;

    // Extra ids may repeat a piece; pieces may not.
    std::unordered_set<std::string_view> seen;
    for (std::size_t id = 0; id < std::min(ownCount, model->m_tokens.size()); ++id) {
        const std::string& token = model->m_tokens.tokens()[id];
        if (!seen.insert(token).second)
            return fail(ErrorCode::Corrupt,
                fmt::format("{}: vocabulary: token \"{}\" is there twice, again as id {}", source, token, id));
    }
    return model;
}

void UnigramModel::buildTrie()
{
    std::vector<std::string_view> sorted(m_tokens.tokens().begin(), m_tokens.tokens().end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());

    struct Span {
        std::size_t begin;
        std::size_t end;
        std::size_t depth;
    };
    m_nodes.reserve(sorted.size() * 3);
    m_nodes.emplace_back();
    std::vector<Span> spans{{0, sorted.size(), 0}}; // tokens below the node of the same index
    spans.reserve(sorted.size() * 3);
    for (std::size_t index = 0; index < m_nodes.size(); ++index) {
        auto [begin, end, depth] = spans[index];
        if (begin < end && sorted[begin].size() == depth) {
            if (depth > 0)
                m_nodes[index].id = static_cast<std::int32_t>(m_tokens.idOf(sorted[begin]).value_or(-1));
            ++begin;
        }
        m_nodes[index].firstChild = static_cast<std::uint32_t>(m_nodes.size());
        while (begin < end) {
            const char byte = sorted[begin][depth];
            const auto next = std::partition_point(sorted.begin() + static_cast<std::ptrdiff_t>(begin),
                sorted.begin() + static_cast<std::ptrdiff_t>(end),
                [byte, depth = depth](std::string_view token) { return token[depth] == byte; });
            const auto nextIndex = static_cast<std::size_t>(next - sorted.begin());
            Node child;
            child.byte = static_cast<unsigned char>(byte);
            m_nodes.push_back(child);
            spans.push_back({begin, nextIndex, depth + 1});
            ++m_nodes[index].childCount;
            begin = nextIndex;
        }
    }
}

const UnigramModel::Node* UnigramModel::childOf(const Node& node, unsigned char byte) const
{
    const auto begin = m_nodes.begin() + static_cast<std::ptrdiff_t>(node.firstChild);
    const auto end = begin + node.childCount;
    const auto found = std::lower_bound(
        begin, end, byte, [](const Node& child, unsigned char wanted) { return child.byte < wanted; });
    return found == end || found->byte != byte ? nullptr : &*found;
}

void UnigramModel::encode(std::string_view text, std::vector<std::int64_t>& ids) const
{
    struct Best {
        double score = 0.0;
        std::size_t start = std::string_view::npos;
        std::int32_t id = 0;
    };
    std::vector<Best> endingAt(text.size() + 1);
    const auto offer = [&endingAt](std::size_t start, std::size_t end, double score, std::int32_t id) {
        Best& best = endingAt[end];
        const double total = endingAt[start].score + score;
        if (best.start == std::string_view::npos || total > best.score)
            best = {total, start, id};
    };
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t characterEnd = std::min(start + sizeOfCharacter(text[start]), text.size());
        bool isCovered = false;
        const Node* node = &m_nodes.front();
        for (std::size_t end = start; end < text.size();) {
            node = childOf(*node, static_cast<unsigned char>(text[end++]));
            if (!node)
                break;
            if (node->id < 0)
                continue;
            offer(start, end, m_scores[static_cast<std::size_t>(node->id)], node->id);
            isCovered = isCovered || end == characterEnd;
        }
        if (!isCovered)
            offer(start, characterEnd, m_unknownScore, static_cast<std::int32_t>(kUnknownId));
        start = characterEnd;
    }

    std::vector<std::int64_t> reversed;
    for (std::size_t end = text.size(); end > 0;) {
        std::size_t start = endingAt[end].start;
        if (endingAt[end].id == kUnknownId) {
            while (start > 0 && endingAt[start].id == kUnknownId)
                start = endingAt[start].start;
        }
        reversed.push_back(endingAt[end].id == kUnknownId
                ? m_tokens.idOf(text.substr(start, end - start)).value_or(kUnknownId)
                : endingAt[end].id);
        end = start;
    }
    ids.insert(ids.end(), reversed.rbegin(), reversed.rend());
}

} // namespace tintype::text
