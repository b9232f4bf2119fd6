// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/stores.h"

#include <utility>

namespace tintype::store {

Stores::Stores(DataFolder folder, Database reader, CallJournal calls, Vault vault)
    : m_folder(std::move(folder))
    , m_reader(std::move(reader))
    , m_vault(std::move(vault))
    , m_files(m_folder / "files", m_folder / "tmp")
    , m_blobs(m_folder / "blobs", m_folder / "tmp")
    , m_revisions(m_folder / "apps")
    , m_calls(std::move(calls))
{
}

Result<std::unique_ptr<Stores>> Stores::open(const std::string& dataFolder, Writer::Post post)
{
    TINTYPE_TRY_ASSIGN(DataFolder folder, DataFolder::open(dataFolder));
    const std::string file = folder / "tintype.db";
    TINTYPE_TRY_ASSIGN(Database writing, Database::open(file, Database::Mode::ReadWrite));
    TINTYPE_TRY_ASSIGN(Database reading, Database::open(file, Database::Mode::ReadOnly));
    TINTYPE_TRY_ASSIGN(CallJournal calls, CallJournal::open(folder / "calls"));
    TINTYPE_TRY_ASSIGN(Vault vault, Vault::open(folder / "secret.key"));
    auto stores = std::unique_ptr<Stores>(new Stores(std::move(folder), std::move(reading), std::move(calls), std::move(vault)));
    TINTYPE_TRY(stores->m_keys.load(stores->m_reader));
    stores->m_writer = std::make_unique<Writer>(std::move(writing), std::move(post));
    return stores;
}

Result<Database> Stores::openReader() const { return Database::open(m_folder / "tintype.db", Database::Mode::ReadOnly); }

void Stores::refreshKeys()
{
    auto statement = m_reader.prepare("PRAGMA data_version");
    if (!statement || !statement->step())
        return;
    const std::int64_t version = statement->integer(0);
    if (std::exchange(m_dataVersion, version) != version)
        m_keys.reload(m_reader);
}

} // namespace tintype::store
