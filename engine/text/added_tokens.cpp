// SPDX-License-Identifier: Apache-2.0
#include "engine/text/added_tokens.h"

#include "engine/text/text_model.h"
#include "engine/text/unicode.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::text {
namespace {

bool isContinuationByte(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::size_t startOfLastCharacter(std::string_view text)
{
    std::size_t start = text.size() - 1;
    while (start > 0 && isContinuationByte(text[start]))
        --start;
    return start;
}

std::size_t sizeOfFirstCharacter(std::string_view text)
{
    std::size_t size = 1;
    while (size < text.size() && isContinuationByte(text[size]))
        ++size;
    return size;
}

bool endsWithWord(std::string_view text)
{
    return !text.empty() && isWord(decodeUtf8(text.substr(startOfLastCharacter(text))).front());
}

bool startsWithWord(std::string_view text)
{
    return !text.empty() && isWord(decodeUtf8(text.substr(0, sizeOfFirstCharacter(text))).front());
}

std::size_t withoutTrailingSpace(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t start = startOfLastCharacter(text);
        if (!isSpace(decodeUtf8(text.substr(start)).front()))
            break;
        text = text.substr(0, start);
    }
    return text.size();
}

std::size_t sizeOfLeadingSpace(std::string_view text)
{
    std::size_t end = 0;
    while (end < text.size()) {
        const std::size_t size = sizeOfFirstCharacter(text.substr(end));
        if (!isSpace(decodeUtf8(text.substr(end, size)).front()))
            break;
        end += size;
    }
    return end;
}

} // namespace

bool AddedToken::operator==(const AddedToken& other) const
{
    return content == other.content && singleWord == other.singleWord && stripLeft == other.stripLeft
        && stripRight == other.stripRight && special == other.special && isNormalized() == other.isNormalized();
}

bool AddedTokens::Pattern::operator<(const Pattern& other) const
{
    const auto first = static_cast<unsigned char>(text.front());
    const auto otherFirst = static_cast<unsigned char>(other.text.front());
    if (first != otherFirst)
        return first < otherFirst;
    return text.size() != other.text.size() ? text.size() > other.text.size() : text < other.text;
}

Result<AddedTokens> AddedTokens::create(
    const std::vector<AddedToken>& tokens, const TextModel& model, bool matchSpecial)
{
    AddedTokens added;
    added.m_matchSpecial = matchSpecial;
    auto nextId = static_cast<std::int64_t>(model.size());
    for (const AddedToken& token : tokens) {
        if (token.content.empty())
            continue;
        std::optional<std::int64_t> id = added.idOf(token.content);
        if (!id)
            id = model.idOf(token.content);
        if (!id)
            id = nextId++;
        added.m_ids[token.content] = *id;
        added.m_entries[*id] = Entry{token, token.isNormalized() ? model.normalize(token.content) : token.content};
    }
    TINTYPE_TRY(added.index(added.m_raw, false));
    TINTYPE_TRY(added.index(added.m_normalized, true));
    return added;
}

Result<> AddedTokens::index(Patterns& patterns, bool normalized) const
{
    for (const auto& [id, entry] : m_entries) {
        if (entry.token.isNormalized() != normalized)
            continue;
        if (entry.pattern.empty())
            return fail(ErrorCode::Corrupt,
                fmt::format("added token \"{}\": nothing is left of it after normalisation", entry.token.content));
        patterns.sorted.push_back({entry.pattern, id});
    }
    std::sort(patterns.sorted.begin(), patterns.sorted.end());
    const auto same = std::adjacent_find(patterns.sorted.begin(), patterns.sorted.end(),
        [](const Pattern& left, const Pattern& right) { return left.text == right.text; });
    if (same != patterns.sorted.end())
        return fail(ErrorCode::Corrupt,
            fmt::format("added token \"{}\": another one is equal after normalisation", same->text));

    std::size_t next = 0;
    for (std::size_t byte = 0; byte < 256; ++byte) {
        patterns.starts[byte] = next;
        while (next < patterns.sorted.size() && static_cast<unsigned char>(patterns.sorted[next].text.front()) == byte)
            ++next;
    }
    patterns.starts[256] = next;
    return {};
}

std::vector<TextSpan> AddedTokens::split(std::string_view text, const Patterns& patterns) const
{
    std::vector<TextSpan> spans;
    std::size_t done = 0;
    std::size_t position = 0;
    while (position < text.size()) {
        const auto byte = static_cast<unsigned char>(text[position]);
        const auto begin = patterns.sorted.begin() + static_cast<std::ptrdiff_t>(patterns.starts[byte]);
        const auto end = patterns.sorted.begin() + static_cast<std::ptrdiff_t>(patterns.starts[byte + 1U]);
        const auto match = std::find_if(
            begin, end, [&](const Pattern& pattern) { return text.substr(position).starts_with(pattern.text); });
        if (match == end) {
            ++position;
            continue;
        }
        std::size_t from = position;
        std::size_t to = position + match->text.size();
        position = to; // also when the match is turned down below: the search goes on behind it
        const AddedToken& token = m_entries.at(match->id).token;
        if (token.special && !m_matchSpecial)
            continue;
        if (token.singleWord && (endsWithWord(text.substr(0, from)) || startsWithWord(text.substr(to))))
            continue;
        if (token.stripLeft)
            from = std::max(withoutTrailingSpace(text.substr(0, from)), done);
        if (token.stripRight)
            to += sizeOfLeadingSpace(text.substr(to));
        if (done < from)
            spans.push_back({text.substr(done, from - done), std::nullopt});
        spans.push_back({text.substr(from, to - from), match->id});
        done = to;
    }
    if (done < text.size())
        spans.push_back({text.substr(done), std::nullopt});
    return spans;
}

std::optional<std::int64_t> AddedTokens::idOf(std::string_view content) const
{
    const auto found = m_ids.find(content);
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

std::string_view AddedTokens::textOf(std::int64_t id) const
{
    const auto found = m_entries.find(id);
    return found == m_entries.end() ? std::string_view() : std::string_view(found->second.pattern);
}

std::int64_t AddedTokens::largestId() const
{
    return m_entries.empty() ? -1 : m_entries.rbegin()->first;
}

} // namespace tintype::text
