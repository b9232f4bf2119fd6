// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/app_values.h"
#include "deploy/control/call.h"
#include "deploy/control/event.h"
#include "deploy/control/host_values.h"
#include "deploy/control/model_values.h"
#include "deploy/control/page.h"
#include "deploy/control/request_values.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QFuture>
#include <QObject>
#include <string>
#include <vector>

namespace tintype::control {

template <class T = void>
using Future = QFuture<Result<T>>;

/// Everything that a person or a program does with a host. Command line and studio program against this; arguments and
/// results are plain values. Belongs to one thread with an event loop, where futures are fulfilled too; nothing blocks.
/// A future is cancelled when the Control goes.
class Control : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual Future<HostInfo> host() = 0;

    virtual Future<std::vector<AppInfo>> apps() = 0;
    virtual Future<AppInfo> app(const std::string& name) = 0;
    virtual Future<AppInfo> changeApp(const std::string& name, const AppChange& change) = 0;
    virtual Future<> deleteApp(const std::string& name) = 0;
    virtual Future<> rollOut(const std::string& name, Strategy strategy, bool force) = 0;
    virtual Future<std::vector<RevisionInfo>> revisions(const std::string& app) = 0;
    virtual Future<RevisionDetail> revision(const std::string& app, const std::string& revision) = 0;
    virtual Future<RevisionDiff> diff(const std::string& app, const std::string& from, const std::string& to) = 0;
    virtual Future<> setRevision(const std::string& app, const RevisionTarget& target) = 0;
    virtual Future<QueueSize> queueSize(const std::string& app) = 0;
    virtual Future<int> flushQueue(const std::string& app) = 0; ///< how many were cancelled
    virtual Future<Page<HistoryEntry>> history(const std::string& app, const PageQuery& page) = 0;
    virtual Future<std::string> appOpenApi(const std::string& app) = 0;

    /// Keeps an ephemeral app alive until endLease() or the end of this Control; leaseEnded() tells when it broke.
    virtual Future<> holdLease(const std::string& app) = 0;
    virtual void endLease(const std::string& app) = 0;

    virtual Future<DeployPlan> check(const Deployment& deployment) = 0;
    virtual Future<DeployReceipt> deploy(const Deployment& deployment) = 0;
    virtual Future<std::vector<MissingBlob>> missingBlobs(const std::vector<BlobReference>& blobs) = 0;

    /// Sends the bytes of a blob that start at `blob.offset`. Returns the offset that the host expects next.
    virtual Future<std::uint64_t> putBlob(const MissingBlob& blob, const QByteArray& chunk) = 0;
    virtual Future<> commitBlob(const std::string& sha256) = 0;

    virtual Future<std::vector<ModelInfo>> models() = 0;
    virtual Future<std::uint64_t> deleteModel(const std::string& id) = 0; ///< bytes freed; Conflict: a revision in use needs it
    virtual Future<BlobTotals> blobTotals() = 0;

    /// Deletes pushed files that no revision has referred to for an hour. Returns the bytes freed.
    virtual Future<std::uint64_t> collectBlobs() = 0;

    virtual Future<std::vector<domain::ReplicaInfo>> replicas(const ReplicaQuery& query) = 0;
    virtual Future<> stopReplica(const std::string& replica, bool replace) = 0;
    virtual Future<> killReplica(const std::string& replica) = 0;

    virtual Future<Page<RequestInfo>> requests(const RequestQuery& query) = 0;
    virtual Future<RequestDetail> request(const std::string& id) = 0;
    virtual Future<> cancelRequest(const std::string& id) = 0;
    virtual Future<Analytics> analytics(const AnalyticsQuery& query) = 0;
    virtual Future<Page<LogLine>> logs(const LogQuery& query) = 0;

    virtual Future<std::vector<KeyInfo>> keys() = 0;
    virtual Future<CreatedKey> createKey(KeyScope scope, const std::string& description) = 0;
    virtual Future<> revokeKey(const std::string& id) = 0;
    virtual Future<std::vector<SecretInfo>> secrets() = 0;
    virtual Future<> setSecret(const std::string& name, const std::string& value) = 0;
    virtual Future<> unsetSecret(const std::string& name) = 0;

    virtual Future<CallResult> call(const Call& call) = 0; ///< waits for the result
    virtual Future<Submission> submit(const Call& call) = 0;
    virtual Future<CallStatus> callStatus(const Submission& submission) = 0;
    virtual Future<CallResult> callResult(const Submission& submission) = 0;
    virtual Future<> cancelCall(const Submission& submission) = 0;

    /// Runs a call whose steps arrive as callProgressed(call.tag). stopCall(tag) breaks it off.
    virtual Future<CallResult> streamCall(const Call& call) = 0;
    virtual void stopCall(const std::string& tag) = 0;

    virtual Future<FetchedFile> fetchFile(const std::string& url) = 0; ///< of a result; a data: URI too

    /// Starts the stream of events, in place of one that runs; it reconnects by itself.
    virtual void watch(const EventFilter& filter) = 0;
    virtual void unwatch() = 0;

Q_SIGNALS:
    void happened(const tintype::control::Event& event);
    void connectionChanged(const tintype::control::ConnectionState& state);
    void callProgressed(const std::string& tag, const tintype::control::CallProgress& progress);
    void leaseEnded(const std::string& app, const tintype::Error& reason);
};

} // namespace tintype::control
