// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::weights {

enum class DType { F64, F32, F16, BF16, F8E4M3, F8E5M2, I64, I32, I16, I8, U8, U16, U32, U64, Bool };

std::size_t dtypeSize(DType dtype);         ///< bytes per element
std::string_view dtypeName(DType dtype);    ///< as safetensors writes it: "BF16"

struct TensorEntry {
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0; ///< bytes from the start of the data section
    std::uint64_t end = 0;

    std::uint64_t bytes() const { return end - begin; }
    std::int64_t elements() const; ///< product of the shape, checked when the header was parsed
};

struct SafetensorsHeader {
    std::map<std::string, TensorEntry> tensors;
    std::map<std::string, std::string> metadata;
};

inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

/// Parses and checks the JSON of a safetensors file: known dtypes, no duplicate key, no overflow in a shape, sizes that
/// match, data without holes or overlap that ends where the file does. `source` names the file in errors.
/// @error Corrupt, naming the tensor · Unsupported: a dtype that exists and is not read here
Result<SafetensorsHeader> parseSafetensorsHeader(
    std::span<const std::uint8_t> json, std::uint64_t dataBytes, const std::string& source);

/// A safetensors file, mapped read-only. Pages are read when touched. Movable; spans live as long as the object.
class SafetensorsFile {
public:
    /// @error NotFound, Io: the file · Corrupt, Unsupported: as parseSafetensorsHeader
    static Result<SafetensorsFile> open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_path; }
    const SafetensorsHeader& header() const { return m_header; }
    std::span<const std::uint8_t> data(const TensorEntry& entry) const;
    std::uint64_t fileBytes() const { return m_bytes; }

    SafetensorsFile(SafetensorsFile&& other) noexcept;
    SafetensorsFile& operator=(SafetensorsFile&& other) noexcept;
    ~SafetensorsFile();

private:
    SafetensorsFile() = default;

    std::filesystem::path m_path;
    SafetensorsHeader m_header;
    const std::uint8_t* m_map = nullptr;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_dataStart = 0;
};

/// The bytes of a safetensors file with one tensor.
std::vector<std::uint8_t> safetensorsBytes(
    const std::string& name, DType dtype, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> data);

} // namespace tintype::weights
