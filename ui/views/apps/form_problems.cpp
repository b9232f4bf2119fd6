// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/form_problems.h"

#include "ui/models/format.h"
#include "ui/models/yaml_tree.h"

#include <algorithm>

namespace tintype::ui {
namespace {

/// The field that the sentence begins with, else the last one of its line that begins before it.
std::string fieldOf(const domain::DefinitionProblem& problem, const domain::ParsedDefinition& parsed)
{
    const std::string first = problem.message.substr(0, problem.message.find_first_of(" :"));
    if (parsed.marks.contains(first) || std::ranges::find(domain::definitionFields(), first, &domain::FieldHelp::name) != domain::definitionFields().end())
        return first;
    if (first == "unknown")
        return {};
    std::string field;
    int column = 0;
    for (const auto& [name, mark] : parsed.marks) {
        if (mark.line == problem.line && mark.column <= problem.column && mark.column > column) {
            field = name;
            column = mark.column;
        }
    }
    return field;
}

} // namespace

std::map<std::string, QString> problemsByField(const domain::ParsedDefinition& parsed)
{
    std::map<std::string, QString> problems;
    for (const domain::DefinitionProblem& problem : parsed.problems) {
        FieldPath path = fieldPath(fieldOf(problem, parsed));
        for (; !path.empty(); path.pop_back())
            problems.emplace(fieldName(path), qs(problem.message));
    }
    return problems;
}

} // namespace tintype::ui
