// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tintype::fuzz {

using Bytes = std::vector<std::uint8_t>;

/// Well-formed inputs of the door, made by code: where mutation starts from.
std::vector<Bytes> seeds();

} // namespace tintype::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
