// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "deploy/store/database.h"
#include "deploy/store/vault.h"

#include <map>
#include <string>
#include <vector>

namespace tintype::store {

struct SecretName {
    std::string name;
    TimePoint created;
};

/// @error InvalidArgument: not a name of an environment variable, or more than 64 KiB
Result<> saveSecret(Database& database, const Vault& vault, const std::string& name, const std::string& value);
Result<> deleteSecret(Database& database, const std::string& name); ///< @error NotFound
Result<std::vector<SecretName>> secretNames(Database& database);

/// The values of the named secrets. @error NotFound: names those that the host does not have
Result<std::map<std::string, std::string>> openSecrets(
    Database& database, const Vault& vault, const std::vector<std::string>& names);

} // namespace tintype::store
