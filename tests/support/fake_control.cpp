// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_control.h"

#include <QTimer>
#include <algorithm>

namespace tintype::test {

using namespace control;

template <class T>
Future<T> FakeControl::answer(const char* method, const std::string& argument, Result<T> value)
{
    calls.push_back(argument.empty() ? std::string(method) : std::string(method) + " " + argument);
    if (const auto failure = failures.find(method); failure != failures.end())
        value = tl::unexpected(failure->second);
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const auto fulfil = [promise, value] {
        promise->addResult(value);
        promise->finish();
    };
    if (holds)
        m_held.emplace_back(fulfil);
    else
        QTimer::singleShot(0, this, fulfil);
    return promise->future();
}

void FakeControl::release()
{
    holds = false;
    for (const auto& fulfil : std::exchange(m_held, {}))
        fulfil();
}

int FakeControl::count(const std::string& method) const
{
    return static_cast<int>(std::ranges::count_if(calls,
        [&](const std::string& call) { return call == method || call.starts_with(method + " "); }));
}

Future<HostInfo> FakeControl::host() { return answer<HostInfo>("host", {}, hostInfo); }
Future<std::vector<AppInfo>> FakeControl::apps() { return answer<std::vector<AppInfo>>("apps", {}, appList); }

Future<AppInfo> FakeControl::app(const std::string& name)
{
    const auto found = std::ranges::find(appList, name, &AppInfo::name);
    return answer<AppInfo>("app", name, found == appList.end() ? Result<AppInfo>(fail(ErrorCode::NotFound, "no app " + name)) : *found);
}

Future<AppInfo> FakeControl::changeApp(const std::string& name, const AppChange& change)
{
    changes.push_back(change);
    const auto found = std::ranges::find(appList, name, &AppInfo::name);
    if (found != appList.end() && change.paused)
        found->paused = *change.paused;
    return answer<AppInfo>("changeApp", name, found == appList.end() ? AppInfo{} : *found);
}

Future<> FakeControl::deleteApp(const std::string& name) { return done("deleteApp", name); }
Future<> FakeControl::rollOut(const std::string& name, Strategy, bool) { return done("rollOut", name); }
Future<std::vector<RevisionInfo>> FakeControl::revisions(const std::string& app)
{
    return answer<std::vector<RevisionInfo>>("revisions", app, revisionLists[app]);
}
Future<RevisionDetail> FakeControl::revision(const std::string& app, const std::string& revision)
{
    return answer<RevisionDetail>("revision", app + " " + revision, revisionDetail);
}
Future<RevisionDiff> FakeControl::diff(const std::string& app, const std::string& from, const std::string& to)
{
    return answer<RevisionDiff>("diff", app + " " + from + " " + to, revisionDiff);
}
Future<> FakeControl::setRevision(const std::string& app, const RevisionTarget& target)
{
    return done("setRevision", app + " " + target.revision);
}
Future<QueueSize> FakeControl::queueSize(const std::string& app) { return answer<QueueSize>("queueSize", app, size); }
Future<int> FakeControl::flushQueue(const std::string& app) { return answer<int>("flushQueue", app, size.queued); }
Future<Page<HistoryEntry>> FakeControl::history(const std::string& app, const PageQuery&)
{
    return answer<Page<HistoryEntry>>("history", app, historyPage);
}
Future<std::string> FakeControl::appOpenApi(const std::string& app) { return answer<std::string>("appOpenApi", app, openApi); }
Future<> FakeControl::holdLease(const std::string& app) { return done("holdLease", app); }
void FakeControl::endLease(const std::string& app) { calls.push_back("endLease " + app); }

Future<DeployPlan> FakeControl::check(const Deployment& deployment)
{
    deployments.push_back(deployment);
    return answer<DeployPlan>("check", deployment.name, plan);
}
Future<DeployReceipt> FakeControl::deploy(const Deployment& deployment)
{
    deployments.push_back(deployment);
    return answer<DeployReceipt>("deploy", deployment.name, receipt);
}
Future<std::vector<MissingBlob>> FakeControl::missingBlobs(const std::vector<BlobReference>&)
{
    return answer<std::vector<MissingBlob>>("missingBlobs", {}, missing);
}
Future<std::uint64_t> FakeControl::putBlob(const MissingBlob& blob, const QByteArray& chunk)
{
    return answer<std::uint64_t>("putBlob", blob.sha256, blob.offset + static_cast<std::uint64_t>(chunk.size()));
}
Future<> FakeControl::commitBlob(const std::string& sha256) { return done("commitBlob", sha256); }

Future<std::vector<ModelInfo>> FakeControl::models() { return answer<std::vector<ModelInfo>>("models", {}, modelList); }
Future<std::uint64_t> FakeControl::deleteModel(const std::string& id)
{
    if (!failures.contains("deleteModel"))
        std::erase_if(modelList, [&id](const ModelInfo& model) { return model.id == id; });
    return answer<std::uint64_t>("deleteModel", id, freedBytes);
}
Future<BlobTotals> FakeControl::blobTotals() { return answer<BlobTotals>("blobTotals", {}, blobs); }
Future<std::uint64_t> FakeControl::collectBlobs() { return answer<std::uint64_t>("collectBlobs", {}, freedBytes); }

Future<std::vector<domain::ReplicaInfo>> FakeControl::replicas(const ReplicaQuery& query)
{
    return answer<std::vector<domain::ReplicaInfo>>("replicas", query.app, replicaList);
}
Future<> FakeControl::stopReplica(const std::string& replica, bool) { return done("stopReplica", replica); }
Future<> FakeControl::killReplica(const std::string& replica) { return done("killReplica", replica); }

Future<Page<RequestInfo>> FakeControl::requests(const RequestQuery& query)
{
    requestQueries.push_back(query);
    return answer<Page<RequestInfo>>("requests", query.app, requestPage ? requestPage(query) : Page<RequestInfo>{});
}
Future<RequestDetail> FakeControl::request(const std::string& id) { return answer<RequestDetail>("request", id, requestDetail); }
Future<> FakeControl::cancelRequest(const std::string& id) { return done("cancelRequest", id); }
Future<Analytics> FakeControl::analytics(const AnalyticsQuery& query)
{
    analyticsQueries.push_back(query);
    return answer<Analytics>("analytics", query.app, analyticsAnswer);
}
Future<Page<LogLine>> FakeControl::logs(const LogQuery& query)
{
    logQueries.push_back(query);
    return answer<Page<LogLine>>("logs", query.app, logPage ? logPage(query) : Page<LogLine>{});
}

Future<std::vector<KeyInfo>> FakeControl::keys() { return answer<std::vector<KeyInfo>>("keys", {}, keyList); }
Future<CreatedKey> FakeControl::createKey(KeyScope, const std::string& description)
{
    return answer<CreatedKey>("createKey", description, createdKey);
}
Future<> FakeControl::revokeKey(const std::string& id) { return done("revokeKey", id); }
Future<std::vector<SecretInfo>> FakeControl::secrets() { return answer<std::vector<SecretInfo>>("secrets", {}, secretList); }
Future<> FakeControl::setSecret(const std::string& name, const std::string&) { return done("setSecret", name); }
Future<> FakeControl::unsetSecret(const std::string& name) { return done("unsetSecret", name); }

Future<CallResult> FakeControl::call(const Call& call)
{
    calledWith.push_back(call);
    return answer<CallResult>("call", call.endpoint, callAnswer);
}
Future<Submission> FakeControl::submit(const Call& call)
{
    calledWith.push_back(call);
    return answer<Submission>("submit", call.endpoint, Submission{.requestId = callAnswer.requestId, .statusUrl = {}, .responseUrl = {}, .cancelUrl = {}});
}
Future<CallStatus> FakeControl::callStatus(const Submission& submission)
{
    return answer<CallStatus>("callStatus", submission.requestId, CallStatus{.state = CallStatus::State::Done, .position = 0, .reason = {}, .eta = {}, .error = {}, .errorType = {}, .json = {}});
}
Future<CallResult> FakeControl::callResult(const Submission& submission)
{
    return answer<CallResult>("callResult", submission.requestId, callAnswer);
}
Future<> FakeControl::cancelCall(const Submission& submission) { return done("cancelCall", submission.requestId); }
Future<CallResult> FakeControl::streamCall(const Call& call)
{
    calledWith.push_back(call);
    return answer<CallResult>("streamCall", call.endpoint, callAnswer);
}
void FakeControl::stopCall(const std::string& tag) { calls.push_back("stopCall " + tag); }
Future<FetchedFile> FakeControl::fetchFile(const std::string& url)
{
    const auto found = files.find(url);
    return answer<FetchedFile>("fetchFile", url, found == files.end() ? Result<FetchedFile>(fail(ErrorCode::NotFound, "no such file")) : found->second);
}

void FakeControl::watch(const EventFilter& filter)
{
    calls.push_back("watch " + filter.app);
    m_isWatched = true;
    QTimer::singleShot(0, this, [this] { setConnection({.kind = ConnectionState::Kind::Connected, .retrySeconds = 0, .reason = {}}); });
}
void FakeControl::unwatch()
{
    calls.push_back("unwatch");
    m_isWatched = false;
}

} // namespace tintype::test
