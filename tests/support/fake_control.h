// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/control.h"

#include <QPromise>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace tintype::test {

/// A Control without a host: it notes what it is asked ("deleteApp shapes") and answers from the members below, on the next turn of
/// the event loop as a real one would. A test changes the members, emits events with tell(), or holds the answers back.
class FakeControl : public control::Control {
    Q_OBJECT

public:
    // What it answers. An error set in `failures` under a method's name is the answer of that method instead.
    control::HostInfo hostInfo{.version = "0.1.0", .owner = "local", .startedAt = {}, .machines = {}, .urls = {}, .json = "{}"};
    std::vector<control::AppInfo> appList;
    std::vector<domain::ReplicaInfo> replicaList;
    std::map<std::string, std::vector<control::RevisionInfo>> revisionLists; ///< by app
    control::RevisionDetail revisionDetail;
    control::RevisionDiff revisionDiff;
    control::QueueSize size;
    control::Page<control::HistoryEntry> historyPage;
    std::string openApi = "{}";
    control::DeployPlan plan;
    control::DeployReceipt receipt;
    std::vector<control::MissingBlob> missing;
    std::vector<control::ModelInfo> modelList;
    control::BlobTotals blobs;
    std::uint64_t freedBytes = 0; ///< of deleteModel and collectBlobs
    std::function<control::Page<control::RequestInfo>(const control::RequestQuery&)> requestPage;
    control::RequestDetail requestDetail;
    control::Analytics analyticsAnswer{.json = "{}"};
    std::function<control::Page<control::LogLine>(const control::LogQuery&)> logPage;
    std::vector<control::KeyInfo> keyList;
    control::CreatedKey createdKey;
    std::vector<control::SecretInfo> secretList;
    control::CallResult callAnswer{.output = "{}", .requestId = "request-1"};
    std::map<std::string, control::FetchedFile> files; ///< by URL
    std::map<std::string, Error> failures;             ///< by method name

    /// Method and first argument of every call, in order: "apps", "stopReplica r-1", "streamCall local/shapes".
    std::vector<std::string> calls;
    std::vector<control::Call> calledWith;         ///< of call, submit, streamCall
    std::vector<control::AppChange> changes;       ///< of changeApp
    std::vector<control::Deployment> deployments;  ///< of check and deploy
    std::vector<control::RequestQuery> requestQueries;
    std::vector<control::LogQuery> logQueries;
    std::vector<control::AnalyticsQuery> analyticsQueries;

    /// Answers wait for release() while this is set.
    bool holds = false;
    void release();

    bool isWatched() const { return m_isWatched; }
    void tell(const control::Event& event) { Q_EMIT happened(event); }
    void progress(const std::string& tag, const control::CallProgress& step) { Q_EMIT callProgressed(tag, step); }
    void setConnection(const control::ConnectionState& state) { Q_EMIT connectionChanged(state); }
    void breakLease(const std::string& app, const Error& reason) { Q_EMIT leaseEnded(app, reason); }
    int count(const std::string& method) const; ///< how many calls begin with it

    control::Future<control::HostInfo> host() override;
    control::Future<std::vector<control::AppInfo>> apps() override;
    control::Future<control::AppInfo> app(const std::string& name) override;
    control::Future<control::AppInfo> changeApp(const std::string& name, const control::AppChange& change) override;
    control::Future<> deleteApp(const std::string& name) override;
    control::Future<> rollOut(const std::string& name, control::Strategy strategy, bool force) override;
    control::Future<std::vector<control::RevisionInfo>> revisions(const std::string& app) override;
    control::Future<control::RevisionDetail> revision(const std::string& app, const std::string& revision) override;
    control::Future<control::RevisionDiff> diff(const std::string& app, const std::string& from, const std::string& to) override;
    control::Future<> setRevision(const std::string& app, const control::RevisionTarget& target) override;
    control::Future<control::QueueSize> queueSize(const std::string& app) override;
    control::Future<int> flushQueue(const std::string& app) override;
    control::Future<control::Page<control::HistoryEntry>> history(const std::string& app, const control::PageQuery& page) override;
    control::Future<std::string> appOpenApi(const std::string& app) override;
    control::Future<> holdLease(const std::string& app) override;
    void endLease(const std::string& app) override;
    control::Future<control::DeployPlan> check(const control::Deployment& deployment) override;
    control::Future<control::DeployReceipt> deploy(const control::Deployment& deployment) override;
    control::Future<std::vector<control::MissingBlob>> missingBlobs(const std::vector<control::BlobReference>& blobs) override;
    control::Future<std::uint64_t> putBlob(const control::MissingBlob& blob, const QByteArray& chunk) override;
    control::Future<> commitBlob(const std::string& sha256) override;
    control::Future<std::vector<control::ModelInfo>> models() override;
    control::Future<std::uint64_t> deleteModel(const std::string& id) override;
    control::Future<control::BlobTotals> blobTotals() override;
    control::Future<std::uint64_t> collectBlobs() override;
    control::Future<std::vector<domain::ReplicaInfo>> replicas(const control::ReplicaQuery& query) override;
    control::Future<> stopReplica(const std::string& replica, bool replace) override;
    control::Future<> killReplica(const std::string& replica) override;
    control::Future<control::Page<control::RequestInfo>> requests(const control::RequestQuery& query) override;
    control::Future<control::RequestDetail> request(const std::string& id) override;
    control::Future<> cancelRequest(const std::string& id) override;
    control::Future<control::Analytics> analytics(const control::AnalyticsQuery& query) override;
    control::Future<control::Page<control::LogLine>> logs(const control::LogQuery& query) override;
    control::Future<std::vector<control::KeyInfo>> keys() override;
    control::Future<control::CreatedKey> createKey(control::KeyScope scope, const std::string& description) override;
    control::Future<> revokeKey(const std::string& id) override;
    control::Future<std::vector<control::SecretInfo>> secrets() override;
    control::Future<> setSecret(const std::string& name, const std::string& value) override;
    control::Future<> unsetSecret(const std::string& name) override;
    control::Future<control::CallResult> call(const control::Call& call) override;
    control::Future<control::Submission> submit(const control::Call& call) override;
    control::Future<control::CallStatus> callStatus(const control::Submission& submission) override;
    control::Future<control::CallResult> callResult(const control::Submission& submission) override;
    control::Future<> cancelCall(const control::Submission& submission) override;
    control::Future<control::CallResult> streamCall(const control::Call& call) override;
    void stopCall(const std::string& tag) override;
    control::Future<control::FetchedFile> fetchFile(const std::string& url) override;
    void watch(const control::EventFilter& filter) override;
    void unwatch() override;

private:
    template <class T>
    control::Future<T> answer(const char* method, const std::string& argument, Result<T> value);
    control::Future<> done(const char* method, const std::string& argument) { return answer<void>(method, argument, {}); }

    bool m_isWatched = false;
    std::vector<std::function<void()>> m_held;
};

} // namespace tintype::test
