// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace tintype::wire {

/// The JSON text of a msgpack value. Numbers that JSON does not have become null.
/// @error InvalidArgument: not msgpack, more than one value, nested deeper than 32, or with binary data in it
Result<std::string> jsonOfMessagePack(std::string_view bytes);

/// @param json valid, as this host writes it
std::string messagePackOfJson(std::string_view json);

} // namespace tintype::wire
