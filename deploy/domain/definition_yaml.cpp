// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_yaml.h"

#include "deploy/domain/definition_reader.h"
#include "deploy/domain/yaml_reader.h"

#include <fmt/format.h>

namespace tintype::domain {

ParsedDefinition parseDefinition(std::string_view yaml)
{
    YamlText text = readYaml(yaml);
    if (text.root.kind == DefinitionNode::Kind::Null && !text.problems.empty())
        return {{}, std::move(text.problems), {}}; // nothing was read that could be checked
    return readDefinitionTree(text.root, std::move(text.problems));
}

Result<AppDefinition> readDefinition(std::string_view yaml, const std::string& source)
{
    ParsedDefinition parsed = parseDefinition(yaml);
    if (parsed.problems.empty())
        return std::move(parsed.definition);
    std::string message;
    for (const DefinitionProblem& problem : parsed.problems)
        message += fmt::format(
            "{}{}:{}:{}: {}", message.empty() ? "" : "\n", source, problem.line, problem.column, problem.message);
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

} // namespace tintype::domain
