// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/json_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

// How the schedulers read scheduler_config.json. Included by .cpp files only.

namespace tintype::engine {

/// The value that a string field names, or an error that names the field and what it can be.
template <class Value>
Result<Value> choice(const JsonFields& fields, std::string_view name, Value fallback,
    std::initializer_list<std::pair<std::string_view, Value>> choices)
{
    TINTYPE_TRY_ASSIGN(const auto found, fields.optionalString(name));
    if (!found)
        return fallback;
    std::vector<std::string_view> names;
    for (const auto& [known, value] : choices) {
        if (known == *found)
            return value;
        names.push_back(known);
    }
    return tl::unexpected(
        fields.refuse(name, fmt::format("is not supported here (known: {})", fmt::join(names, ", "))));
}

} // namespace tintype::engine
