// SPDX-License-Identifier: Apache-2.0
#include "engine/text/bpe_model.h"

#include "engine/text/unicode.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <queue>
#include <tuple>

namespace tintype::text {
namespace {

constexpr std::string_view kEndOfWord = "</w>";
constexpr char32_t kFirstStandIn = 0x100; ///< for the bytes that have no printable Latin-1 character

bool isPrintableLatin1(char32_t byte)
{
    return (byte >= U'!' && byte <= U'~') || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF);
}

std::array<char32_t, 256> makeStandIns()
{
    std::array<char32_t, 256> standIns{};
    char32_t next = kFirstStandIn;
    for (char32_t byte = 0; byte < 256; ++byte)
        standIns[byte] = isPrintableLatin1(byte) ? byte : next++;
    return standIns;
}

std::uint64_t pairOf(std::int32_t left, std::int32_t right)
{
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) | static_cast<std::uint32_t>(right);
}

/// A token of the word so far, in a doubly linked list over one array.
struct Symbol {
    std::int32_t id;
    std::int32_t previous;
    std::int32_t next; ///< -1 at the end
    bool isGone = false;
};

struct Candidate {
    std::int32_t rank;
    std::int32_t position;
    std::int32_t result;
    bool operator>(const Candidate& other) const
    {
        return std::tie(rank, position) > std::tie(other.rank, other.position);
    }
};

} // namespace

Result<std::unique_ptr<const BpeModel>> BpeModel::create(
    Vocabulary vocabulary, const std::string& unknownToken, const std::string& source)
{
    std::unique_ptr<BpeModel> model(new BpeModel(vocabulary.entries));
    if (model->m_tokens.firstDuplicate())
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: vocabulary: token \"{}\" is there twice", source, *model->m_tokens.firstDuplicate()));

    const std::array<char32_t, 256> standIns = makeStandIns();
    for (std::size_t byte = 0; byte < 256; ++byte) {
        std::string symbol;
        appendUtf8(symbol, standIns[byte]);
        model->m_insideWord[byte] = static_cast<std::int32_t>(model->m_tokens.idOf(symbol).value_or(-1));
        symbol += kEndOfWord;
        model->m_endOfWord[byte] = static_cast<std::int32_t>(model->m_tokens.idOf(symbol).value_or(-1));
    }
    model->m_unknown = static_cast<std::int32_t>(model->m_tokens.idOf(unknownToken).value_or(-1));
    TINTYPE_TRY(model->addMerges(vocabulary.merges, source));
    return std::unique_ptr<const BpeModel>(std::move(model));
}

Result<> BpeModel::addMerges(const Merges& merges, const std::string& source)
{
    m_merges.assign(std::bit_ceil(merges.size() * 2 + 2), Merge{0});
    std::string joined;
    std::int32_t rank = 0;
    for (const auto& [left, right] : merges) {
        joined.assign(left).append(right);
        const auto leftId = m_tokens.idOf(left);
        const auto rightId = m_tokens.idOf(right);
        const auto joinedId = m_tokens.idOf(joined);
        if (!leftId || !rightId || !joinedId)
            return fail(ErrorCode::Corrupt,
                fmt::format("{}: merge {} (\"{}\" + \"{}\"): \"{}\" is not in the vocabulary", source, rank, left,
                    right,
                    !leftId       ? left
                        : !rightId ? right
                                   : joined));
        const std::uint64_t pair
            = pairOf(static_cast<std::int32_t>(*leftId), static_cast<std::int32_t>(*rightId));
        m_merges[slotOf(pair)] = {pair, rank++, static_cast<std::int32_t>(*joinedId)};
    }
    return {};
}

std::size_t BpeModel::slotOf(std::uint64_t pair) const
{
    constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;
    const std::size_t mask = m_merges.size() - 1;
    std::size_t slot = static_cast<std::size_t>((pair * kGoldenRatio) >> 32U) & mask;
    while (m_merges[slot].rank >= 0 && m_merges[slot].pair != pair)
        slot = (slot + 1) & mask;
    return slot;
}

const BpeModel::Merge* BpeModel::mergeOf(std::int32_t left, std::int32_t right) const
{
    const Merge& merge = m_merges[slotOf(pairOf(left, right))];
    return merge.rank < 0 ? nullptr : &merge;
}

Result<> BpeModel::encode(std::string_view word, std::vector<std::int64_t>& ids) const
{
    std::vector<Symbol> symbols;
    symbols.reserve(word.size());
    for (std::size_t index = 0; index < word.size(); ++index) {
        const auto byte = static_cast<unsigned char>(word[index]);
        const std::int32_t known = index + 1 == word.size() ? m_endOfWord[byte] : m_insideWord[byte];
        const std::int32_t id = known < 0 ? m_unknown : known;
        if (id < 0)
            return fail(ErrorCode::Corrupt,
                "[text] a byte of the prompt is not in the vocabulary, which has no unknown token either");
        const auto position = static_cast<std::int32_t>(index);
        symbols.push_back({id, position - 1, index + 1 == word.size() ? -1 : position + 1});
    }

    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto consider = [&](std::int32_t position) {
        const Symbol& symbol = symbols[static_cast<std::size_t>(position)];
        if (symbol.next < 0)
            return;
        const Merge* merge = mergeOf(symbol.id, symbols[static_cast<std::size_t>(symbol.next)].id);
        if (merge)
            queue.push({merge->rank, position, merge->result});
    };
    for (std::size_t index = 0; index + 1 < symbols.size(); ++index)
        consider(static_cast<std::int32_t>(index));

    while (!queue.empty()) {
        const Candidate top = queue.top();
        queue.pop();
        Symbol& left = symbols[static_cast<std::size_t>(top.position)];
        if (left.isGone || left.next < 0)
            continue;
        Symbol& right = symbols[static_cast<std::size_t>(left.next)];
        const Merge* merge = mergeOf(left.id, right.id);
        if (!merge || merge->result != top.result)
            continue; // an earlier merge took one of the two
        left.id = top.result;
        left.next = right.next;
        right.isGone = true;
        if (left.next >= 0)
            symbols[static_cast<std::size_t>(left.next)].previous = top.position;
        if (left.previous >= 0)
            consider(left.previous);
        consider(top.position);
    }
    for (const Symbol& symbol : symbols) {
        if (!symbol.isGone)
            ids.push_back(symbol.id);
    }
    return {};
}

std::string BpeModel::decode(const std::vector<std::string_view>& tokens)
{
    const std::array<char32_t, 256> standIns = makeStandIns();
    constexpr char32_t kStandInCount = 0x200;
    std::array<int, kStandInCount> byteOf{};
    byteOf.fill(-1);
    for (std::size_t byte = 0; byte < 256; ++byte)
        byteOf[standIns[byte]] = static_cast<int>(byte);

    std::string bytes;
    for (const std::string_view token : tokens) {
        const std::u32string characters = decodeUtf8(token);
        const bool allStandIns = std::all_of(characters.begin(), characters.end(),
            [&](char32_t character) { return character < kStandInCount && byteOf[character] >= 0; });
        if (!allStandIns) {
            bytes += token;
            continue;
        }
        for (const char32_t character : characters)
            bytes += static_cast<char>(byteOf[character]);
    }
    return bytes;
}

} // namespace tintype::text
