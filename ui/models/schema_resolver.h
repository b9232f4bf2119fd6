// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// JSON Schema, as far as a form needs it. Included by .cpp files only.

namespace tintype::ui {

using Json = nlohmann::ordered_json;

/// Follows the references of a document, also of one that is wrong or goes in circles.
class SchemaResolver {
public:
    /// @param document stays alive as long as this
    explicit SchemaResolver(const Json& document)
        : m_document(document)
    {
    }

    /// The schema with `$ref`, `allOf` and an `anyOf` of one thing (or null) put together; what stands beside them wins. Always an object.
    Json resolved(const Json& schema) const { return resolved(schema, 0); }

    /// Of `anyOf` or `oneOf` of a resolved schema, without null, each resolved; empty if there are not several.
    std::vector<Json> alternatives(const Json& schema) const { return alternatives(schema, 0); }

private:
    Json resolved(const Json& schema, int depth) const;
    std::vector<Json> alternatives(const Json& schema, int depth) const;
    const Json* target(const std::string& reference) const;

    static constexpr int kMostSteps = 50'000; ///< of a whole document: one that refers to itself many times ends

    const Json& m_document;
    mutable int m_stepsLeft = kMostSteps;
};

std::string textAt(const Json& object, const char* name);     ///< empty if it is no text
QStringList textsAt(const Json& object, const char* name);    ///< the texts of an array
std::string typeOf(const Json& schema);                       ///< the one type besides null; empty if there are several or none
QStringList namesInOrder(const Json& object, const QStringList& order); ///< those of `order` that there are, then the others

} // namespace tintype::ui
