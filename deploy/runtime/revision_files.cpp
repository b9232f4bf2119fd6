// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/revision_files.h"

#include "deploy/store/secret_store.h"
#include "deploy/store/stores.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace tintype::runtime {
namespace {

/// The requirement that setup.model names.
const domain::Requirement* modelRequirement(const domain::AppDefinition& definition)
{
    const auto found = std::ranges::find_if(definition.requirements, [&definition](const domain::Requirement& requirement) {
        return requirement.text == definition.setup.model
            || (requirement.kind == domain::Requirement::Kind::Hub && "hf:" + requirement.name == definition.setup.model);
    });
    return found == definition.requirements.end() ? nullptr : &*found;
}

} // namespace

RevisionFiles::RevisionFiles(store::Stores& stores, requirements::Fetcher& fetcher, QObject* parent)
    : Provisioner(parent)
    , m_stores(stores)
    , m_fetcher(fetcher)
{
    connect(&m_fetcher, &requirements::Fetcher::progressed, this, [this](quint64 ticket, const requirements::FetchProgress& progress) {
        if (const auto found = m_tickets.find(ticket); found != m_tickets.end())
            Q_EMIT progressed(found->second,
                {.stage = "fetch " + progress.what, .bytesDone = static_cast<std::uint64_t>(progress.bytesDone),
                    .bytesTotal = static_cast<std::uint64_t>(progress.bytesTotal), .seconds = 0});
    });
    connect(&m_fetcher, &requirements::Fetcher::finished, this,
        [this](quint64 ticket, const Result<requirements::RequirementFolders>& folders) {
            const auto node = m_tickets.extract(ticket);
            if (node.empty())
                return;
            if (!folders)
                return complete(node.mapped(), tl::unexpected(folders.error()));
            complete(node.mapped(), folders->empty() ? std::string() : folders->begin()->second);
        });
}

void RevisionFiles::know(const store::StoredRevision& revision, const domain::AppDefinition& definition)
{
    m_entries.try_emplace(revision.id, Entry{revision, definition, {}, false});
}

bool RevisionFiles::isPrepared(const std::string& revision) const
{
    const auto found = m_entries.find(revision);
    std::error_code error; // deployed again after its app was deleted, it is known, but its folder may have been collected
    return found != m_entries.end() && !found->second.folder.empty() && std::filesystem::exists(found->second.folder, error);
}

std::string RevisionFiles::modelFolder(const std::string& revision) const { return m_entries.at(revision).folder; }

void RevisionFiles::forget(const std::string& folder)
{
    for (auto& [id, entry] : m_entries) {
        if (entry.folder == folder || entry.folder.starts_with(folder + "/"))
            entry.folder.clear();
    }
}

void RevisionFiles::prepare(const std::string& id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || found->second.isPreparing)
        return;
    Entry& entry = found->second;
    entry.isPreparing = true;
    const domain::Requirement* model = modelRequirement(entry.definition);
    if (!model) {
        QMetaObject::invokeMethod(this, [this, id] {
            complete(id, fail(ErrorCode::InvalidArgument, "setup.model names none of the requirements"));
        }, Qt::QueuedConnection);
    } else if (model->kind == domain::Requirement::Kind::Hub) {
        fetch(id, entry, *model);
    } else {
        link(id, entry, model->name);
    }
}

void RevisionFiles::link(const std::string& id, const Entry& entry, const std::string& folderName)
{
    const auto root = m_stores.folder() / "models" / store::folderNameOf(entry.revision.files);
    const std::string folder = (root / folderName).string();
    QThreadPool::globalInstance()->start(
        [self = QPointer(this), blobs = m_stores.blobs(), files = entry.revision.files, root, folder, id] {
            const auto linked = blobs.materialize(files, root);
            QMetaObject::invokeMethod(qApp, [self, linked, folder, id] {
                if (self)
                    self->complete(id, linked ? Result<std::string>(folder) : tl::unexpected(linked.error()));
            });
        });
}

void RevisionFiles::fetch(const std::string& id, Entry& entry, const domain::Requirement& requirement)
{
    requirements::FetchRequest request;
    domain::Requirement pinned = requirement;
    if (const auto commit = entry.revision.commits.find(requirement.text); commit != entry.revision.commits.end())
        pinned.revision = commit->second;
    request.requirements = {pinned};
    request.variant = entry.definition.setup.variant;
    if (auto token = store::openSecrets(m_stores.reader(), m_stores.vault(), {"HF_TOKEN"}); token)
        request.token = token->at("HF_TOKEN");
    m_tickets[m_fetcher.fetch(request)] = id;
}

void RevisionFiles::complete(const std::string& id, const Result<std::string>& folder)
{
    Entry& entry = m_entries.at(id);
    entry.isPreparing = false;
    if (!folder) {
        Q_EMIT prepared(id, folder.error());
        return;
    }
    entry.folder = *folder;
    Q_EMIT prepared(id, std::nullopt);
}

} // namespace tintype::runtime
