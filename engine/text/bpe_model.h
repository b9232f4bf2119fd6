// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/token_table.h"

#include <array>
#include <memory>

namespace tintype::text {

/// Byte-pair encoding over bytes, each of which stands as one printable character in the vocabulary; the last one of a
/// word carries "</w>".
///
/// @source tokenizers 0.23.3, models/bpe/{model,word}.rs; byte stand-ins: pre_tokenizers/byte_level.rs
class BpeModel {
public:
    /// @error Corrupt: a token twice, or a merge of or into a token that is not in the vocabulary
    static Result<std::unique_ptr<const BpeModel>> create(
        Vocabulary vocabulary, const std::string& unknownToken, const std::string& source);

    /// Appends the ids of one word, given as its bytes.
    /// @error Corrupt: a byte is not in the vocabulary, nor is the unknown token
    Result<> encode(std::string_view word, std::vector<std::int64_t>& ids) const;

    /// The bytes that consecutive tokens stand for. A token with other characters contributes its own text.
    static std::string decode(const std::vector<std::string_view>& tokens);

    const TokenTable& tokens() const { return m_tokens; }

private:
    struct Merge {
        std::uint64_t pair; ///< left id in the high half, right id in the low
        std::int32_t rank = -1;
        std::int32_t result = -1;
    };

    explicit BpeModel(std::vector<VocabularyEntry>& entries)
        : m_tokens(entries)
    {
    }

    Result<> addMerges(const Merges& merges, const std::string& source);
    std::size_t slotOf(std::uint64_t pair) const;
    const Merge* mergeOf(std::int32_t left, std::int32_t right) const;

    TokenTable m_tokens;
    std::vector<Merge> m_merges; ///< open addressing, a power of two; rank -1 is free
    std::array<std::int32_t, 256> m_insideWord{}; ///< byte to id, -1 when the vocabulary lacks it
    std::array<std::int32_t, 256> m_endOfWord{};
    std::int32_t m_unknown = -1;
};

} // namespace tintype::text
