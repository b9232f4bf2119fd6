// SPDX-License-Identifier: Apache-2.0
#include "engine/text/sentencepiece_file.h"

#include "engine/text/unicode.h"

#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace tintype::text {
namespace {

enum class WireType : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

// Field numbers of ModelProto, SentencePiece and NormalizerSpec.
constexpr std::uint64_t kPieces = 1;
constexpr std::uint64_t kNormalizerSpec = 3;
constexpr std::uint64_t kPieceText = 1;
constexpr std::uint64_t kPieceScore = 2;
constexpr std::uint64_t kPieceType = 3;
constexpr std::uint64_t kCharsmap = 2;

constexpr std::uint64_t kControl = 3;
constexpr std::uint64_t kUserDefined = 4;

struct Field {
    std::uint64_t number = 0;
    WireType type = WireType::Varint;
    std::uint64_t value = 0; ///< of numbers
    std::string_view bytes;
};

/// Walks the fields of one protobuf message.
class Message {
public:
    explicit Message(std::string_view bytes)
        : m_rest(bytes)
    {
    }

    /// False at the end and when the bytes make no sense; `isBroken` tells which.
    bool next(Field& field)
    {
        if (m_rest.empty() || m_isBroken)
            return false;
        std::uint64_t tag = 0;
        if (!readVarint(tag) || (tag >> 3U) == 0)
            return broken();
        field = Field{};
        field.number = tag >> 3U;
        field.type = static_cast<WireType>(tag & 7U);
        switch (field.type) {
        case WireType::Varint:
            return readVarint(field.value) || broken();
        case WireType::Fixed64:
            return readFixed(8, field.value) || broken();
        case WireType::Fixed32:
            return readFixed(4, field.value) || broken();
        case WireType::Bytes: {
            std::uint64_t size = 0;
            if (!readVarint(size) || size > m_rest.size())
                return broken();
            field.bytes = m_rest.substr(0, static_cast<std::size_t>(size));
            m_rest.remove_prefix(static_cast<std::size_t>(size));
            return true;
        }
        }
        return broken();
    }

    bool isBroken() const { return m_isBroken; }

private:
    bool broken()
    {
        m_isBroken = true;
        return false;
    }

    bool readVarint(std::uint64_t& value)
    {
        constexpr unsigned kLongest = 10;
        value = 0;
        for (unsigned index = 0; index < kLongest && !m_rest.empty(); ++index) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7U * index);
            if ((byte & 0x80U) == 0)
                return true;
        }
        return false;
    }

    bool readFixed(std::size_t size, std::uint64_t& value)
    {
        if (m_rest.size() < size)
            return false;
        value = 0;
        for (std::size_t index = 0; index < size; ++index)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(m_rest[index])) << (8U * index);
        m_rest.remove_prefix(size);
        return true;
    }

    std::string_view m_rest;
    bool m_isBroken = false;
};

struct Piece {
    std::string_view text;
    float score = 0.0F;
    std::uint64_t type = 1;
};

/// Nothing when the bytes are not a SentencePiece message.
std::optional<Piece> readPiece(std::string_view bytes)
{
    Piece piece;
    Message message(bytes);
    for (Field field; message.next(field);) {
        if (field.number == kPieceText && field.type == WireType::Bytes)
            piece.text = field.bytes;
        else if (field.number == kPieceScore && field.type == WireType::Fixed32)
            piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
        else if (field.number == kPieceType && field.type == WireType::Varint)
            piece.type = field.value;
    }
    return message.isBroken() ? std::nullopt : std::optional(piece);
}

} // namespace

Result<SentencePieceFile> parseSentencePiece(std::string_view bytes, const std::string& source)
{
    SentencePieceFile file;
    std::vector<VocabularyEntry>& entries = file.vocabulary.entries;
    file.vocabulary.hasScores = true;
    const auto corrupt = [&](std::string_view why) {
        return fail(ErrorCode::Corrupt, fmt::format("{}: pieces[{}] {}", source, entries.size(), why));
    };

    Message model(bytes);
    for (Field field; model.next(field);) {
        if (field.number == kPieces && field.type == WireType::Bytes) {
            const std::optional<Piece> piece = readPiece(field.bytes);
            if (!piece)
                return corrupt("is cut off");
            if (piece->text.empty())
                return corrupt("has no text");
            if (!isValidUtf8(piece->text))
                return corrupt("is not UTF-8");
            if (!std::isfinite(piece->score))
                return corrupt("has a score that is not a number");
            const auto id = static_cast<std::int64_t>(entries.size());
            if (id > kLargestId)
                return corrupt(fmt::format("is one too many, the limit is {}", kLargestId + 1));
            entries.push_back({std::string(piece->text), id, static_cast<double>(piece->score)});
            if (piece->type == kControl || piece->type == kUserDefined)
                file.marked.push_back({std::string(piece->text), piece->type == kControl});
        } else if (field.number == kNormalizerSpec && field.type == WireType::Bytes) {
            Message normalizer(field.bytes);
            for (Field rule; normalizer.next(rule);) {
                if (rule.number == kCharsmap && rule.type == WireType::Bytes && !rule.bytes.empty())
                    file.vocabulary.charsmap = std::string(rule.bytes);
            }
            if (normalizer.isBroken())
                return fail(ErrorCode::Corrupt, fmt::format("{}: normalizer_spec is cut off", source));
        }
    }
    if (model.isBroken())
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: not a sentencepiece model, or cut off after {} pieces", source, entries.size()));
    if (entries.empty())
        return fail(ErrorCode::Corrupt, fmt::format("{}: not a sentencepiece model, it has no pieces", source));
    return file;
}

} // namespace tintype::text
