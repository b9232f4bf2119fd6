// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/worker_command.h"

#include "deploy/runtime/worker_process.h"

#include <CLI/CLI.hpp>
#include <QFile>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

namespace tintype::cli {
namespace {

struct WorkerCommand {
    const char* name;
    const char* description;
};

constexpr std::array kCommands{
    WorkerCommand{"inspect", "What a model folder or a picture says of itself"},
    WorkerCommand{"bench", "Measure generation, stage by stage"},
    WorkerCommand{"parity", "Compare the engine with reference tensors"},
};

} // namespace

bool isWorkerCommand(std::string_view name)
{
    return std::any_of(
        kCommands.begin(), kCommands.end(), [name](const WorkerCommand& command) { return name == command.name; });
}

void addWorkerCommands(CLI::App& parser)
{
    for (const WorkerCommand& command : kCommands)
        parser.add_subcommand(command.name, command.description)->prefix_command();
}

int runInWorker(char** arguments)
{
    const auto program = runtime::WorkerProcess::findProgram();
    if (!program) {
        fmt::print(stderr, "{}\n", program.error().message);
        return exitCode(program.error().code);
    }
    QByteArray path = QFile::encodeName(*program);
    std::vector<char*> line{path.data()};
    for (char** argument = arguments; *argument; ++argument)
        line.push_back(*argument);
    line.push_back(nullptr);
    ::execv(path.constData(), line.data());
    fmt::print(stderr, "{}: cannot be started: {}\n", path.constData(), std::strerror(errno));
    return 1;
}

} // namespace tintype::cli
