// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/vocabulary_file.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::text {

/// Tokens by id and ids by token. Ids may have gaps.
class TokenTable {
public:
    /// Takes the tokens out of `entries`. A token that is there twice keeps its last id, and is reported.
    explicit TokenTable(std::vector<VocabularyEntry>& entries);

    const std::optional<std::string>& firstDuplicate() const { return m_firstDuplicate; }
    std::optional<std::int64_t> idOf(std::string_view token) const;
    std::string_view textOf(std::int64_t id) const; ///< empty for an unknown id
    std::size_t size() const { return m_size; }
    std::int64_t largestId() const { return static_cast<std::int64_t>(m_tokens.size()) - 1; }
    const std::vector<std::string>& tokens() const { return m_tokens; } ///< by id

private:
    std::size_t slotOf(std::string_view token) const;

    std::vector<std::string> m_tokens;
    std::vector<std::int32_t> m_slots; ///< open addressing, a power of two; -1 is free
    std::size_t m_size = 0;
    std::optional<std::string> m_firstDuplicate;
};

} // namespace tintype::text
