// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/control.h"
#include "deploy/control/http_transport.h"
#include "deploy/control/live_socket.h"

#include <QUrlQuery>
#include <map>
#include <memory>
#include <string>

namespace tintype::control {

/// A host over its HTTP and WebSocket interface (deploy/api/README.md), and its apps over fal's wire.
class HttpControl : public Control {
    Q_OBJECT

public:
    explicit HttpControl(HostAddress address, QObject* parent = nullptr);
    ~HttpControl() override;

    const HostAddress& address() const { return m_transport.address(); }

    Future<HostInfo> host() override;

    Future<std::vector<AppInfo>> apps() override;
    Future<AppInfo> app(const std::string& name) override;
    Future<AppInfo> changeApp(const std::string& name, const AppChange& change) override;
    Future<> deleteApp(const std::string& name) override;
    Future<> rollOut(const std::string& name, Strategy strategy, bool force) override;
    Future<std::vector<RevisionInfo>> revisions(const std::string& app) override;
    Future<RevisionDetail> revision(const std::string& app, const std::string& revision) override;
    Future<RevisionDiff> diff(const std::string& app, const std::string& from, const std::string& to) override;
    Future<> setRevision(const std::string& app, const RevisionTarget& target) override;
    Future<QueueSize> queueSize(const std::string& app) override;
    Future<int> flushQueue(const std::string& app) override;
    Future<Page<HistoryEntry>> history(const std::string& app, const PageQuery& page) override;
    Future<std::string> appOpenApi(const std::string& app) override;
    Future<> holdLease(const std::string& app) override;
    void endLease(const std::string& app) override;

    Future<DeployPlan> check(const Deployment& deployment) override;
    Future<DeployReceipt> deploy(const Deployment& deployment) override;
    Future<std::vector<MissingBlob>> missingBlobs(const std::vector<BlobReference>& blobs) override;
    Future<std::uint64_t> putBlob(const MissingBlob& blob, const QByteArray& chunk) override;
    Future<> commitBlob(const std::string& sha256) override;
    Future<std::vector<ModelInfo>> models() override;
    Future<std::uint64_t> deleteModel(const std::string& id) override;
    Future<BlobTotals> blobTotals() override;
    Future<std::uint64_t> collectBlobs() override;

    Future<std::vector<domain::ReplicaInfo>> replicas(const ReplicaQuery& query) override;
    Future<> stopReplica(const std::string& replica, bool replace) override;
    Future<> killReplica(const std::string& replica) override;

    Future<Page<RequestInfo>> requests(const RequestQuery& query) override;
    Future<RequestDetail> request(const std::string& id) override;
    Future<> cancelRequest(const std::string& id) override;
    Future<Analytics> analytics(const AnalyticsQuery& query) override;
    Future<Page<LogLine>> logs(const LogQuery& query) override;

    Future<std::vector<KeyInfo>> keys() override;
    Future<CreatedKey> createKey(KeyScope scope, const std::string& description) override;
    Future<> revokeKey(const std::string& id) override;
    Future<std::vector<SecretInfo>> secrets() override;
    Future<> setSecret(const std::string& name, const std::string& value) override;
    Future<> unsetSecret(const std::string& name) override;

    Future<CallResult> call(const Call& call) override;
    Future<Submission> submit(const Call& call) override;
    Future<CallStatus> callStatus(const Submission& submission) override;
    Future<CallResult> callResult(const Submission& submission) override;
    Future<> cancelCall(const Submission& submission) override;
    Future<CallResult> streamCall(const Call& call) override;
    void stopCall(const std::string& tag) override;
    Future<FetchedFile> fetchFile(const std::string& url) override;

    void watch(const EventFilter& filter) override;
    void unwatch() override;

private:
    HttpCall apiCall(const char* method, const std::string& path, const QUrlQuery& query = {}) const;
    HttpCall apiCall(const char* method, const std::string& path, std::string body) const;
    HttpCall queueCall(const char* method, const QUrl& url) const;
    void onEvent(const QByteArray& text);

    HttpTransport m_transport;
    std::unique_ptr<LiveSocket> m_events;
    std::map<std::string, std::unique_ptr<LiveSocket>> m_leases; ///< by app
    std::map<std::string, QNetworkReply*> m_streams;             ///< by tag; owned by the network's manager
};

} // namespace tintype::control
