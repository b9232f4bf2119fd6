// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/tokenizer.h"

#include <QTemporaryDir>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

/// A folder of tokenizer files that a test writes one by one.
class TokenizerFolder {
public:
    std::filesystem::path path() const { return m_directory.path().toStdString(); }

    void write(const std::string& name, std::string_view content) const
    {
        std::filesystem::remove(path() / name); // some file systems flush a file that is written over
        std::ofstream file(path() / name, std::ios::binary);
        file.write(content.data(), static_cast<std::streamsize>(content.size()));
    }

    tintype::Result<std::unique_ptr<tintype::text::Tokenizer>> load(tintype::text::TokenizerKind kind) const
    {
        return tintype::text::Tokenizer::load(path(), kind);
    }

private:
    QTemporaryDir m_directory;
};

/// Protobuf, as much as spiece.model needs.
namespace protobuf {

inline std::string varint(std::uint64_t value)
{
    std::string bytes;
    for (; value >= 0x80; value >>= 7U)
        bytes += static_cast<char>((value & 0x7FU) | 0x80U);
    bytes += static_cast<char>(value);
    return bytes;
}

inline std::string bytesField(std::uint64_t number, std::string_view bytes)
{
    return varint(number << 3U | 2U) + varint(bytes.size()) + std::string(bytes);
}

inline std::string floatField(std::uint64_t number, float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    std::string bytes = varint(number << 3U | 5U);
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>((bits >> shift) & 0xFFU);
    return bytes;
}

inline std::string piece(std::string_view text, float score, std::uint64_t type = 1)
{
    return bytesField(1, bytesField(1, text) + floatField(2, score) + varint(3U << 3U) + varint(type));
}

} // namespace protobuf

/// Rules that turn "A" into "a", as sentencepiece compiles them: a double-array trie and its replacements.
inline std::string charsmapOfOneRule()
{
    constexpr std::uint32_t kRootOffset = 256;
    constexpr std::uint32_t kLeafOffset = 512;
    std::vector<std::uint32_t> units(1024);
    units[0] = kRootOffset << 10U;
    units[kRootOffset ^ 'A'] = (kLeafOffset << 10U) | (1U << 8U) | 'A';
    units[(kRootOffset ^ 'A') ^ kLeafOffset] = 2; // where "a" begins below
    std::string blob;
    const auto append = [&blob](std::uint32_t value) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            blob += static_cast<char>((value >> shift) & 0xFFU);
    };
    append(static_cast<std::uint32_t>(units.size() * 4));
    for (const std::uint32_t unit : units)
        append(unit);
    return blob + std::string("x\0a\0", 4);
}
