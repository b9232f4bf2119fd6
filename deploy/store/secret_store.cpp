// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/secret_store.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace tintype::store {
namespace {

constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxValue = 64 * 1024; // Linux takes 128 KiB for a variable and its name

/// Whether it can stand in a process's environment.
Result<> checkVariable(const std::string& name, const std::string& value)
{
    const auto isWord = [](char letter) { return letter == '_' || (std::isalnum(static_cast<unsigned char>(letter)) != 0); };
    if (name.empty() || name.size() > kMaxName || !std::ranges::all_of(name, isWord) || (name[0] >= '0' && name[0] <= '9'))
        return fail(ErrorCode::InvalidArgument,
            fmt::format("the name of a secret is that of an environment variable: letters, digits and _, at most {}", kMaxName));
    if (value.size() > kMaxValue || value.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument, fmt::format("secret {}: text of at most {} KiB is allowed", name, kMaxValue / 1024));
    return {};
}

} // namespace

Result<> saveSecret(Database& database, const Vault& vault, const std::string& name, const std::string& value)
{
    TINTYPE_TRY(checkVariable(name, value));
    TINTYPE_TRY_ASSIGN(
        Statement save, database.prepare("INSERT OR REPLACE INTO secrets (name, sealed, created) VALUES (?,?,?)"));
    return save.bind(name).bindBlob(vault.seal(value)).bind(toMilliseconds(wallClockNow())).run();
}

Result<> deleteSecret(Database& database, const std::string& name)
{
    TINTYPE_TRY_ASSIGN(Statement remove, database.prepare("DELETE FROM secrets WHERE name = ?"));
    TINTYPE_TRY(remove.bind(name).run());
    if (database.changes() == 0)
        return fail(ErrorCode::NotFound, fmt::format("secret {}: not found", name));
    return {};
}

Result<std::vector<SecretName>> secretNames(Database& database)
{
    TINTYPE_TRY_ASSIGN(Statement select, database.prepare("SELECT name, created FROM secrets ORDER BY name"));
    std::vector<SecretName> names;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return names;
        names.push_back({select.text(0), fromMilliseconds(select.integer(1))});
    }
}

Result<std::map<std::string, std::string>> openSecrets(
    Database& database, const Vault& vault, const std::vector<std::string>& names)
{
    std::map<std::string, std::string> values;
    for (const std::string& name : names) {
        TINTYPE_TRY_ASSIGN(Statement select, database.prepare("SELECT sealed FROM secrets WHERE name = ?"));
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.bind(name).step());
        if (!hasRow)
            return fail(ErrorCode::NotFound, fmt::format("secret {}: not set on this host (tintype secrets set {}=…)", name, name));
        TINTYPE_TRY_ASSIGN(values[name], vault.unseal(select.text(0)));
    }
    return values;
}

} // namespace tintype::store
