// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"
#include "engine/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::domain {

/// Something wrong at a place of the file. The sentence names the field, the value, the limit, and the name that was
/// probably meant.
struct DefinitionProblem {
    int line = 1; ///< from 1
    int column = 1; ///< from 1, in bytes
    std::string message;

    bool operator==(const DefinitionProblem&) const = default;
};

struct Mark {
    int line = 1;
    int column = 1;

    bool operator==(const Mark&) const = default;
};

struct ParsedDefinition {
    AppDefinition definition; ///< as far as it could be read
    std::vector<DefinitionProblem> problems; ///< all of them, in the order of the file; empty = valid
    std::map<std::string, Mark> marks; ///< where each field stands: "setup.dtype", "requirements[0]"
};

/// Reads app.yaml. Never throws; nesting and size are bounded.
ParsedDefinition parseDefinition(std::string_view yaml);

/// The definition, or one InvalidArgument that lists the problems as "app.yaml:3:9: …", one a line.
Result<AppDefinition> readDefinition(std::string_view yaml, const std::string& source);

/// One JSON object for equal definitions: keys sorted, defaults left out, no spaces. The input of a revision's hash.
std::string canonicalJson(const AppDefinition& definition);

/// The inverse of canonicalJson, for definitions that come back from a store or over the wire.
Result<AppDefinition> definitionFromJson(std::string_view json);

/// What an editor offers: every field with its type, default, range and one sentence of help.
struct FieldHelp {
    std::string name; ///< dotted path, "setup.dtype"
    std::string type; ///< "integer", "seconds", "one of private, public, shared", …
    std::string defaultValue;
    std::string help;
};
const std::vector<FieldHelp>& definitionFields();

} // namespace tintype::domain
