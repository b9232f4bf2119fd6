// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"
#include "deploy/requirements/repository_fetch.h"
#include "deploy/requirements/transfer_rate.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tintype::requirements {

/// What one app waits for.
struct FetchRequest {
    std::vector<domain::Requirement> requirements{};
    std::string definitionFolder{}; ///< where the folders of `file:` requirements lie
    std::string variant{}; ///< SetupSpec::variant
    std::string token{}; ///< the app's secret HF_TOKEN; empty = the host's own
};

/// How far one requirement is. Sent about four times a second while bytes flow.
struct FetchProgress {
    std::string what; ///< Requirement::text
    std::int64_t bytesDone = 0;
    std::int64_t bytesTotal = 0; ///< 0 = not known yet
    double bytesPerSecond = 0;
    std::optional<double> secondsLeft;
};

/// Requirement::text → folder on this machine. For a hub model, the snapshot that a worker loads.
using RequirementFolders = std::map<std::string, std::string>;

/// Meets the requirements of all apps of a host, each thing once: those who want the same share one fetch, which stops
/// when nobody waits for it any more, and goes on later where it was.
/// @thread the control thread; nothing here blocks it
class Fetcher : public QObject {
    Q_OBJECT

public:
    explicit Fetcher(HubSettings settings, QObject* parent = nullptr);
    ~Fetcher() override;

    const HubSettings& settings() const { return m_settings; }

    /// @return the ticket that the signals name; finished() follows once unless it is cancelled, never from within this
    /// call
    quint64 fetch(const FetchRequest& request);
    void cancel(quint64 ticket); ///< no signal follows; unknown tickets are ignored

    /// The commit that a revision points to now, for pinning it when a definition is pushed. Without the hub (offline)
    /// what a cache remembers.
    QFuture<Result<std::string>> resolveHubRevision(
        const std::string& repository, const std::string& revision, const std::string& token = {});

Q_SIGNALS:
    void progressed(quint64 ticket, const tintype::requirements::FetchProgress& progress);
    void finished(quint64 ticket, const tintype::Result<tintype::requirements::RequirementFolders>& folders);

private:
    using Key = std::pair<HubModel, std::string>; ///< with the token: who may read it differs
    struct Job {
        RepositoryFetch* fetch = nullptr; ///< child of this
        TransferRate rate;
        std::map<quint64, std::set<std::string>> waiters; ///< ticket → requirements
    };
    struct Ticket {
        RequirementFolders folders;
        std::set<Key> pending;
    };

    Result<> add(quint64 number, Ticket& ticket, const domain::Requirement& requirement, const FetchRequest& request);
    void wait(quint64 number, const std::string& what, const Key& key);
    void onFetched(const Key& key, const Result<std::string>& folder);
    void leave(quint64 number, const std::set<Key>& keys);
    void end(quint64 number, const Result<RequirementFolders>& folders);
    void tellProgress();

    const HubSettings m_settings;
    QThreadPool m_pool; ///< disk and hash work
    std::map<Key, Job> m_jobs;
    std::map<quint64, Ticket> m_tickets;
    quint64 m_lastTicket = 0;
    QTimer m_progressTimer;
};

} // namespace tintype::requirements
