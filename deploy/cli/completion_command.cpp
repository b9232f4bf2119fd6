// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/completion_script.h"
#include "deploy/cli/standard_output.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace tintype::cli {
namespace {

void collect(const CLI::App& command, const std::string& path, std::vector<CommandWords>& commands)
{
    CommandWords words{path, {}, {}};
    for (const CLI::App* const sub : command.get_subcommands([](const CLI::App*) { return true; }))
        words.subcommands.push_back({sub->get_name(), sub->get_description()});
    for (const CLI::Option* const option : command.get_options()) {
        for (const std::string& name : option->get_lnames())
            words.flags.push_back({"--" + name, option->get_description()});
        for (const std::string& name : option->get_snames())
            words.flags.push_back({"-" + name, option->get_description()});
    }
    commands.push_back(std::move(words));
    for (const CLI::App* const sub : command.get_subcommands([](const CLI::App*) { return true; }))
        collect(*sub, path + (path.empty() ? "" : " ") + sub->get_name(), commands);
}

int printScript(const CLI::App& parser, const std::string& shell)
{
    std::vector<CommandWords> commands;
    collect(parser, "", commands);
    const Result<> done = print(completionScript(shell, commands));
    return done ? 0 : reportFailure(done.error(), false);
}

} // namespace

void addCompletionCommand(CLI::App& parser, Action& action)
{
    CLI::App* const command = parser.add_subcommand("completion", "Print a script that completes commands: source it");
    const auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&action, &parser, shell] { action = [&parser, shell] { return printScript(parser, *shell); }; });
}

} // namespace tintype::cli
