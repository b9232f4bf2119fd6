// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::text {

/// Which of the reference's classes reads the folder.
enum class TokenizerKind {
    Clip, ///< CLIPTokenizer: byte-level BPE, begin and end token
    T5,   ///< T5Tokenizer: Unigram, end token only
};

struct TokenIds {
    std::vector<std::int64_t> ids; ///< exactly the asked length, padded
    int usedTokens = 0;            ///< how many of them are not padding, begin and end token included
    std::string truncatedText;     ///< what did not fit, decoded from its tokens; empty when all fitted

    bool operator==(const TokenIds&) const = default;
};

/// Turns a prompt into the ids that a text encoder reads. Immutable after load, so any thread may call it.
///
/// @source transformers 5.23.0 CLIPTokenizer and T5Tokenizer over tokenizers 0.23.3, called as diffusers 0.42.1 does:
///         padding="max_length", truncation=True
class Tokenizer {
public:
    static constexpr int kNoLimit = std::numeric_limits<int>::max();
    static constexpr int kLongestSequence = 1 << 16;

    /// Reads tokenizer.json if the folder has one, else vocab.json + merges.txt (Clip) or spiece.model (T5); besides
    /// them tokenizer_config.json, special_tokens_map.json and added_tokens.json.
    ///
    /// @error NotFound (no vocabulary) · Corrupt, InvalidArgument (names file and field) · Unsupported · Io
    static Result<std::unique_ptr<Tokenizer>> load(const std::filesystem::path& folder, TokenizerKind kind);

    ~Tokenizer();
    Tokenizer(const Tokenizer&) = delete;
    Tokenizer& operator=(const Tokenizer&) = delete;

    /// @param utf8       any bytes; what is not UTF-8 becomes U+FFFD
    /// @param maxLength  begin and end token included, up to kLongestSequence
    /// @error InvalidArgument (maxLength) · Corrupt (a character is unknown and the vocabulary has no unknown token)
    Result<TokenIds> encode(std::string_view utf8, int maxLength) const;

    int modelMaxLength() const; ///< kNoLimit when the files set none
    std::int64_t padId() const;
    std::int64_t endId() const;
    std::int64_t largestId() const; ///< the embedding table must have more rows than this

private:
    struct Parts;
    explicit Tokenizer(std::unique_ptr<const Parts> parts);

    std::unique_ptr<const Parts> m_parts;
};

} // namespace tintype::text
