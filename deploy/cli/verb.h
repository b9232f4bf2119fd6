// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/action.h"
#include "deploy/cli/host_option.h"
#include "deploy/cli/session.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

// How a command that talks to a host is declared beside its code. Included by .cpp files only.

namespace tintype::cli {

/// Chooses the host, opens a session and tells a failure. Returns the exit code.
int runVerb(const CommonOptions& options, const std::function<Result<>(Session&)>& run);

/// A subcommand with options of its own, which are CommonOptions too.
template <class Options>
CLI::App* addVerb(CLI::App& parent, const char* name, const char* help, Action& action,
    void (*declare)(CLI::App&, Options&), Result<> (*run)(Session&, const Options&))
{
    const auto options = std::make_shared<Options>();
    CLI::App* const command = parent.add_subcommand(name, help);
    declare(*command, *options);
    addCommonOptions(*command, *options);
    command->callback([&action, options, run] {
        action = [options, run] { return runVerb(*options, [&](Session& session) { return run(session, *options); }); };
    });
    return command;
}

/// A command that is a group of others.
inline CLI::App* addGroup(CLI::App& parent, const char* name, const char* help)
{
    CLI::App* const group = parent.add_subcommand(name, help);
    group->require_subcommand(1);
    return group;
}

inline void declareNothing(CLI::App& /*command*/, CommonOptions& /*options*/) { }

struct AppOptions : CommonOptions {
    std::string app;
};

inline void declareApp(CLI::App& command, AppOptions& options)
{
    command.add_option("app", options.app, "Name of the app")->required()->type_name("APP");
}

} // namespace tintype::cli
