// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "deploy/store/database.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tintype::store {

enum class Scope { Api, Admin };

struct Key {
    std::string id; ///< 16 hex digits: names it in lists and records
    Scope scope = Scope::Api;
    std::string description;
    TimePoint created;
};

/// A key as it is shown once.
struct NewKey {
    Key key;
    std::string text; ///< "id:secret"
};

/// The keys of a host. What is stored is a hash: a secret is 32 random bytes, which nobody can guess, so a fast keyed
/// hash protects it as well as a slow one, and it is checked at every call.
class KeyStore {
public:
    Result<> load(Database& database);

    /// Makes a key and keeps it in the database; the caller's store learns of it by `add`.
    static Result<NewKey> create(Database& database, Scope scope, const std::string& description);
    static Result<> revoke(Database& database, const std::string& id); ///< @error NotFound

    void reload(Database& database); ///< after a change, also one by another program
    std::vector<Key> list() const;   ///< the oldest first

    /// Nothing if the key is unknown, revoked or wrong.
    std::optional<Key> verify(const std::string& text) const;

private:
    struct Entry {
        Key key;
        std::string hash;
    };
    std::map<std::string, Entry> m_keys;
};

} // namespace tintype::store
