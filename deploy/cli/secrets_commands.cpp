// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"

#include <cstdio>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

struct SetOptions : CommonOptions {
    std::vector<std::string> pairs;
};

void declareSet(CLI::App& command, SetOptions& options)
{
    command.add_option("secrets", options.pairs, "NAME=VALUE; NAME= alone reads the value from standard input")
        ->required()
        ->type_name("NAME=VALUE …");
}

Result<std::string> valueFromInput(const std::string& name)
{
    std::string value;
    for (int letter = std::getchar(); letter != EOF; letter = std::getchar())
        value += static_cast<char>(letter);
    while (value.ends_with('\n') || value.ends_with('\r'))
        value.pop_back();
    if (value.empty())
        return fail(ErrorCode::InvalidArgument, name + ": standard input has no value for it");
    return value;
}

Result<> setSecrets(Session& session, const SetOptions& options)
{
    Json names = Json::array();
    for (const std::string& pair : options.pairs) {
        const auto equals = pair.find('=');
        const std::string name = pair.substr(0, equals);
        if (equals == std::string::npos || name.empty())
            return fail(ErrorCode::InvalidArgument, fmt::format("{}: a secret is given as NAME=VALUE", name));
        std::string value = pair.substr(equals + 1);
        if (value.empty()) {
            TINTYPE_TRY_ASSIGN(value, valueFromInput(name));
        }
        TINTYPE_TRY(session.await(session.control().setSecret(name, value)));
        names.push_back(name);
    }
    return options.json ? printJson({{"set", names}}) : Result<>();
}

Result<> listSecrets(Session& session, const CommonOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto secrets, session.await(session.control().secrets()));
    Table table({"Name", "Created"});
    Json array = Json::array();
    for (const control::SecretInfo& secret : secrets) {
        table.add({secret.name, timeText(secret.createdAt)});
        array.push_back({{"name", secret.name}, {"created_at", isoText(secret.createdAt)}});
    }
    return options.json ? printJson({{"secrets", array}}) : print(table);
}

struct UnsetOptions : CommonOptions {
    std::vector<std::string> names;
};

void declareUnset(CLI::App& command, UnsetOptions& options)
{
    command.add_option("names", options.names, "Which")->required()->type_name("NAME …");
}

Result<> unsetSecrets(Session& session, const UnsetOptions& options)
{
    for (const std::string& name : options.names)
        TINTYPE_TRY(session.await(session.control().unsetSecret(name)));
    return options.json ? printJson({{"unset", options.names}}) : Result<>();
}

} // namespace

void addSecretsCommands(CLI::App& parser, Action& action)
{
    CLI::App* const secrets = addGroup(parser, "secrets", "Environment variables of apps, sealed on the host")->alias("secret");
    addVerb(*secrets, "set", "Set some", action, declareSet, setSecrets);
    addVerb(*secrets, "list", "Their names; values are never told", action, declareNothing, listSecrets);
    addVerb(*secrets, "unset", "Remove some", action, declareUnset, unsetSecrets);
}

} // namespace tintype::cli
