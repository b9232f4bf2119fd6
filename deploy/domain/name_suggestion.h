// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tintype::domain {

/// The known name that was probably meant, or empty: no more than a third of its letters are missing, extra, wrong or
/// swapped with their neighbour.
std::string_view nearestName(std::string_view given, std::span<const std::string_view> known);

/// "; did you mean NAME?", or empty.
std::string suggestion(std::string_view given, std::span<const std::string_view> known);

} // namespace tintype::domain
