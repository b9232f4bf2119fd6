// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/standard_output.h"

#include "deploy/cli/generate_report.h"
#include "deploy/cli/text_format.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace tintype::cli {

Result<> print(const std::string& text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return {};
    return fail(ErrorCode::Io, fmt::format("standard output: cannot be written: {}", std::strerror(errno)));
}

Result<> print(const Table& table)
{
    return print(table.text(terminalColumns(STDOUT_FILENO)));
}

int reportFailure(const Error& error, bool json)
{
    fmt::print(stderr, "{}\n", error.message);
    if (json)
        std::ignore = print(errorAsJson(error));
    return exitCode(error.code);
}

} // namespace tintype::cli
