// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/http_control.h"

#include "deploy/control/json_answers.h"

#include <QJsonDocument>
#include <QPromise>
#include <fmt/format.h>

namespace tintype::control {
namespace {

constexpr std::chrono::minutes kBlobTimeout{5};  ///< a slow line, a slow disk
constexpr std::chrono::minutes kDeployTimeout{2};

void add(QUrlQuery& query, const char* name, const std::string& value)
{
    if (!value.empty())
        query.addQueryItem(QString::fromLatin1(name), QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(value))));
}

void add(QUrlQuery& query, const char* name, const std::optional<TimePoint>& time)
{
    if (time)
        add(query, name, isoTime(*time));
}

void add(QUrlQuery& query, const PageQuery& page)
{
    add(query, "limit", std::to_string(page.limit));
    add(query, "cursor", page.cursor);
}

std::string appPath(const std::string& app)
{
    return "/v1/apps/" + pathSegment(app);
}

std::string replicaPath(const std::string& replica)
{
    return "/v1/replicas/" + pathSegment(replica);
}

} // namespace

Result<Json> jsonOf(const HttpAnswer& answer)
{
    Json object = Json::parse(answer.body.begin(), answer.body.end(), nullptr, false);
    if (!object.is_object())
        return fail(ErrorCode::Protocol, "the host's answer is no JSON object: is this address a Tintype host?");
    return object;
}

HttpControl::HttpControl(HostAddress address, QObject* parent)
    : Control(parent)
    , m_transport(std::move(address))
{
}

HttpControl::~HttpControl() = default;

HttpCall HttpControl::apiCall(const char* method, const std::string& path, const QUrlQuery& query) const
{
    HttpCall call;
    call.method = method;
    call.url = m_transport.url(path, query);
    return call;
}

HttpCall HttpControl::apiCall(const char* method, const std::string& path, std::string body) const
{
    HttpCall call = apiCall(method, path);
    call.body = QByteArray::fromStdString(body);
    return call;
}

Future<HostInfo> HttpControl::host()
{
    return ask<HostInfo>(m_transport, apiCall("GET", "/v1/host"), hostFrom);
}

Future<std::vector<AppInfo>> HttpControl::apps()
{
    return askAll<AppInfo>(m_transport, apiCall("GET", "/v1/apps"), appFrom);
}

Future<AppInfo> HttpControl::app(const std::string& name)
{
    return ask<AppInfo>(m_transport, apiCall("GET", appPath(name)), appFrom);
}

Future<AppInfo> HttpControl::changeApp(const std::string& name, const AppChange& change)
{
    return ask<AppInfo>(m_transport, apiCall("PATCH", appPath(name), asText(toJson(change))), appFrom);
}

Future<> HttpControl::deleteApp(const std::string& name)
{
    return tell(m_transport, apiCall("DELETE", appPath(name)));
}

Future<> HttpControl::rollOut(const std::string& name, Strategy strategy, bool force)
{
    const Json body{{"strategy", strategyName(strategy)}, {"force", force}};
    return tell(m_transport, apiCall("POST", appPath(name) + "/rollout", asText(body)));
}

Future<std::vector<RevisionInfo>> HttpControl::revisions(const std::string& app)
{
    return askAll<RevisionInfo>(m_transport, apiCall("GET", appPath(app) + "/revisions"), revisionFrom);
}

Future<RevisionDetail> HttpControl::revision(const std::string& app, const std::string& revision)
{
    return ask<RevisionDetail>(
        m_transport, apiCall("GET", appPath(app) + "/revisions/" + pathSegment(revision)), revisionDetailFrom);
}

Future<RevisionDiff> HttpControl::diff(const std::string& app, const std::string& from, const std::string& to)
{
    QUrlQuery query;
    add(query, "from", from);
    add(query, "to", to);
    return ask<RevisionDiff>(m_transport, apiCall("GET", appPath(app) + "/diff", query), diffFrom);
}

Future<> HttpControl::setRevision(const std::string& app, const RevisionTarget& target)
{
    return tell(m_transport, apiCall("PUT", appPath(app) + "/revision", asText(toJson(target))));
}

Future<QueueSize> HttpControl::queueSize(const std::string& app)
{
    return ask<QueueSize>(m_transport, apiCall("GET", appPath(app) + "/queue"), [](const Json& object) {
        return QueueSize{static_cast<int>(integerOf(object, "size")), static_cast<int>(integerOf(object, "running"))};
    });
}

Future<int> HttpControl::flushQueue(const std::string& app)
{
    return ask<int>(m_transport, apiCall("DELETE", appPath(app) + "/queue"),
        [](const Json& object) { return static_cast<int>(integerOf(object, "cancelled")); });
}

Future<Page<HistoryEntry>> HttpControl::history(const std::string& app, const PageQuery& page)
{
    QUrlQuery query;
    add(query, page);
    return askPage<HistoryEntry>(m_transport, apiCall("GET", appPath(app) + "/events", query), historyFrom);
}

Future<std::string> HttpControl::appOpenApi(const std::string& app)
{
    return ask<std::string>(m_transport, apiCall("GET", appPath(app) + "/openapi.json"),
        [](const Json& object) { return asText(object); });
}

Future<> HttpControl::holdLease(const std::string& app)
{
    auto promise = std::make_shared<QPromise<Result<>>>();
    promise->start();
    auto socket = std::make_unique<LiveSocket>(m_transport, m_transport.socketUrl(appPath(app) + "/lease"));
    connect(socket.get(), &LiveSocket::stateChanged, this, [this, app, promise](const ConnectionState& state) {
        const bool isFirst = !promise->future().isFinished();
        if (isFirst && state.kind == ConnectionState::Kind::Connected) {
            promise->addResult(Result<>());
            promise->finish();
        } else if (state.kind == ConnectionState::Kind::Retrying) {
            const Error error{ErrorCode::Unavailable, app + ": the connection that keeps it alive broke: " + state.reason, {}};
            m_leases.extract(app).mapped().release()->deleteLater(); // we are inside its signal
            if (!isFirst) {
                Q_EMIT leaseEnded(app, error);
                return;
            }
            promise->addResult(tl::unexpected(error));
            promise->finish();
        }
    });
    LiveSocket& lease = *(m_leases[app] = std::move(socket));
    lease.open();
    return promise->future();
}

void HttpControl::endLease(const std::string& app)
{
    m_leases.erase(app);
}

Future<DeployPlan> HttpControl::check(const Deployment& deployment)
{
    HttpCall call = apiCall("POST", "/v1/deployments/check", asText(toJson(deployment)));
    call.timeout = kDeployTimeout;
    return ask<DeployPlan>(m_transport, call, planFrom);
}

Future<DeployReceipt> HttpControl::deploy(const Deployment& deployment)
{
    HttpCall call = apiCall("POST", "/v1/deployments", asText(toJson(deployment)));
    call.timeout = kDeployTimeout;
    return ask<DeployReceipt>(m_transport, call, receiptFrom);
}

Future<std::vector<MissingBlob>> HttpControl::missingBlobs(const std::vector<BlobReference>& blobs)
{
    Json list = Json::array();
    for (const BlobReference& blob : blobs)
        list.push_back({{"sha256", blob.sha256}, {"size", blob.size}});
    return ask<std::vector<MissingBlob>>(
        m_transport, apiCall("POST", "/v1/blobs/missing", asText({{"blobs", std::move(list)}})), missingFrom);
}

Future<std::uint64_t> HttpControl::putBlob(const MissingBlob& blob, const QByteArray& chunk)
{
    QUrlQuery query;
    add(query, "offset", std::to_string(blob.offset));
    add(query, "size", std::to_string(blob.size));
    HttpCall call = apiCall("PUT", "/v1/blobs/" + pathSegment(blob.sha256), query);
    call.body = chunk;
    call.contentType = "application/octet-stream";
    call.timeout = kBlobTimeout;
    return ask<std::uint64_t>(m_transport, call,
        [](const Json& object) { return static_cast<std::uint64_t>(integerOf(object, "offset")); });
}

Future<> HttpControl::commitBlob(const std::string& sha256)
{
    HttpCall call = apiCall("POST", "/v1/blobs/" + pathSegment(sha256) + "/commit");
    call.timeout = kBlobTimeout;
    return tell(m_transport, call);
}

Future<std::vector<domain::ReplicaInfo>> HttpControl::replicas(const ReplicaQuery& replicas)
{
    QUrlQuery query;
    add(query, "app", replicas.app);
    add(query, "state", replicas.state);
    return askAll<domain::ReplicaInfo>(m_transport, apiCall("GET", "/v1/replicas", query), replicaFrom);
}

Future<> HttpControl::stopReplica(const std::string& replica, bool replace)
{
    return tell(m_transport, apiCall("POST", replicaPath(replica) + "/stop", asText({{"replace", replace}})));
}

Future<> HttpControl::killReplica(const std::string& replica)
{
    return tell(m_transport, apiCall("POST", replicaPath(replica) + "/kill"));
}

Future<Page<RequestInfo>> HttpControl::requests(const RequestQuery& requests)
{
    QUrlQuery query;
    add(query, "app", requests.app);
    add(query, "endpoint", requests.endpoint);
    add(query, "state", requests.state);
    add(query, "outcome", requests.outcome);
    add(query, "text", requests.text);
    add(query, "replica", requests.replica);
    add(query, "revision", requests.revision);
    add(query, "key", requests.key);
    add(query, "sort", requests.sort);
    if (requests.status)
        add(query, "status", std::to_string(*requests.status));
    if (requests.minTotal)
        add(query, "min_total", fmt::format("{}", *requests.minTotal));
    if (requests.maxTotal)
        add(query, "max_total", fmt::format("{}", *requests.maxTotal));
    if (requests.cold)
        add(query, "cold", *requests.cold ? "true" : "false");
    add(query, "since", requests.since);
    add(query, "until", requests.until);
    add(query, requests.page);
    return askPage<RequestInfo>(m_transport, apiCall("GET", "/v1/requests", query), requestFrom);
}

Future<RequestDetail> HttpControl::request(const std::string& id)
{
    return ask<RequestDetail>(m_transport, apiCall("GET", "/v1/requests/" + pathSegment(id)),
        [](const Json& object) { return RequestDetail{requestFrom(object), asText(object)}; });
}

Future<> HttpControl::cancelRequest(const std::string& id)
{
    return tell(m_transport, apiCall("POST", "/v1/requests/" + pathSegment(id) + "/cancel"));
}

Future<Analytics> HttpControl::analytics(const AnalyticsQuery& analytics)
{
    QUrlQuery query;
    add(query, "app", analytics.app);
    add(query, "endpoint", analytics.endpoint);
    add(query, "since", analytics.since);
    add(query, "until", analytics.until);
    add(query, "bucket", analytics.bucket);
    return ask<Analytics>(m_transport, apiCall("GET", "/v1/analytics", query),
        [](const Json& object) { return Analytics{asText(object)}; });
}

Future<Page<LogLine>> HttpControl::logs(const LogQuery& logs)
{
    QUrlQuery query;
    add(query, "app", logs.app);
    add(query, "replica", logs.replica);
    add(query, "request", logs.request);
    add(query, "level", logs.level);
    add(query, "search", logs.search);
    add(query, "since", logs.since);
    add(query, "until", logs.until);
    add(query, "order", logs.newestFirst ? "desc" : "asc");
    add(query, logs.page);
    return askPage<LogLine>(m_transport, apiCall("GET", "/v1/logs", query), logLineFrom);
}

Future<std::vector<KeyInfo>> HttpControl::keys()
{
    return askAll<KeyInfo>(m_transport, apiCall("GET", "/v1/keys"), keyFrom);
}

Future<CreatedKey> HttpControl::createKey(KeyScope scope, const std::string& description)
{
    const Json body{{"scope", keyScopeName(scope)}, {"description", description}};
    return ask<CreatedKey>(m_transport, apiCall("POST", "/v1/keys", asText(body)),
        [](const Json& object) { return CreatedKey{textOf(object, "key"), keyFrom(object)}; });
}

Future<> HttpControl::revokeKey(const std::string& id)
{
    return tell(m_transport, apiCall("DELETE", "/v1/keys/" + pathSegment(id)));
}

Future<std::vector<SecretInfo>> HttpControl::secrets()
{
    return askAll<SecretInfo>(m_transport, apiCall("GET", "/v1/secrets"), secretFrom);
}

Future<> HttpControl::setSecret(const std::string& name, const std::string& value)
{
    return tell(m_transport, apiCall("PUT", "/v1/secrets/" + pathSegment(name), asText({{"value", value}})));
}

Future<> HttpControl::unsetSecret(const std::string& name)
{
    return tell(m_transport, apiCall("DELETE", "/v1/secrets/" + pathSegment(name)));
}

} // namespace tintype::control
