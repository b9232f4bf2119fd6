// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/app_output.h"
#include "deploy/cli/commands.h"
#include "deploy/cli/definition_override.h"
#include "deploy/control/private_host.h"
#include "deploy/cli/push.h"
#include "deploy/cli/run_display.h"
#include "deploy/cli/verb.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr quint16 kUsualPort = 7870;

struct RunOptions : CommonOptions {
    PushFlags push{.auth = "public"};
    std::string machineType;
    bool noLogs = false;
};

void declareRun(CLI::App& command, RunOptions& options)
{
    command.add_option("file", options.push.file, "Definition")->capture_default_str()->type_name("app.yaml");
    command.add_option("--app-name,--name", options.push.name, "In place of the definition's name")->type_name("NAME");
    command.add_option("--auth", options.push.auth, "Who may call it")
        ->check(CLI::IsMember({"private", "public"}))
        ->capture_default_str();
    command.add_option("--machine-type", options.machineType, "In place of the definition's")->type_name("TYPE");
    command.add_flag("--no-logs", options.noLogs, "Do not show what the app says");
}

/// A host that lives as long as this command, for nobody said which one and none answers here.
Result<control::HostAddress> startOwnHost(Session& session, std::unique_ptr<control::PrivateHost>& host, const Error& whyNone)
{
    const bool isPortFree = whyNone.message.starts_with("no host answers");
    host = std::make_unique<control::PrivateHost>(
        QCoreApplication::applicationFilePath(), control::PrivateHost::defaultDataFolder(), isPortFree ? kUsualPort : quint16{0});
    fmt::print(stderr, "No host runs on this machine: starting one for this app, with its data in {}\n", control::PrivateHost::defaultDataFolder());
    return session.await(host->start());
}

/// The host to run on: the chosen one, or one of our own in `own`.
Result<control::HostAddress> findHost(const RunOptions& options, std::unique_ptr<control::PrivateHost>& own)
{
    TINTYPE_TRY_ASSIGN(const control::HostBook book, control::HostBook::load(control::HostBook::defaultFile()));
    TINTYPE_TRY_ASSIGN(const ChosenHost chosen, chooseHost(options.host, book));
    if (!chosen.isDefault)
        return chosen.address;
    Session session(chosen.address);
    const auto answer = session.await(session.control().host());
    if (answer || answer.error().code == ErrorCode::Unauthorized)
        return chosen.address;
    if (answer.error().code == ErrorCode::Cancelled)
        return tl::unexpected(answer.error());
    return startOwnHost(session, own, answer.error());
}

Result<> runOn(Session& session, const RunOptions& options)
{
    TINTYPE_TRY_ASSIGN(control::PushOptions pushed, pushOptions(options.push));
    pushed.ephemeral = true;
    Push push(session, options.json);
    TINTYPE_TRY_ASSIGN(control::Deployment deployment, push.prepare(options.push.file, pushed));
    if (!options.machineType.empty())
        deployment.definition = withMachineType(deployment.definition, options.machineType);
    TINTYPE_TRY_ASSIGN(const std::string name, appName(deployment, options.push.file));

    RunDisplay display(session, {.json = options.json, .logs = !options.noLogs});
    session.control().watch({.app = name, .types = {}});
    TINTYPE_TRY_ASSIGN(const auto receipt, push.send(deployment));
    Result<> outcome = session.await(session.control().holdLease(receipt.app));
    if (outcome)
        outcome = display.showApp(receipt, options.push.auth);
    if (outcome)
        outcome = display.untilEnd();
    session.control().endLease(receipt.app);
    const Result<> deleted = session.await(session.control().deleteApp(receipt.app));
    if (deleted && !options.json)
        fmt::print(stderr, "{} is gone.\n", receipt.app);
    return outcome;
}

int run(const RunOptions& options)
{
    std::unique_ptr<control::PrivateHost> own;
    const auto address = findHost(options, own);
    if (!address)
        return reportFailure(address.error(), options.json);
    Session session(*address);
    const Result<> done = runOn(session, options);
    return done ? 0 : reportFailure(done.error(), options.json);
}

} // namespace

void addRunCommand(CLI::App& parser, Action& action)
{
    const auto options = std::make_shared<RunOptions>();
    CLI::App* const command = parser.add_subcommand("run", "Serve a definition as a temporary app, until Ctrl-C");
    declareRun(*command, *options);
    addCommonOptions(*command, *options);
    command->callback([&action, options] { action = [options] { return run(*options); }; });
}

} // namespace tintype::cli
