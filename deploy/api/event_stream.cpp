// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/event_stream.h"

#include "deploy/api/call_values.h"
#include "deploy/api/heartbeat.h"
#include "deploy/api/json_views.h"
#include "deploy/runtime/result_output.h"

#include <QTimer>
#include <map>

namespace tintype::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kCloseGrace = 5s; ///< for the closing handshake of someone who does not read

} // namespace

struct EventStream::Subscriber {
    std::unique_ptr<QWebSocket, void (*)(QWebSocket*)> socket;
    EventFilter filter;
    Variant variant;
    bool isDropped = false;
};

const std::vector<std::string>& EventStream::types()
{
    static const std::vector<std::string> all{"app", "replica", "request", "progress", "log", "rollout"};
    return all;
}

EventStream::EventStream(runtime::Host& host, const Urls& urls)
    : m_host(host)
    , m_urls(urls)
{
    connectApps();
    connectRequests();
    connect(&m_host.logs(), &runtime::Logs::added, this, [this](const runtime::LogLine& line) {
        tell("log", line.app, [&line](Json& event, const Variant&) { event["log"] = logJson(line); });
    });
}

EventStream::~EventStream()
{
    for (const auto& subscriber : m_subscribers)
        subscriber->socket->disconnect(this);
}

void EventStream::connectApps()
{
    runtime::Apps& apps = m_host.apps();
    connect(&apps, &runtime::Apps::added, this, [this](runtime::AppRuntime& app) { tellApp(app.name()); });
    connect(&apps, &runtime::Apps::changed, this, &EventStream::tellApp);
    connect(&apps, &runtime::Apps::removed, this, [this](const std::string& app) {
        tell("app", app, [&app](Json& event, const Variant&) {
            event["removed"] = true;
            event["app"] = {{"name", app}};
        });
    });
    connect(&apps, &runtime::Apps::rolloutEnded, this,
        [this](const std::string& app, const std::string& revision, const std::optional<Error>& error) {
            tell("rollout", app, [&](Json& event, const Variant&) {
                event["app"] = app;
                event["revision"] = revision;
                event["status"] = error ? "failed" : "deployed";
                event["error"] = error ? Json(error->message) : Json();
            });
            tellApp(app);
        });
    connect(&apps, &runtime::Apps::replicaChanged, this, [this](const domain::ReplicaInfo& replica) {
        tell("replica", replica.app, [&replica](Json& event, const Variant&) { event["replica"] = replicaJson(replica); });
        tellApp(replica.app);
    });
}

void EventStream::connectRequests()
{
    runtime::Requests& requests = m_host.requests();
    const auto tellLive = [this](const runtime::LiveRequest& live) { tellRequest(live.request.id, live.request.app); };
    connect(&requests, &runtime::Requests::accepted, this,
        [this](const domain::Request& request) { tellRequest(request.id, request.app); });
    connect(&requests, &runtime::Requests::started, this, tellLive);
    connect(&requests, &runtime::Requests::requeued, this, tellLive);
    connect(&requests, &runtime::Requests::finished, this, [this](const domain::Record& record) {
        tell("request", record.request.app,
            [&record](Json& event, const Variant&) { event["request"] = recordJson(record, Payload::Without); });
    });
    connect(&requests, &runtime::Requests::progressed, this,
        [this](const runtime::LiveRequest& live, const Progress& progress) {
            tell("progress", live.request.app, [&](Json& event, const Variant& variant) {
                event["request"] = live.request.id;
                event["app"] = live.request.app;
                event["step"] = progress.step;
                event["steps"] = progress.steps;
                event["eta"] = progress.etaSeconds;
                if (variant.previews && progress.preview)
                    event["preview"] = runtime::dataUri(*progress.preview);
            });
        });
}

Result<EventFilter> EventStream::filterOf(const http::Request& request)
{
    TINTYPE_TRY_ASSIGN(const auto wanted, choicesOf(request, "types", types()));
    TINTYPE_TRY_ASSIGN(const bool previews, booleanOf(request, "previews"));
    const auto app = request.query.find("app");
    return EventFilter{.app = app == request.query.end() ? std::string() : app->second,
        .types = {wanted.begin(), wanted.end()},
        .previews = previews};
}

void EventStream::subscribe(const http::Request& request, std::unique_ptr<QWebSocket> socket)
{
    auto filter = filterOf(request);
    if (!filter)
        return socket->close(QWebSocketProtocol::CloseCodePolicyViolated, QString::fromStdString(filter.error().message));
    QWebSocket* raw = socket.release();
    connect(raw, &QWebSocket::disconnected, this, [this, raw] { forget(raw); });
    keepBeating(*raw);
    const Variant variant{m_urls.base(request), filter->previews};
    m_subscribers.push_back(std::make_unique<Subscriber>(Subscriber{
        .socket = {raw, [](QWebSocket* it) { it->deleteLater(); }}, .filter = *std::move(filter), .variant = variant}));
}

void EventStream::tell(const std::string& type, const std::string& app, const Fill& fill)
{
    std::map<Variant, QString> texts;
    for (std::size_t index = m_subscribers.size(); index > 0; --index) { // one that fails while sending is forgotten
        Subscriber& subscriber = *m_subscribers[index - 1];
        if (subscriber.isDropped || !subscriber.filter.wants(type, app))
            continue;
        QString& text = texts[subscriber.variant];
        if (text.isEmpty()) {
            Json event{{"type", type}, {"time", isoTime(wallClockNow())}};
            fill(event, subscriber.variant);
            text = QString::fromStdString(dumped(event));
        }
        send(subscriber, text);
    }
}

void EventStream::tellApp(const std::string& app)
{
    const auto info = m_subscribers.empty() ? std::nullopt : m_host.apps().info(app);
    if (!info)
        return;
    tell("app", app, [&](Json& event, const Variant& variant) {
        const runtime::AppRuntime* runtime = m_host.apps().runtime(app);
        event["app"] = appJson(*info, runtime ? runtime->replicas() : std::vector<domain::ReplicaInfo>(),
            m_urls.ofApp(variant.base, app));
    });
}

void EventStream::tellRequest(const std::string& id, const std::string& app)
{
    const auto view = m_subscribers.empty() ? std::nullopt : m_host.requests().view(id);
    if (!view)
        return;
    tell("request", app,
        [&view](Json& event, const Variant&) { event["request"] = requestJson(*view, Payload::Without); });
}

void EventStream::send(Subscriber& subscriber, const QString& text)
{
    if (subscriber.socket->bytesToWrite() > kMaxUnsentBytes)
        drop(subscriber);
    else
        subscriber.socket->sendTextMessage(text);
}

void EventStream::drop(Subscriber& subscriber)
{
    subscriber.isDropped = true;
    QWebSocket* socket = subscriber.socket.get();
    QTimer::singleShot(kCloseGrace, socket, [socket] { socket->abort(); });
    socket->close(QWebSocketProtocol::CloseCodePolicyViolated, QStringLiteral("more than 8 MiB of events were not read"));
}

void EventStream::forget(const QWebSocket* socket)
{
    std::erase_if(m_subscribers, [socket](const auto& subscriber) { return subscriber->socket.get() == socket; });
}

} // namespace tintype::api
