// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/weights_summary.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace tintype::requirements {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{32} << 20; ///< of a file with a hundred thousand tensors

json headerOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::array<unsigned char, 8> length{};
    stream.read(reinterpret_cast<char*>(length.data()), length.size());
    std::uint64_t size = 0;
    for (std::size_t index = length.size(); index-- > 0;)
        size = size << 8 | length[index];
    if (!stream || size > kMaxHeaderBytes)
        return {};
    std::string text(size, '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        return {};
    return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::optional<std::uint64_t> whole(const json& value)
{
    return value.is_number_unsigned() ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

std::optional<std::uint64_t> elementsOf(const json& tensor)
{
    const auto shape = tensor.find("shape");
    if (shape == tensor.end() || !shape->is_array())
        return std::nullopt;
    std::uint64_t product = 1;
    for (const json& side : *shape) {
        const auto length = whole(side);
        if (!length || (*length != 0 && product > std::numeric_limits<std::uint64_t>::max() / *length))
            return std::nullopt;
        product *= *length;
    }
    return product;
}

/// @param most of the whole file
std::optional<std::uint64_t> bytesOf(const json& tensor, std::uint64_t most)
{
    const auto offsets = tensor.find("data_offsets");
    if (offsets == tensor.end() || !offsets->is_array() || offsets->size() != 2)
        return std::nullopt;
    const auto begin = whole(offsets->at(0));
    const auto end = whole(offsets->at(1));
    return begin && end && *begin <= *end && *end <= most ? std::optional(*end - *begin) : std::nullopt;
}

} // namespace

void WeightsSummary::add(const std::filesystem::path& file)
{
    const json header = headerOf(file);
    std::error_code error;
    const auto fileBytes = std::filesystem::file_size(file, error);
    if (!header.is_object() || error)
        return;
    for (const auto& [name, tensor] : header.items()) {
        if (name == "__metadata__" || !tensor.is_object())
            continue;
        const auto dtype = tensor.find("dtype");
        const auto elements = elementsOf(tensor);
        const auto size = bytesOf(tensor, fileBytes);
        if (dtype == tensor.end() || !dtype->is_string() || !elements || !size)
            continue;
        parameters += *elements;
        bytes[dtype->get<std::string>()] += *size;
    }
}

std::uint64_t WeightsSummary::totalBytes() const
{
    std::uint64_t sum = 0;
    for (const auto& [dtype, size] : bytes)
        sum += size;
    return sum;
}

std::string WeightsSummary::dtype() const
{
    const auto most = std::ranges::max_element(bytes, {}, [](const auto& entry) { return entry.second; });
    return most == bytes.end() ? std::string() : most->first;
}

} // namespace tintype::requirements
