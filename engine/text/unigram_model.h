// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/token_table.h"

#include <memory>

namespace tintype::text {

/// The most probable way to cut a text into pieces. Characters that no piece covers cost the smallest score less 10,
/// and neighbours among them become one unknown token.
///
/// @source tokenizers 0.23.3, models/unigram/model.rs, encode_optimized
class UnigramModel {
public:
    static constexpr std::int64_t kUnknownId = 2; ///< fixed by T5Tokenizer

    /// @param ownCount  how many leading entries are the file's own, and may not repeat a token
    /// @error Corrupt: too few pieces, or a token twice
    static Result<std::unique_ptr<const UnigramModel>> create(
        Vocabulary vocabulary, std::size_t ownCount, const std::string& source);

    /// Appends the ids of valid UTF-8.
    void encode(std::string_view text, std::vector<std::int64_t>& ids) const;

    const TokenTable& tokens() const { return m_tokens; }

private:
    /// A node's children lie side by side, sorted by byte.
    struct Node {
        std::uint32_t firstChild = 0;
        std::uint16_t childCount = 0;
        unsigned char byte = 0;
        std::int32_t id = -1;
    };

    explicit UnigramModel(std::vector<VocabularyEntry>& entries);
    void buildTrie();
    const Node* childOf(const Node& node, unsigned char byte) const;

    std::vector<double> m_scores; ///< by id
    double m_unknownScore = 0.0;
    TokenTable m_tokens;
    std::vector<Node> m_nodes; ///< [0] is the root
};

} // namespace tintype::text
