// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

// How a JSON value becomes one of a field's type, as lenient as pydantic 2 is by default: "4" and 4.0 are the whole
// number 4, "yes" is true. Only true and false are not taken for numbers. Included by .cpp files only.

namespace tintype::domain {

/// Why a value is refused: type and sentence are pydantic's, so that clients can branch on them.
struct ValueFault {
    std::string type;
    std::string msg;
    std::string ctx; ///< JSON object or empty
};

template <class T>
using Checked = tl::expected<T, ValueFault>;

/// Bounds belong to the range. Every number that a call takes lies above zero.
struct ValueRange {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

Checked<std::uint64_t> wholeNumber(const nlohmann::json& value, ValueRange range);
Checked<double> number(const nlohmann::json& value, ValueRange range);
Checked<bool> truth(const nlohmann::json& value);

/// Moves the text out of `value`. @param longest in characters, not bytes
Checked<std::string> text(nlohmann::json& value, std::uint64_t longest);

/// @return the index among `names`
Checked<std::size_t> choice(const nlohmann::json& value, std::span<const std::string_view> names);

/// One that divides `value`, or the fault.
Checked<std::uint64_t> multipleOf(std::uint64_t divisor, std::uint64_t value);

} // namespace tintype::domain
