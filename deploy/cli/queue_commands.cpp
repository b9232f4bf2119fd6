// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/confirm.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/verb.h"

#include <fmt/format.h>

namespace tintype::cli {
namespace {

Result<> size(Session& session, const AppOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto queue, session.await(session.control().queueSize(options.app)));
    if (options.json)
        return printJson({{"size", queue.queued}, {"running", queue.running}});
    return print(fmt::format("{} waiting, {} running\n", queue.queued, queue.running));
}

struct FlushOptions : AppOptions {
    bool yes = false;
};

void declareFlush(CLI::App& command, FlushOptions& options)
{
    declareApp(command, options);
    command.add_flag("-y,--yes", options.yes, "Do not ask");
}

Result<> flush(Session& session, const FlushOptions& options)
{
    if (!options.yes && canAsk())
        TINTYPE_TRY(confirm(fmt::format("Cancel everything that waits for {}?", options.app)));
    TINTYPE_TRY_ASSIGN(const int cancelled, session.await(session.control().flushQueue(options.app)));
    if (options.json)
        return printJson({{"cancelled", cancelled}});
    return print(fmt::format("{} requests cancelled\n", cancelled));
}

} // namespace

void addQueueCommands(CLI::App& parser, Action& action)
{
    CLI::App* const queue = addGroup(parser, "queue", "Requests that wait for an app");
    addVerb(*queue, "size", "How many there are", action, declareApp, size);
    addVerb(*queue, "flush", "Cancel all of them; running ones finish", action, declareFlush, flush);
}

} // namespace tintype::cli
