// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/json_object.h"
#include "engine/base/json_text.h"
#include "engine/base/result.h"
#include "engine/base/utf8.h"

#include <cmath>
#include <concepts>
#include <limits>
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

/// What to do with a text that is not UTF-8.
enum class BadText { Refuse, Mend };

/// Writes the JSON object of a struct. Keeps the first error.
class FieldWriter {
public:
    FieldWriter(std::string source, BadText badText)
        : m_source(std::move(source))
        , m_badText(badText)
    {
        m_json.beginObject();
    }

    template <class T>
    void required(std::string_view name, const T& value)
    {
        check(name, value);
        m_json.field(name, value);
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
        m_json.key(name).beginObject();
        describe(*this, value);
        m_json.endObject();
    }

    void beginList(std::string_view name) { m_json.key(name).beginList(); }
    void beginEntry() { m_json.beginObject(); }
    void endEntry() { m_json.endObject(); }
    void endList() { m_json.endList(); }

    std::string take() { return m_json.endObject().take(); }
    const std::optional<Error>& error() const { return m_error; }

private:
    template <class T>
    void check(std::string_view name, const T& value)
    {
        if constexpr (std::floating_point<T>) {
            if (!std::isfinite(value))
                refuse(m_source + ": " + std::string(name) + " is not finite");
        } else if constexpr (std::same_as<T, std::string>) {
            if (m_badText == BadText::Refuse && !isUtf8(value))
                refuse(m_source + ": a text is not valid UTF-8");
        }
    }

    void refuse(std::string message)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidArgument, std::move(message), {}};
    }

    const std::string m_source;
    const BadText m_badText;
    JsonText m_json;
    std::optional<Error> m_error;
};

/// Reads a struct's fields from a JSON object. Keeps the first error; fields after it keep their defaults.
class FieldReader {
public:
    explicit FieldReader(JsonObject object)
        : m_object(std::move(object))
    {
    }

    template <class T>
    void required(std::string_view name, T& value)
    {
        if (!m_object.has(name))
            refuse(m_object.source() + ": " + std::string(name) + " is missing");
        else
            optional(name, value);
    }

    template <class T>
    void optional(std::string_view name, T& value)
    {
        if (m_error || !m_object.has(name))
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
        if (m_error || !m_object.has(name))
            return;
        T inner{};
        optional(name, inner);
        if (!m_error)
            value = std::move(inner);
    }

    template <class T>
    void nested(std::string_view name, T& value)
    {
        auto object = m_object.object(name);
        if (!object) {
            refuse(m_object.source() + ": " + std::string(name) + " is not an object");
            return;
        }
        FieldReader inner(*std::move(object));
        describe(inner, value);
        if (inner.m_error && !m_error)
            m_error = std::move(inner.m_error);
    }

    void refuse(std::string message)
    {
        if (!m_error)
            m_error = Error{ErrorCode::Protocol, std::move(message), {}};
    }

    const JsonObject& object() const { return m_object; }
    const std::optional<Error>& error() const { return m_error; }

private:
    using Ints = std::numeric_limits<int>;

    Result<bool> get(std::string_view name, bool) const { return m_object.boolean(name); }
    Result<double> get(std::string_view name, double) const { return m_object.number(name); }
    Result<std::uint64_t> get(std::string_view name, std::uint64_t) const { return m_object.unsignedInteger(name); }
    Result<std::string> get(std::string_view name, const std::string&) const { return m_object.string(name); }
    Result<int> get(std::string_view name, int) const
    {
        return m_object.integer(name, Ints::min(), Ints::max()).map([](std::int64_t number) {
            return static_cast<int>(number);
        });
    }
    Result<std::vector<double>> get(std::string_view name, const std::vector<double>&) const
    {
        return m_object.numbers(name);
    }
    Result<std::vector<std::string>> get(std::string_view name, const std::vector<std::string>&) const
    {
        return m_object.strings(name);
    }

    JsonObject m_object;
    std::optional<Error> m_error;
};

} // namespace tintype::protocol
