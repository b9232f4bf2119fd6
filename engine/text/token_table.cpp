// SPDX-License-Identifier: Apache-2.0
#include "engine/text/token_table.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace tintype::text {

TokenTable::TokenTable(std::vector<VocabularyEntry>& entries)
    : m_slots(std::bit_ceil(entries.size() * 2 + 2), -1)
    , m_size(entries.size())
{
    std::int64_t largest = -1;
    for (const VocabularyEntry& entry : entries)
        largest = std::max(largest, entry.id);
    m_tokens.resize(static_cast<std::size_t>(largest + 1));
    for (VocabularyEntry& entry : entries) {
        std::string& token = m_tokens[static_cast<std::size_t>(entry.id)];
        token = std::move(entry.token);
        std::int32_t& slot = m_slots[slotOf(token)];
        if (slot >= 0 && !m_firstDuplicate)
            m_firstDuplicate = token;
        slot = static_cast<std::int32_t>(entry.id);
    }
}

std::size_t TokenTable::slotOf(std::string_view token) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = std::hash<std::string_view>()(token) & mask;
    while (m_slots[slot] >= 0 && m_tokens[static_cast<std::size_t>(m_slots[slot])] != token)
        slot = (slot + 1) & mask;
    return slot;
}

std::optional<std::int64_t> TokenTable::idOf(std::string_view token) const
{
    const std::int32_t id = m_slots[slotOf(token)];
    return id < 0 ? std::nullopt : std::optional<std::int64_t>(id);
}

std::string_view TokenTable::textOf(std::int64_t id) const
{
    return id < 0 || id > largestId() ? std::string_view() : std::string_view(m_tokens[static_cast<std::size_t>(id)]);
}

} // namespace tintype::text
