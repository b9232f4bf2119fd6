// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/json_fields.h"
#include "engine/base/result.h"

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// One description of a struct's fields serves both directions: a function `describe(visit, value)` names each field
// once, and is called with a FieldWriter or a FieldReader. Included by messages.cpp only.

namespace tintype::protocol {

/// `Is<T> auto& value` in describe(): a T to read into or a const T to write from.
template <class Given, class Wanted>
concept Is = std::same_as<std::remove_const_t<Given>, Wanted>;

/// Builds the JSON object of a struct. Keeps the first error.
class FieldWriter {
public:
    explicit FieldWriter(std::string source)
        : m_source(std::move(source))
    {
    }

    template <class T>
    void required(std::string_view name, const T& value)
    {
        m_object[std::string(name)] = value;
        if constexpr (std::floating_point<T>) {
            if (!std::isfinite(value) && !m_error)
                m_error = Error{ErrorCode::InvalidArgument, m_source + ": " + std::string(name) + " is not finite", {}};
        }
    }

    template <class T>
    void optional(std::string_view name, const T& value)
    {
        required(name, value);
    }

    template <class T>
    void optional(std::string_view name, const std::optional<T>& value)
    {
        if (value)
            required(name, *value);
    }

    template <class T>
    void nested(std::string_view name, const T& value)
    {
        FieldWriter inner(m_source + "." + std::string(name));
        describe(inner, value);
        m_object[std::string(name)] = std::move(inner.m_object);
        if (inner.m_error && !m_error)
            m_error = std::move(inner.m_error);
    }

    nlohmann::json& object() { return m_object; }
    const std::optional<Error>& error() const { return m_error; }

private:
    std::string m_source;
    nlohmann::json m_object = nlohmann::json::object();
    std::optional<Error> m_error;
};

/// Reads a struct's fields from a JSON object. Keeps the first error; fields after it keep their defaults.
class FieldReader {
public:
    FieldReader(const nlohmann::json& object, std::string source)
        : m_fields(object, std::move(source))
    {
    }

    template <class T>
    void required(std::string_view name, T& value)
    {
        if (!m_fields.has(name))
            refuse(m_fields.source() + ": " + std::string(name) + " is missing");
        else
            optional(name, value);
    }

    template <class T>
    void optional(std::string_view name, T& value)
    {
        if (m_error || !m_fields.has(name))
            return;
        auto read = get(name, value);
        if (read)
            value = *std::move(read);
        else
            m_error = std::move(read).error();
    }

    template <class T>
    void optional(std::string_view name, std::optional<T>& value)
    {
        if (m_error || !m_fields.has(name))
            return;
        T inner{};
        optional(name, inner);
        if (!m_error)
            value = std::move(inner);
    }

    template <class T>
    void nested(std::string_view name, T& value)
    {
        const auto found = m_fields.object().find(name);
        if (found == m_fields.object().end() || !found->is_object()) {
            refuse(m_fields.source() + ": " + std::string(name) + " is not an object");
            return;
        }
        FieldReader inner(*found, m_fields.source() + "." + std::string(name));
        describe(inner, value);
        if (inner.m_error && !m_error)
            m_error = std::move(inner.m_error);
    }

    void refuse(std::string message)
    {
        if (!m_error)
            m_error = Error{ErrorCode::Protocol, std::move(message), {}};
    }

    const nlohmann::json& object() const { return m_fields.object(); }
    const std::optional<Error>& error() const { return m_error; }

private:
    using Ints = std::numeric_limits<int>;

    Result<bool> get(std::string_view name, bool) const { return m_fields.boolean(name, false); }
    Result<double> get(std::string_view name, double) const { return m_fields.number(name, 0); }
    Result<std::string> get(std::string_view name, const std::string&) const { return m_fields.string(name, {}); }
    Result<int> get(std::string_view name, int) const
    {
        return m_fields.integer(name, 0, Ints::min(), Ints::max()).map([](std::int64_t number) {
            return static_cast<int>(number);
        });
    }
    Result<std::vector<double>> get(std::string_view name, const std::vector<double>&) const
    {
        return m_fields.numbers(name);
    }
    Result<std::vector<std::string>> get(std::string_view name, const std::vector<std::string>&) const
    {
        return m_fields.strings(name, {});
    }
    Result<std::uint64_t> get(std::string_view name, std::uint64_t) const
    {
        const auto& value = *m_fields.object().find(name);
        if (!value.is_number_unsigned())
            return tl::unexpected(m_fields.refuse(name, "is not a whole number from 0 to 2^64 - 1"));
        return value.template get<std::uint64_t>();
    }

    JsonFields m_fields;
    std::optional<Error> m_error;
};

} // namespace tintype::protocol
