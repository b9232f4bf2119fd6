// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/app_output.h"
#include "deploy/cli/commands.h"
#include "deploy/cli/confirm.h"
#include "deploy/cli/rollout_wait.h"
#include "deploy/cli/verb.h"
#include "deploy/domain/scaling_fields.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

struct ListOptions : CommonOptions {
    std::string filter;
    bool sortByRunners = false;
};

void declareList(CLI::App& command, ListOptions& options)
{
    command.add_option("--filter", options.filter, "Only apps whose name contains this")->type_name("TEXT");
    command.add_flag("--sort-by-runners", options.sortByRunners, "Most runners first");
}

Result<> list(Session& session, const ListOptions& options)
{
    TINTYPE_TRY_ASSIGN(auto apps, session.await(session.control().apps()));
    std::erase_if(apps, [&](const auto& app) { return app.name.find(options.filter) == std::string::npos; });
    if (options.sortByRunners)
        std::stable_sort(apps.begin(), apps.end(),
            [](const auto& left, const auto& right) { return left.replicaCount() > right.replicaCount(); });
    if (!options.json)
        return print(appTable(apps));
    Json array = Json::array();
    for (const control::AppInfo& app : apps)
        array.push_back(appJson(app));
    return printJson({{"apps", array}});
}

Result<> showApp(const control::AppInfo& app, bool json)
{
    return json ? printJson(appJson(app)) : print(appTable({app}));
}

Result<> listRevisions(Session& session, const AppOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto revisions, session.await(session.control().revisions(options.app)));
    if (!options.json)
        return print(revisionTable(revisions));
    Json array = Json::array();
    for (const control::RevisionInfo& revision : revisions)
        array.push_back(revisionJson(revision));
    return printJson({{"revisions", array}});
}

struct SetRevisionOptions : AppOptions {
    std::string revision;
    std::string auth;
    std::string strategy = "rolling";
    bool attach = true;
};

void declareSetRevision(CLI::App& command, SetRevisionOptions& options)
{
    declareApp(command, options);
    command.add_option("revision", options.revision, "Id, the start of one, or its number")->required()->type_name("REVISION");
    command.add_option("--auth", options.auth, "Who may call it")->check(CLI::IsMember({"private", "public", "shared"}));
    command.add_option("--strategy", options.strategy, "How the old replicas give way")
        ->check(CLI::IsMember({"rolling", "recreate"}))
        ->capture_default_str();
    command.add_flag("--attach,!--detach", options.attach, "Wait until it is done [yes]");
}

Result<> setRevision(Session& session, const SetRevisionOptions& options)
{
    const control::RevisionTarget target{.revision = options.revision, .auth = domain::authModeFromName(options.auth),
        .strategy = options.strategy == "recreate" ? control::Strategy::Recreate : control::Strategy::Rolling};
    RolloutWait wait(session, options.app, options.json);
    TINTYPE_TRY(session.await(session.control().setRevision(options.app, target)));
    if (options.attach)
        TINTYPE_TRY(wait.untilDone());
    TINTYPE_TRY_ASSIGN(const auto app, session.await(session.control().app(options.app)));
    return showApp(app, options.json);
}

struct ScaleOptions : AppOptions {
    domain::ScalingSettings settings;
};

std::string flagOf(const domain::ScalingField& field)
{
    std::string flag = field.name == "machine_type" ? "machine_types" : std::string(field.name);
    std::replace(flag.begin(), flag.end(), '_', '-');
    return "--" + flag;
}

void declareSetting(CLI::App& command, ScaleOptions& options, const domain::ScalingField& field, domain::ScalingSlot<int> slot)
{
    command.add_option(flagOf(field), options.settings.*slot.setting, std::string(field.help))
        ->check(CLI::Range(field.low, field.high));
}

void declareSetting(CLI::App& command, ScaleOptions& options, const domain::ScalingField& field,
    domain::ScalingSlot<std::chrono::seconds> slot)
{
    command
        .add_option_function<std::int64_t>(
            flagOf(field), [&options, slot](std::int64_t value) { options.settings.*slot.setting = std::chrono::seconds(value); },
            std::string(field.help))
        ->check(CLI::Range(field.low, field.high))
        ->type_name("SECONDS");
}

void declareSetting(CLI::App& command, ScaleOptions& options, const domain::ScalingField& field,
    domain::ScalingSlot<domain::Names> slot)
{
    command.add_option(flagOf(field), options.settings.*slot.setting, std::string(field.help))->type_name("NAME …");
}

void declareScale(CLI::App& command, ScaleOptions& options)
{
    declareApp(command, options);
    for (const domain::ScalingField& field : domain::scalingFields())
        std::visit([&](auto slot) { declareSetting(command, options, field, slot); }, field.slot);
}

Result<> scale(Session& session, const ScaleOptions& options)
{
    if (options.settings == domain::ScalingSettings{})
        return fail(ErrorCode::InvalidArgument, "nothing to change: give a setting such as --keep-alive 300");
    TINTYPE_TRY_ASSIGN(const auto app,
        session.await(session.control().changeApp(options.app, {.auth = {}, .paused = {}, .scaling = options.settings})));
    return showApp(app, options.json);
}

Result<> setPaused(Session& session, const AppOptions& options, bool paused)
{
    TINTYPE_TRY_ASSIGN(
        const auto app, session.await(session.control().changeApp(options.app, {.auth = {}, .paused = paused, .scaling = {}})));
    return showApp(app, options.json);
}

struct RolloutOptions : AppOptions {
    bool force = false;
    std::string strategy = "rolling";
};

void declareRollout(CLI::App& command, RolloutOptions& options)
{
    declareApp(command, options);
    command.add_flag("--force", options.force, "End the old replicas at once");
    command.add_option("--strategy", options.strategy, "How the old replicas give way")
        ->check(CLI::IsMember({"rolling", "recreate"}))
        ->capture_default_str();
}

Result<> rollOut(Session& session, const RolloutOptions& options)
{
    const auto strategy = options.strategy == "recreate" ? control::Strategy::Recreate : control::Strategy::Rolling;
    RolloutWait wait(session, options.app, options.json);
    TINTYPE_TRY(session.await(session.control().rollOut(options.app, strategy, options.force)));
    TINTYPE_TRY(wait.untilDone());
    TINTYPE_TRY_ASSIGN(const auto app, session.await(session.control().app(options.app)));
    return showApp(app, options.json);
}

struct DiffOptions : AppOptions {
    std::string from;
    std::string to;
};

void declareDiff(CLI::App& command, DiffOptions& options)
{
    declareApp(command, options);
    command.add_option("from", options.from, "Revision or its number")->required()->type_name("REVISION");
    command.add_option("to", options.to, "Revision or its number")->required()->type_name("REVISION");
}

Result<> diff(Session& session, const DiffOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto diff, session.await(session.control().diff(options.app, options.from, options.to)));
    if (options.json)
        return printJson({{"text", diff.text}, {"files", diff.files}});
    TINTYPE_TRY(print(diff.text));
    for (const std::string& file : diff.files)
        TINTYPE_TRY(print(file + "\n"));
    return {};
}

struct DeleteOptions : AppOptions {
    bool yes = false;
};

void declareDelete(CLI::App& command, DeleteOptions& options)
{
    declareApp(command, options);
    command.add_flag("-y,--yes", options.yes, "Do not ask");
}

Result<> deleteApp(Session& session, const DeleteOptions& options)
{
    if (!options.yes)
        TINTYPE_TRY(confirm(fmt::format("Delete {} with its revisions from {}?", options.app, session.address().url)));
    TINTYPE_TRY(session.await(session.control().deleteApp(options.app)));
    return options.json ? printJson({{"app", options.app}, {"deleted", true}}) : Result<>();
}

} // namespace

void addAppsCommands(CLI::App& parser, Action& action)
{
    CLI::App* const apps = addGroup(parser, "apps", "Apps of a host")->alias("app");
    addVerb(*apps, "list", "All apps", action, declareList, list);
    addVerb(*apps, "list-rev", "Revisions of an app", action, declareApp, listRevisions);
    addVerb(*apps, "set-rev", "Point an app at a revision: roll back, or forth", action, declareSetRevision, setRevision);
    addVerb(*apps, "scale", "Change how many replicas there are and how long things may take", action, declareScale, scale);
    addVerb(*apps, "rollout", "Replace all replicas by new ones of the same revision", action, declareRollout, rollOut);
    addVerb(*apps, "diff", "What differs between two revisions", action, declareDiff, diff);
    addVerb(*apps, "delete", "Remove an app", action, declareDelete, deleteApp);
    addVerb<AppOptions>(*apps, "pause", "Let requests wait", action, declareApp,
        [](Session& session, const AppOptions& options) { return setPaused(session, options, true); });
    addVerb<AppOptions>(*apps, "resume", "Take up waiting requests", action, declareApp,
        [](Session& session, const AppOptions& options) { return setPaused(session, options, false); });
    addAppRunners(*apps, action);
}

} // namespace tintype::cli
