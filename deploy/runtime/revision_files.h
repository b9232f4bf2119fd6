// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/fetcher.h"
#include "deploy/runtime/provisioner.h"
#include "deploy/store/app_store.h"

#include <map>
#include <string>

namespace tintype::store {
class Stores;
}

namespace tintype::runtime {

/// Puts the models of revisions where workers can load them: pushed files as a folder of links into the blob store,
/// hub repositories through the fetcher.
class RevisionFiles : public Provisioner {
    Q_OBJECT

public:
    RevisionFiles(store::Stores& stores, requirements::Fetcher& fetcher, QObject* parent = nullptr);

    /// Must be told before anything else is asked about a revision.
    void know(const store::StoredRevision& revision, const domain::AppDefinition& definition);

    /// A folder of models was deleted: who needs it must be prepared again.
    void forget(const std::string& folder);

    bool isPrepared(const std::string& revision) const override;
    void prepare(const std::string& revision) override;
    std::string modelFolder(const std::string& revision) const override;

private:
    struct Entry {
        store::StoredRevision revision;
        domain::AppDefinition definition;
        std::string folder; ///< of the model, once prepared
        bool isPreparing = false;
    };

    void link(const std::string& id, const Entry& entry, const std::string& folderName);
    void fetch(const std::string& id, Entry& entry, const domain::Requirement& requirement);
    void complete(const std::string& id, const Result<std::string>& folder);

    store::Stores& m_stores;
    requirements::Fetcher& m_fetcher;
    std::map<std::string, Entry> m_entries;
    std::map<quint64, std::string> m_tickets; ///< of the fetcher → revision
};

} // namespace tintype::runtime
