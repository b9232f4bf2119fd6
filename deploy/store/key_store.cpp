// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/key_store.h"

#include "deploy/store/digest.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sodium.h>

namespace tintype::store {
namespace {

constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kContext = "tintype key"; ///< tells these hashes from others of the same bytes

std::string randomHex(std::size_t bytes)
{
    std::string random(bytes, '\0');
    randombytes_buf(random.data(), random.size());
    return hexOf(random);
}

std::string hashOf(std::string_view secret)
{
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
        reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
        reinterpret_cast<const unsigned char*>(kContext.data()), kContext.size());
    return hash;
}

} // namespace

Result<NewKey> KeyStore::create(Database& database, Scope scope, const std::string& description)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, "libsodium cannot be initialised");
    const std::string secret = randomHex(kSecretBytes);
    NewKey made{{randomHex(kIdBytes), scope, description, wallClockNow()}, {}};
    made.text = made.key.id + ":" + secret;
    TINTYPE_TRY_ASSIGN(Statement insert,
        database.prepare("INSERT INTO keys (id, hash, scope, description, created) VALUES (?,?,?,?,?)"));
    insert.bind(made.key.id).bindBlob(hashOf(secret)).bind(scope == Scope::Admin ? "admin" : "api").bind(description);
    TINTYPE_TRY(insert.bind(toMilliseconds(made.key.created)).run());
    return made;
}

Result<> KeyStore::revoke(Database& database, const std::string& id)
{
    TINTYPE_TRY_ASSIGN(Statement remove, database.prepare("DELETE FROM keys WHERE id = ?"));
    TINTYPE_TRY(remove.bind(id).run());
    if (database.changes() == 0)
        return fail(ErrorCode::NotFound, fmt::format("key {}: not found", id));
    return {};
}

Result<> KeyStore::load(Database& database)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, "libsodium cannot be initialised");
    TINTYPE_TRY_ASSIGN(Statement select, database.prepare("SELECT id, hash, scope, description, created FROM keys"));
    std::map<std::string, Entry> keys;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            break;
        const Scope scope = select.text(2) == "admin" ? Scope::Admin : Scope::Api;
        keys[select.text(0)] = {{select.text(0), scope, select.text(3), fromMilliseconds(select.integer(4))}, select.text(1)};
    }
    m_keys = std::move(keys);
    return {};
}

void KeyStore::reload(Database& database)
{
    std::ignore = load(database); // what cannot be read leaves the keys as they are known
}

std::vector<Key> KeyStore::list() const
{
    std::vector<Key> keys;
    for (const auto& [id, entry] : m_keys)
        keys.push_back(entry.key);
    std::ranges::stable_sort(keys, {}, &Key::created);
    return keys;
}

std::optional<Key> KeyStore::verify(const std::string& text) const
{
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return std::nullopt;
    const auto found = m_keys.find(text.substr(0, colon));
    if (found == m_keys.end())
        return std::nullopt;
    const std::string hash = hashOf(std::string_view(text).substr(colon + 1));
    const std::string& expected = found->second.hash;
    if (hash.size() != expected.size() || sodium_memcmp(hash.data(), expected.data(), hash.size()) != 0)
        return std::nullopt;
    return found->second.key;
}

} // namespace tintype::store
