// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"
#include "deploy/store/key_store.h"

#include <filesystem>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

namespace fs = std::filesystem;

struct CreateOptions : CommonOptions {
    std::string scope = "api";
    std::string description;
    std::string dataFolder; ///< empty = ask the host
};

void declareCreate(CLI::App& command, CreateOptions& options)
{
    command.add_option("--scope", options.scope, "api: call apps; admin: everything")
        ->check(CLI::IsMember({"admin", "api"}, CLI::ignore_case))
        ->capture_default_str();
    command.add_option("--desc,--description", options.description, "What it is for")->type_name("TEXT");
    command.add_option("--data", options.dataFolder, "Of a host on this machine, which need not run")->type_name("DIR");
}

/// Written into the database itself, which a host that runs notices.
Result<control::CreatedKey> createIn(const std::string& folder, control::KeyScope scope, const std::string& description)
{
    std::error_code error;
    if (!fs::exists(folder, error) && fs::create_directories(folder, error))
        fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be made: {}", folder, error.message()));
    TINTYPE_TRY_ASSIGN(
        auto database, store::Database::open((fs::path(folder) / "tintype.db").string(), store::Database::Mode::ReadWrite));
    const auto storeScope = scope == control::KeyScope::Admin ? store::Scope::Admin : store::Scope::Api;
    TINTYPE_TRY_ASSIGN(const auto made, store::KeyStore::create(database, storeScope, description));
    return control::CreatedKey{made.text, {made.key.id, scope, made.key.description, made.key.created}};
}

Result<> show(const control::CreatedKey& created, bool json)
{
    if (json)
        return printJson({{"key", created.key}, {"id", created.info.id},
            {"scope", control::keyScopeName(created.info.scope)}, {"description", created.info.description},
            {"created_at", isoText(created.info.createdAt)}});
    fmt::print(stderr, "This is shown once:\n");
    return print(fmt::format("FAL_KEY='{}'\n", created.key));
}

Result<> create(Session& session, const CreateOptions& options)
{
    const auto scope = control::keyScopeFromName(options.scope).value_or(control::KeyScope::Api);
    TINTYPE_TRY_ASSIGN(const auto created,
        options.dataFolder.empty() ? session.await(session.control().createKey(scope, options.description))
                                   : createIn(options.dataFolder, scope, options.description));
    return show(created, options.json);
}

Result<> list(Session& session, const CommonOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto keys, session.await(session.control().keys()));
    Table table({"Key ID", "Scope", "Created", "Description"});
    Json array = Json::array();
    for (const control::KeyInfo& key : keys) {
        table.add({key.id, std::string(control::keyScopeName(key.scope)), timeText(key.createdAt), key.description});
        array.push_back({{"key_id", key.id}, {"scope", control::keyScopeName(key.scope)},
            {"created_at", isoText(key.createdAt)}, {"description", key.description}});
    }
    return options.json ? printJson({{"keys", array}}) : print(table);
}

struct RevokeOptions : CommonOptions {
    std::string id;
};

void declareRevoke(CLI::App& command, RevokeOptions& options)
{
    command.add_option("key", options.id, "Its id, the part before the colon")->required()->type_name("ID");
}

Result<> revoke(Session& session, const RevokeOptions& options)
{
    TINTYPE_TRY(session.await(session.control().revokeKey(options.id.substr(0, options.id.find(':')))));
    return options.json ? printJson({{"key_id", options.id.substr(0, options.id.find(':'))}, {"revoked", true}}) : Result<>();
}

} // namespace

void addKeysCommands(CLI::App& parser, Action& action)
{
    CLI::App* const keys = addGroup(parser, "keys", "Who may call a host")->alias("key");
    addVerb(*keys, "create", "Make a key; it is shown once", action, declareCreate, create);
    addVerb(*keys, "list", "All keys, without their secrets", action, declareNothing, list);
    addVerb(*keys, "revoke", "Make a key worthless at once", action, declareRevoke, revoke);
}

} // namespace tintype::cli
