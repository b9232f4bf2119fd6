// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tintype::cli {

struct CompletionWord {
    std::string word;
    std::string help;
};

/// What may follow a command.
struct CommandWords {
    std::string path; ///< "apps list"; empty = the program itself
    std::vector<CompletionWord> subcommands;
    std::vector<CompletionWord> flags;
};

/// The completion script of a shell: "bash", "zsh" (which reads bash's through bashcompinit) or "fish".
std::string completionScript(const std::string& shell, const std::vector<CommandWords>& commands);

} // namespace tintype::cli
