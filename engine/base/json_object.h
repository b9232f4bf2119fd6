// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype {

class JsonScanner;

/// The fields of one JSON object as slices of its text: the text is checked as a whole, a value is made when it is asked
/// for. For frames, of which a request takes several; elsewhere JsonFields is more comfortable. Borrows the text.
/// What is checked: RFC 8259, UTF-8, whole surrogate pairs, numbers within a double, nesting up to 100 deep.
class JsonObject {
public:
    /// @error Corrupt: not JSON, nested too deep, not an object
    static Result<JsonObject> parse(std::string_view text, std::string source);

    const std::string& source() const { return m_source; }
    bool contains(std::string_view name) const { return find(name).has_value(); }
    bool has(std::string_view name) const; ///< present and not null

    // The value of a field. @error InvalidArgument: "<source>: <name> = <value> is not …"; absent counts as null.
    Result<bool> boolean(std::string_view name) const;
    Result<std::int64_t> integer(std::string_view name, std::int64_t low, std::int64_t high) const;
    Result<std::uint64_t> unsignedInteger(std::string_view name) const;
    Result<double> number(std::string_view name) const;
    Result<std::string> string(std::string_view name) const;
    Result<std::vector<double>> numbers(std::string_view name) const;
    Result<std::vector<std::string>> strings(std::string_view name) const;

    // Nothing if the field is something else.
    std::optional<JsonObject> object(std::string_view name) const;
    /// The entries of a list; an entry is nothing if it is no object.
    std::optional<std::vector<std::optional<JsonObject>>> objects(std::string_view name) const;

private:
    struct Field {
        std::string_view name; ///< between its quotes
        std::string_view value;
    };

    explicit JsonObject(std::string source)
        : m_source(std::move(source))
    {
    }

    bool readFields(JsonScanner& scanner);
    std::optional<std::string_view> find(std::string_view name) const;
    tl::unexpected<Error> wrongType(std::string_view name, std::string_view wanted) const;
    static JsonObject ofChecked(std::string_view object, std::string source);

    std::string m_source;
    std::vector<Field> m_fields;
    bool m_hasEscapedNames = false;
};

} // namespace tintype
