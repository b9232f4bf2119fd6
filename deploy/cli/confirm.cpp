// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/confirm.h"

#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

namespace tintype::cli {

bool canAsk()
{
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

Result<> confirm(const std::string& question)
{
    if (!canAsk())
        return fail(ErrorCode::InvalidArgument, question + " Nobody is there to ask: say --yes");
    fmt::print(stderr, "{} [y/N] ", question);
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "Y" || answer == "yes")
        return {};
    return fail(ErrorCode::Cancelled, "nothing was done");
}

} // namespace tintype::cli
