// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tintype {

/// Typed access to a JSON object's fields. An error names the source (a file, a frame), the field and what was found.
/// Included by .cpp files only; headers carry structs. Borrows the object: keep it alive.
class JsonFields {
public:
    JsonFields(const nlohmann::json& object, std::string source)
        : m_object(object)
        , m_source(std::move(source))
    {
    }

    /// Parses and checks that the top is an object. Nesting deeper than 100 is refused.
    static Result<nlohmann::json> parseObject(std::string_view text, const std::string& source);

    bool has(std::string_view name) const; ///< present and not null
    const nlohmann::json& object() const { return m_object; }
    const std::string& source() const { return m_source; }

    // Each returns `fallback` when the field is absent or null, and InvalidArgument when it has another type or, for
    // the bounded ones, lies outside [low, high].
    Result<bool> boolean(std::string_view name, bool fallback) const;
    Result<std::int64_t> integer(
        std::string_view name, std::int64_t fallback, std::int64_t low, std::int64_t high) const;
    Result<double> number(std::string_view name, double fallback) const;
    Result<std::string> string(std::string_view name, std::string_view fallback) const;
    Result<std::optional<double>> optionalNumber(std::string_view name) const;
    Result<std::optional<std::string>> optionalString(std::string_view name) const;
    Result<std::vector<std::int64_t>> integers(std::string_view name, const std::vector<std::int64_t>& fallback) const;
    Result<std::vector<double>> numbers(std::string_view name) const;
    Result<std::vector<std::string>> strings(std::string_view name, const std::vector<std::string>& fallback) const;

    /// An integer for each of `count` places, or one integer for all of them.
    Result<std::vector<std::int64_t>> integerPerPlace(
        std::string_view name, std::int64_t fallback, std::size_t count) const;

    /// The error for a field whose value cannot be used: "<source>: <name> = <value> <why>".
    Error refuse(std::string_view name, std::string_view why, ErrorCode code = ErrorCode::Unsupported) const;

private:
    const nlohmann::json* find(std::string_view name) const;
    Error wrongType(std::string_view name, std::string_view wanted) const;

    const nlohmann::json& m_object;
    std::string m_source;
};

} // namespace tintype
