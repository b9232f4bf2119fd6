// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/app_output.h"
#include "deploy/cli/commands.h"
#include "deploy/cli/log_reader.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr const char* kDefaultSince = "24h";

struct ListOptions : CommonOptions {
    std::string app;
    std::string since = kDefaultSince;
    std::string state = "alive";
};

void declareFilters(CLI::App& command, ListOptions& options)
{
    command.add_option("--since", options.since, "Ended ones: how far back, at most 24h")->type_name("TIME");
    command
        .add_option("--state", options.state,
            "alive, all, or one of idle, running, pending, fetching, setup, crash_backoff, draining, terminating, terminated")
        ->capture_default_str();
}

void declareList(CLI::App& command, ListOptions& options)
{
    command.add_option("--app", options.app, "Only of this app")->type_name("APP");
    declareFilters(command, options);
}

void declareListOfApp(CLI::App& command, ListOptions& options)
{
    command.add_option("app", options.app, "Name of the app")->required()->type_name("APP");
    declareFilters(command, options);
}

std::string stateFilter(std::string state)
{
    std::transform(state.begin(), state.end(), state.begin(), [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return state == "ALL" || state == "ALIVE" ? std::string() : state;
}

Result<> list(Session& session, const ListOptions& options)
{
    const TimePoint now = wallClockNow();
    TINTYPE_TRY_ASSIGN(const auto since, parseTime("--since", options.since, now));
    TINTYPE_TRY_ASSIGN(auto replicas,
        session.await(session.control().replicas({.app = options.app, .state = stateFilter(options.state)})));
    std::erase_if(replicas, [&](const domain::ReplicaInfo& replica) {
        return replica.endedAt && (options.state == "alive" || (since && *replica.endedAt < *since));
    });
    if (!options.json)
        return print(replicaTable(replicas, now));
    Json array = Json::array();
    for (const domain::ReplicaInfo& replica : replicas)
        array.push_back(replicaJson(replica, now));
    return printJson({{"runners", array}});
}

struct StopOptions : CommonOptions {
    std::string replica;
    bool replace = false;
};

void declareReplica(CLI::App& command, StopOptions& options)
{
    command.add_option("runner", options.replica, "Its id")->required()->type_name("ID");
}

void declareStop(CLI::App& command, StopOptions& options)
{
    declareReplica(command, options);
    command.add_flag("-r,--replace", options.replace, "Start its replacement first");
}

Result<> tellDone(const StopOptions& options, const char* what)
{
    return options.json ? printJson({{"runner_id", options.replica}, {"status", what}}) : Result<>();
}

Result<> stop(Session& session, const StopOptions& options)
{
    TINTYPE_TRY(session.await(session.control().stopReplica(options.replica, options.replace)));
    return tellDone(options, "draining");
}

Result<> killNow(Session& session, const StopOptions& options)
{
    TINTYPE_TRY(session.await(session.control().killReplica(options.replica)));
    return tellDone(options, "terminating");
}

void declareLogs(CLI::App& command, LogOptions& options)
{
    command.add_option("runner", options.replica, "Its id")->required()->type_name("ID");
    addLogOptions(command, options);
}

} // namespace

void addRunnersCommands(CLI::App& parser, Action& action)
{
    CLI::App* const runners = addGroup(parser, "runners", "Replicas of all apps of a host")->alias("machine");
    addVerb(*runners, "list", "Replicas and what they do", action, declareList, list);
    addVerb(*runners, "stop", "Let one finish what it does, and end", action, declareStop, stop);
    addVerb(*runners, "kill", "End one at once", action, declareReplica, killNow);
    addVerb(*runners, "logs", "What one said", action, declareLogs, readLogs)->alias("log");
}

void addAppRunners(CLI::App& apps, Action& action)
{
    addVerb(apps, "runners", "Replicas of an app", action, declareListOfApp, list);
}

} // namespace tintype::cli
