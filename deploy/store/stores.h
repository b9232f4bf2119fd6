// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/store/blob_store.h"
#include "deploy/store/call_journal.h"
#include "deploy/store/data_folder.h"
#include "deploy/store/database.h"
#include "deploy/store/file_store.h"
#include "deploy/store/key_store.h"
#include "deploy/store/revision_repository.h"
#include "deploy/store/vault.h"
#include "deploy/store/writer.h"

#include <memory>
#include <string>

namespace tintype::store {

/// Everything that a host keeps, opened together. Writes go through `writer()`; small reads use `reader()`, on the thread
/// that made this; large ones open a connection of their own with `openReader()`.
class Stores {
public:
    /// @param post brings outcomes of writes to the caller's thread
    static Result<std::unique_ptr<Stores>> open(const std::string& dataFolder, Writer::Post post);

    const DataFolder& folder() const { return m_folder; }
    Database& reader() { return m_reader; }
    Result<Database> openReader() const; ///< any thread
    Writer& writer() { return *m_writer; }
    CallJournal& calls() { return m_calls; } ///< on the thread that made this
    Vault& vault() { return m_vault; }
    KeyStore& keys() { return m_keys; }
    const FileStore& files() const { return m_files; }
    const BlobStore& blobs() const { return m_blobs; }
    const RevisionRepository& revisions() const { return m_revisions; }

    /// Reads the keys again if another program has changed them. Cheap: asks SQLite's data_version.
    void refreshKeys();

private:
    Stores(DataFolder folder, Database reader, CallJournal calls, Vault vault);

    DataFolder m_folder;
    Database m_reader;
    Vault m_vault;
    KeyStore m_keys;
    FileStore m_files;
    BlobStore m_blobs;
    RevisionRepository m_revisions;
    std::int64_t m_dataVersion = -1;
    std::unique_ptr<Writer> m_writer; ///< after all that its jobs use: its thread ends first
    CallJournal m_calls;
};

} // namespace tintype::store
