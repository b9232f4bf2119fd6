// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/endpoint_input.h"
#include "deploy/domain/record.h"
#include "deploy/runtime/app_runtime.h"

#include <QObject>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tintype::store {
class Stores;
struct ServedFile;
}

namespace tintype::runtime {

class Apps;

/// Told to the caller once the request is durable: from then on it gets exactly one record. A queued one is a row by
/// then, one whose caller waits a line of the store's CallJournal.
struct Accepted {
    std::string id;
    int position = 0; ///< requests ahead of it
};

/// A request as its caller sees it.
struct RequestView {
    domain::RequestState state = domain::RequestState::Queued;
    int position = 0;
    std::optional<domain::WaitingReason> reason;
    std::optional<double> etaSeconds;
    std::optional<LiveRequest> live;      ///< unless done
    std::optional<domain::Record> record; ///< if done
};

/// Every request from its acceptance to its record. Durable by the store, which it writes in the order of events;
/// runs through the AppRuntime of its app.
class Requests : public QObject {
    Q_OBJECT

public:
    Requests(Apps& apps, store::Stores& stores, QObject* parent = nullptr);
    ~Requests() override;

    /// Takes up again what the last run of the host accepted and did not finish: queued ones wait again, those of a
    /// caller who is gone with the connection (run, stream) get their record.
    Result<> restore();

    using AcceptedCallback = std::function<void(Result<Accepted>)>;

    /// Accepts a request. Input that does not fit the endpoint is accepted too and ends at once with a 422, as at fal.
    /// An `id` chosen by the caller that exists with the same body is the same request.
    /// @error NotFound: no such app or endpoint · Conflict: the id exists with another body ·
    ///        QuotaExceeded: the queue is longer than `maxQueueLength` · Unavailable: the host stops, the disk is full
    void submit(domain::Request request, std::optional<int> maxQueueLength, AcceptedCallback accepted);

    /// @return false if it is not known or done
    bool cancel(const std::string& id, CancelCause cause = CancelCause::Asked);

    std::optional<RequestView> view(const std::string& id) const;
    int liveCount() const { return static_cast<int>(m_appOf.size()); }

    /// From now on nothing new is taken.
    void close() { m_closed = true; }

    /// A new id: a UUID.
    static std::string newId();

Q_SIGNALS:
    void accepted(const tintype::domain::Request& request);
    void started(const tintype::runtime::LiveRequest& request);
    void requeued(const tintype::runtime::LiveRequest& request);
    void progressed(const tintype::runtime::LiveRequest& request, const tintype::Progress& progress);

    /// Its record is written, its pictures can be fetched.
    void finished(const tintype::domain::Record& record);

    /// The store refused its record or its pictures (the disk is full); finished() follows all the same.
    void failedToKeep(const tintype::domain::Request& request, const tintype::Error& error);

private:
    using Pictures = std::vector<std::pair<store::ServedFile, std::vector<std::uint8_t>>>;

    void connectApp(AppRuntime& app);
    std::optional<Result<Accepted>> findSame(const domain::Request& request) const;
    Result<> restoreCalls();
    void failForStop(const LiveRequest& live);
    void acceptQueued(domain::Request request, AcceptedCallback accepted); ///< durable first
    void acceptCall(domain::Request request, const AcceptedCallback& accepted);
    void enter(domain::Request request);
    void place(LiveRequest live);
    void onSucceeded(const LiveRequest& live, const GenerateResult& result);
    void onFailed(const LiveRequest& live, const domain::Failure& failure, const Error& error);
    void finish(domain::Record record, Pictures pictures);

    Apps& m_apps;
    store::Stores& m_stores;
    std::unordered_map<std::string, std::string> m_appOf; ///< accepted and not done: id → app
    std::unordered_map<std::string, std::shared_ptr<const domain::Record>> m_finishing; ///< on their way into the store
    bool m_closed = false;
};

} // namespace tintype::runtime
