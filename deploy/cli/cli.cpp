// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/cli.h"

#include "deploy/cli/action.h"
#include "deploy/cli/commands.h"
#include "deploy/cli/generate_command.h"
#include "deploy/cli/generate_options.h"
#include "deploy/cli/serve_command.h"
#include "deploy/cli/worker_command.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <langinfo.h>
#include <string_view>

namespace tintype::cli {
namespace {

constexpr int kExitUsage = 2;

int failUsage(const std::string& message)
{
    fmt::print(stderr, "{}\nRun with --help to see what is known.\n", message);
    return kExitUsage;
}

/// Qt warns and switches when the locale is not UTF-8, as in a bare container; asked for beforehand it is silent.
void chooseUtf8Locale()
{
    std::setlocale(LC_ALL, "");
    if (std::string_view(::nl_langinfo(CODESET)) != "UTF-8")
        ::setenv("LC_ALL", "C.UTF-8", 1);
}

int generate(GenerateOptions& options)
{
    if (const auto completed = completeOptions(options); !completed)
        return failUsage(completed.error().message);
    return GenerateCommand(options).execute();
}

void addHostCommands(CLI::App& parser, Action& action)
{
    addServeCommand(parser, action);
    addRunCommand(parser, action);
    addDeployCommand(parser, action);
    addAppsCommands(parser, action);
    addRunnersCommands(parser, action);
    addQueueCommands(parser, action);
    addRequestsCommands(parser, action);
    addLogsCommand(parser, action);
    addCallCommand(parser, action);
    addKeysCommands(parser, action);
    addSecretsCommands(parser, action);
    addHostsCommands(parser, action);
    addAuthCommands(parser, action);
    addDoctorCommand(parser, action);
    addCompletionCommand(parser, action);
}

} // namespace

int run(int argc, char** argv)
{
    chooseUtf8Locale();
    QCoreApplication application(argc, argv);
    std::setlocale(LC_ALL, "C.UTF-8"); // numbers with a point and messages in English, wherever we are
    QCoreApplication::setApplicationName(QStringLiteral("tintype"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TINTYPE_VERSION));

    if (argc > 1 && isWorkerCommand(argv[1]))
        return runInWorker(argv + 1);

    CLI::App parser("Tintype: draws pictures on your own GPUs, here and on hosts.", "tintype");
    parser.set_version_flag("--version", "tintype " TINTYPE_VERSION);
    parser.require_subcommand(1);
    Action action;
    GenerateOptions options;
    addGenerateCommand(parser, options)->callback([&] { action = [&options] { return generate(options); }; });
    addHostCommands(parser, action);
    addWorkerCommands(parser);

    try {
        parser.parse(argc, argv);
    } catch (const CLI::Success& wish) { // --help, --version
        return parser.exit(wish);
    } catch (const CLI::ParseError& error) {
        return failUsage(error.what());
    }
    return action ? action() : failUsage("a command is missing");
}

} // namespace tintype::cli
