// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/app_output.h"
#include "deploy/cli/commands.h"
#include "deploy/cli/confirm.h"
#include "deploy/cli/push.h"
#include "deploy/cli/rollout_wait.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"

#include <fmt/format.h>

namespace tintype::cli {
namespace {

struct DeployOptions : CommonOptions {
    PushFlags push;
    bool attach = true;
    bool check = false;
    bool yes = false;
};

void declareDeploy(CLI::App& command, DeployOptions& options)
{
    PushFlags& push = options.push;
    command.add_option("file", push.file, "Definition")->capture_default_str()->type_name("app.yaml");
    command.add_option("--app-name,--name", push.name, "In place of the definition's name")->type_name("NAME");
    command.add_option("--auth", push.auth, "Who may call it [the definition's, the app's, private]")
        ->check(CLI::IsMember({"private", "public", "shared"}));
    command.add_option("--strategy", push.strategy, "rolling: the new revision must be ready first; recreate: at once")
        ->check(CLI::IsMember({"rolling", "recreate"}))
        ->capture_default_str();
    command.add_flag("--attach,!--detach", options.attach, "Wait until the revision serves [yes]");
    command.add_flag("--reset-scale,!--no-scale", push.resetScale, "Take all settings from the file, not from the app [no]");
    command.add_flag("--check", options.check, "Show what would change; deploy only after a yes");
    command.add_flag("-y,--yes", options.yes, "Do not ask");
    command.add_option("--message", push.message, "What is new, for the list of revisions")->type_name("TEXT");
    command.add_option("--annotation", push.annotations, "K=V, may be given more than once")->type_name("K=V");
}

const char* sourceText(domain::ValueSource source)
{
    switch (source) {
    case domain::ValueSource::File: return "file";
    case domain::ValueSource::Inherited: return "inherited from the app";
    case domain::ValueSource::Default: return "default";
    }
    return "";
}

Result<> showPlan(const control::DeployPlan& plan)
{
    TINTYPE_TRY(print(plan.isNew
            ? fmt::format("{} is a new app.\n", plan.app)
            : fmt::format("{} is at revision {}.\n", plan.app, shortRevision(plan.currentRevision))));
    Table table({"Setting", "Now", "After this deploy", "From"});
    for (const domain::EffectiveValue& value : plan.values)
        table.add({value.name, value.current, value.value + (value.current.empty() || value.current == value.value ? "" : "  *"),
            sourceText(value.source)});
    TINTYPE_TRY(print(table));
    std::string machines;
    for (const std::string& type : plan.machineTypes)
        machines += (machines.empty() ? "" : ", ") + type;
    TINTYPE_TRY(print(fmt::format("To upload {}; weights {}; memory of a replica about {}; machines of this host that fit: {}\n",
        bytesText(plan.bytesMissing), bytesText(plan.weightBytes), bytesText(plan.memoryBytes), machines.empty() ? "none" : machines)));
    for (const std::string& warning : plan.warnings)
        TINTYPE_TRY(print("warning: " + warning + "\n"));
    return {};
}

/// Shows the plan. @return whether to go on and deploy
Result<bool> checkFirst(Push& push, const control::Deployment& deployment, const DeployOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto plan, push.check(deployment));
    if (options.json && !options.yes) {
        TINTYPE_TRY(printJsonText(plan.json));
        return false;
    }
    if (!options.json)
        TINTYPE_TRY(showPlan(plan));
    if (options.yes)
        return true;
    if (!canAsk())
        return false;
    TINTYPE_TRY(confirm("Deploy this?"));
    return true;
}

Result<> showReceipt(const control::DeployReceipt& receipt, const std::string& status, bool json)
{
    if (json)
        return printJson({{"app", receipt.app}, {"app_name", receipt.app}, {"revision", receipt.revision},
            {"number", receipt.number}, {"is_new_revision", receipt.isNewRevision}, {"urls", urlsJson(receipt.urls)},
            {"status", status}});
    TINTYPE_TRY(print(fmt::format("{} is at revision {} (number {}){}\n", receipt.app, shortRevision(receipt.revision), receipt.number,
        status == "deployed" ? "" : ", rolling out")));
    for (const auto& [name, url] : receipt.urls)
        TINTYPE_TRY(print(fmt::format("  {:<8} {}\n", name, url)));
    return {};
}

Result<> deploy(Session& session, const DeployOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto pushed, pushOptions(options.push));
    Push push(session, options.json);
    TINTYPE_TRY_ASSIGN(const auto deployment, push.prepare(options.push.file, pushed));
    if (options.check) {
        TINTYPE_TRY_ASSIGN(const bool goOn, checkFirst(push, deployment, options));
        if (!goOn)
            return {};
    }
    TINTYPE_TRY_ASSIGN(const std::string name, appName(deployment, options.push.file));
    RolloutWait wait(session, name, options.json);
    TINTYPE_TRY_ASSIGN(const auto receipt, push.send(deployment));
    if (!options.attach)
        return showReceipt(receipt, receipt.status, options.json);
    TINTYPE_TRY(wait.untilDone(receipt.revision));
    return showReceipt(receipt, "deployed", options.json);
}

} // namespace

void addDeployCommand(CLI::App& parser, Action& action)
{
    addVerb(parser, "deploy", "Make a revision of a definition and let an app serve it", action, declareDeploy, deploy);
}

} // namespace tintype::cli
