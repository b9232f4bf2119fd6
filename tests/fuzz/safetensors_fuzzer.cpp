// SPDX-License-Identifier: Apache-2.0
// The header of a safetensors file: no crash on any bytes, and an accepted header describes data that lies in the file,
// without overlap or hole. The first two bytes are the size of the data (little-endian), the rest is the JSON.

#include "engine/weights/safetensors.h"
#include "seeds.h"

#include <cstdlib>
#include <string_view>

using namespace tintype;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

fuzz::Bytes seedOf(std::uint16_t dataBytes, std::string_view json)
{
    fuzz::Bytes seed{static_cast<std::uint8_t>(dataBytes & 0xff), static_cast<std::uint8_t>(dataBytes >> 8)};
    seed.insert(seed.end(), json.begin(), json.end());
    return seed;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t kSizeBytes = 2;
    if (size < kSizeBytes)
        return 0;
    const std::uint64_t dataBytes = data[0] | std::uint64_t{data[1]} << 8;
    const auto header = weights::parseSafetensorsHeader({data + kSizeBytes, size - kSizeBytes}, dataBytes, "fuzz");
    if (!header)
        return 0;
    std::uint64_t total = 0;
    for (const auto& [name, entry] : header->tensors) {
        require(entry.begin <= entry.end && entry.end <= dataBytes);
        require(entry.elements() >= 0);
        require(static_cast<std::uint64_t>(entry.elements()) * weights::dtypeSize(entry.dtype) == entry.bytes());
        total += entry.bytes();
    }
    require(total == dataBytes);
    return 0;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    return {
        seedOf(0, "{}"),
        seedOf(24, R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})"),
        seedOf(20, R"({"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[8],"data_offsets":[4,20]},)"
                   R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   )"),
        seedOf(3, R"({"q":{"dtype":"F8_E4M3","shape":[1,1,3],"data_offsets":[0,3]},)"
                  R"("empty":{"dtype":"I64","shape":[0,5],"data_offsets":[3,3]}})"),
    };
}
