// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/file_fetch.h"
#include "deploy/requirements/listing_fetch.h"
#include "deploy/requirements/local_lookup.h"

#include <QObject>
#include <deque>
#include <vector>

namespace tintype::requirements {

/// Makes the wanted files of one model be on this machine: asks the hub for the list unless it is known, uses a cache
/// that has them all as it is, and else fetches what the host's own cache lacks, several files at a time. Destroying it
/// stops; what has arrived stays.
class RepositoryFetch : public QObject {
    Q_OBJECT

public:
    /// @param pool must outlive this  @param token empty = the settings' own
    RepositoryFetch(
        const HubSettings& settings, QThreadPool& pool, HubModel model, const std::string& token, QObject* parent);

    void start(); ///< finished() follows once, never from within this call
    std::int64_t bytesDone() const;
    std::int64_t bytesTotal() const { return m_bytesTotal; } ///< 0 until the files are known

Q_SIGNALS:
    void finished(const tintype::Result<std::string>& folder);

private:
    void begin();
    void onListing(const Result<HubListing>& listing, const QByteArray& json);
    void useListing(HubListing listing);
    void chooseFiles(const std::string& modelIndex);
    Result<> checkSpace(const std::vector<HubFile>& missing) const;
    void fetchNext();
    void fetch(const HubFile& file, std::function<void()> then);
    void complete();
    void end(const Result<std::string>& folder);

    const HubSettings m_settings;
    QThreadPool& m_pool;
    const HubModel m_model;
    const HubCache m_cache;
    HubClient m_hub;
    HubListing m_listing;
    std::deque<HubFile> m_waiting;
    std::vector<FileFetch*> m_running; ///< children of this
    std::int64_t m_bytesReady = 0; ///< of files that are complete
    std::int64_t m_bytesTotal = 0;
};

} // namespace tintype::requirements
