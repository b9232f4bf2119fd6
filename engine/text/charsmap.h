// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::text {

/// Normalisation rules that sentencepiece compiles into a model: a double-array trie from byte strings to offsets of
/// zero-terminated replacements.
///
/// @source spm_precompiled 0.1.4 and tokenizers 0.23.3 normalizers/precompiled.rs, quirks included: the shortest
///         matching prefix of a grapheme replaces all of it
class Charsmap {
public:
    /// `blob`: uint32 little-endian size of the trie in bytes, the trie, the replacements.
    /// @error Corrupt: `source` names the file in the message
    static Result<Charsmap> create(std::string_view blob, const std::string& source);

    std::string normalize(std::string_view text) const;

private:
    std::optional<std::string_view> replacementOf(std::string_view text) const;

    std::vector<std::uint32_t> m_trie;
    std::string m_replacements;
};

/// Nothing when `text` is not canonical base64.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace tintype::text
