// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::text {

class TextModel;

/// A token that is cut out of the text before the model sees it.
struct AddedToken {
    std::string content;
    bool singleWord = false; ///< not inside a word
    bool stripLeft = false;  ///< swallows the white space before it
    bool stripRight = false;
    bool special = false;
    std::optional<bool> normalized; ///< matched in normalised text; unset means: unless special

    bool isNormalized() const { return normalized.value_or(!special); }
    bool operator==(const AddedToken& other) const;
};

/// A stretch of text, and the id if an added token matched there.
struct TextSpan {
    std::string_view text;
    std::optional<std::int64_t> id;
};

/// The added tokens of a tokenizer and the two searches over them.
///
/// @source tokenizers 0.23.3, tokenizer/added_vocabulary.rs
class AddedTokens {
public:
    /// Later tokens with the same content replace earlier ones. A token that the model does not know gets the next
    /// free id.
    ///
    /// @error Corrupt: two tokens look the same once they are normalised
    static Result<AddedTokens> create(const std::vector<AddedToken>& tokens, const TextModel& model, bool matchSpecial);

    std::vector<TextSpan> splitRaw(std::string_view text) const { return split(text, m_raw); }
    std::vector<TextSpan> splitNormalized(std::string_view text) const { return split(text, m_normalized); }

    std::optional<std::int64_t> idOf(std::string_view content) const;
    std::string_view textOf(std::int64_t id) const; ///< empty when `id` is not an added token
    std::int64_t largestId() const;                 ///< -1 without tokens

private:
    struct Entry {
        AddedToken token;
        std::string pattern;
    };
    struct Pattern {
        std::string_view text;
        std::int64_t id;
        bool operator<(const Pattern& other) const;
    };
    /// Patterns sorted by first byte, then longest first; `starts[b]` is the first that begins with byte b.
    struct Patterns {
        std::vector<Pattern> sorted;
        std::array<std::size_t, 257> starts{};
    };

    Result<> index(Patterns& patterns, bool normalized) const;
    std::vector<TextSpan> split(std::string_view text, const Patterns& patterns) const;

    std::map<std::string, std::int64_t, std::less<>> m_ids;
    std::map<std::int64_t, Entry> m_entries;
    Patterns m_raw;
    Patterns m_normalized;
    bool m_matchSpecial = true;
};

} // namespace tintype::text
