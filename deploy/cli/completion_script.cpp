// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/completion_script.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr const char* kBashBody = R"(
_tintype() {
    local current=${COMP_WORDS[COMP_CWORD]} path="" word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -* ]] && continue
        [[ -n ${_tintype_words["$path $word"]+x} ]] && path="$path $word"
    done
    local words=${_tintype_words["$path"]}
    COMPREPLY=()
    [[ $current == -* || $words != -* ]] && COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _tintype tintype
)";

std::string joined(const CommandWords& command)
{
    std::string words;
    for (const auto* list : {&command.subcommands, &command.flags}) {
        for (const CompletionWord& word : *list)
            words += (words.empty() ? "" : " ") + word.word;
    }
    return words;
}

std::string bashScript(const std::vector<CommandWords>& commands)
{
    std::string script = "declare -A _tintype_words=(\n";
    for (const CommandWords& command : commands)
        script += fmt::format("    [\"{}\"]=\"{}\"\n", command.path.empty() ? "" : " " + command.path, joined(command));
    return script + ")\n" + kBashBody;
}

std::string quoted(std::string text)
{
    std::string result = "'";
    for (const char letter : text)
        result += letter == '\'' || letter == '\\' ? std::string("\\") + letter : std::string(1, letter);
    return result + "'";
}

/// Words of a path without those of one that is longer: fish asks in order.
std::string fishCondition(const CommandWords& command)
{
    if (command.path.empty())
        return "__fish_use_subcommand";
    std::string condition;
    std::string path = command.path;
    std::replace(path.begin(), path.end(), ' ', ';');
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find(';', begin), path.size());
        condition += (condition.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + path.substr(begin, end - begin));
        begin = end + 1;
    }
    if (command.subcommands.empty())
        return condition;
    condition += "; and not __fish_seen_subcommand_from";
    for (const CompletionWord& sub : command.subcommands)
        condition += " " + sub.word;
    return condition;
}

std::string fishScript(const std::vector<CommandWords>& commands)
{
    std::string script;
    for (const CommandWords& command : commands) {
        const std::string condition = quoted(fishCondition(command));
        for (const CompletionWord& sub : command.subcommands)
            script += fmt::format("complete -c tintype -f -n {} -a {} -d {}\n", condition, sub.word, quoted(sub.help));
        for (const CompletionWord& flag : command.flags) {
            const bool isLong = flag.word.starts_with("--");
            script += fmt::format("complete -c tintype -n {} -{} {} -d {}\n", condition, isLong ? "l" : "s",
                flag.word.substr(isLong ? 2 : 1), quoted(flag.help));
        }
    }
    return script;
}

} // namespace

std::string completionScript(const std::string& shell, const std::vector<CommandWords>& commands)
{
    if (shell == "fish")
        return fishScript(commands);
    const std::string bash = bashScript(commands);
    return shell == "zsh" ? "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n" + bash : bash;
}

} // namespace tintype::cli
