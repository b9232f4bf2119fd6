// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/queue_routes.h"

#include "deploy/wire/status_object.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <memory>

namespace tintype::wire {
namespace {

constexpr int kInProgress = 202; ///< of a status until it is COMPLETED: fal.apps goes by it

bool wantsLogs(const http::Query& query)
{
    const auto found = query.find("logs");
    return found != query.end() && (found->second == "1" || found->second == "true");
}

/// It becomes part of URLs and file names.
bool isGoodId(std::string_view id)
{
    return id.size() <= 128 && id.front() != '.' && std::ranges::all_of(id, [](char letter) {
        return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' || letter == '_' || letter == '-';
    });
}

http::Response notFound(const std::string& id)
{
    return http::Response::json(404,
        fmt::format(R"({{"status":"NOT_FOUND","detail":{}}})", http::jsonString(fmt::format("request {}: not found", id))));
}

} // namespace

QueueRoutes::QueueRoutes(WireContext& context, QObject* parent)
    : QObject(parent)
    , m_context(context)
{
    const runtime::Requests& requests = m_context.host.requests();
    const auto tellLive = [this](const runtime::LiveRequest& live) { tell(live.request.id); };
    connect(&requests, &runtime::Requests::started, this, tellLive);
    connect(&requests, &runtime::Requests::requeued, this, tellLive);
    connect(&requests, &runtime::Requests::progressed, this, tellLive);
    connect(&requests, &runtime::Requests::finished, this, [this](const domain::Record& record) { tell(record.request.id); });
}

void QueueRoutes::addSubmitTo(http::RouteTable& table)
{
    const auto handle = [this](http::Request call, http::Responder responder) { submit(std::move(call), std::move(responder)); };
    table.add({.method = "POST", .pattern = "/{owner}/{app}/{rest...}", .handle = handle});
    table.add({.method = "POST", .pattern = "/{app}", .handle = handle});
}

void QueueRoutes::addRequestsTo(http::RouteTable& table)
{
    const auto route = [this, &table](const char* method, const char* rest, void (QueueRoutes::*handler)(http::Request, http::Responder)) {
        table.add({.method = method, .pattern = std::string("/{owner}/{app}/requests/{id}") + rest,
            .handle = [this, handler](http::Request call, http::Responder responder) {
                (this->*handler)(std::move(call), std::move(responder));
            }});
    };
    route("GET", "", &QueueRoutes::result);
    route("GET", "/response", &QueueRoutes::result);
    route("GET", "/status", &QueueRoutes::status);
    route("GET", "/status/stream", &QueueRoutes::watch);
    route("PUT", "/cancel", &QueueRoutes::cancel);
    route("POST", "/cancel", &QueueRoutes::cancel);
}

void QueueRoutes::submit(http::Request call, http::Responder responder)
{
    runtime::Caller caller;
    const auto path = admitToApp(m_context, call, call.path, caller);
    if (!path)
        return responder.send(wireError(path.error()));
    auto submission = readSubmission(call, *path, domain::Via::Queue);
    if (!submission)
        return responder.send(wireError(submission.error()));
    domain::Request& request = submission->request;
    request.id = call.headers.value("X-Fal-Request-Id"); // chosen by the caller: the same one again is the same request
    if (!request.id.empty() && !isGoodId(request.id))
        return responder.send(http::Response::error(
            400, "X-Fal-Request-Id: 1 to 128 letters, digits, '.', '_' and '-' are allowed, the first one no '.'", "bad_request"));
    request.keyId = caller.keyId;
    request.publicBase = baseOf(m_context, call);
    const std::string base = request.publicBase;
    const std::string app = request.app;
    const auto answer = std::make_shared<http::Responder>(std::move(responder));
    m_context.host.requests().submit(std::move(request), submission->maxQueueLength,
        [this, answer, base, app](const Result<runtime::Accepted>& accepted) {
            if (!accepted)
                return answer->send(wireError(accepted.error()));
            auto response = http::Response::json(200, submitObject(m_context.host.options().owner, base, app, *accepted));
            response.headers.set("x-fal-request-id", accepted->id);
            answer->send(std::move(response));
        });
}

Result<std::string> QueueRoutes::admitted(const http::Request& call) const
{
    runtime::Caller caller;
    const auto& parameters = call.parameters;
    TINTYPE_TRY(admitToApp(m_context, call, fmt::format("/{}/{}", parameters.at("owner"), parameters.at("app")), caller));
    return parameters.at("id");
}

std::optional<runtime::RequestView> QueueRoutes::viewOf(const http::Request& call) const
{
    auto view = m_context.host.requests().view(call.parameters.at("id"));
    if (!view)
        return std::nullopt;
    const std::string& app = view->live ? view->live->request.app : view->record->request.app;
    return app == call.parameters.at("app") ? view : std::nullopt; // another app's is none of this caller's business
}

void QueueRoutes::status(http::Request call, http::Responder responder)
{
    const auto id = admitted(call);
    if (!id)
        return responder.send(wireError(id.error()));
    const auto view = viewOf(call);
    if (!view)
        return responder.send(notFound(*id));
    const auto logs = wantsLogs(call.query) ? std::optional(m_context.host.logs().ofRequest(*id)) : std::nullopt;
    auto response = http::Response::json(view->record ? 200 : kInProgress,
        statusObject(m_context.host.options().owner, baseOf(m_context, call), *id, *view, logs));
    response.headers.set("x-fal-request-id", *id);
    responder.send(std::move(response));
}

void QueueRoutes::watch(http::Request call, http::Responder responder)
{
    const auto id = admitted(call);
    if (!id)
        return responder.send(wireError(id.error()));
    if (!viewOf(call))
        return responder.send(notFound(*id));
    auto head = http::eventStreamHead();
    head.headers.set("x-fal-request-id", *id);
    responder.beginStream(std::move(head));
    Watcher watcher{std::move(responder), baseOf(m_context, call), wantsLogs(call.query), 0, {}};
    if (tellOne(*id, watcher))
        m_watchers[*id].push_back(std::move(watcher));
}

void QueueRoutes::tell(const std::string& id)
{
    const auto found = m_watchers.find(id);
    if (found == m_watchers.end())
        return;
    std::erase_if(found->second, [this, &id](Watcher& watcher) { return !tellOne(id, watcher); });
    if (found->second.empty())
        m_watchers.erase(found);
}

bool QueueRoutes::tellOne(const std::string& id, Watcher& watcher)
{
    const auto view = m_context.host.requests().view(id);
    if (!view || !watcher.responder.isOpen())
        return false;
    std::optional<std::vector<runtime::LogLine>> fresh;
    if (watcher.wantsLogs) {
        const auto lines = m_context.host.logs().ofRequest(id);
        const std::size_t sent = std::min(watcher.linesSent, lines.size());
        fresh.emplace(lines.begin() + static_cast<std::ptrdiff_t>(sent), lines.end());
        if (view->state != domain::RequestState::Queued)
            watcher.linesSent = lines.size();
    }
    const std::string event = statusObject(m_context.host.options().owner, watcher.base, id, *view, fresh);
    if (event != watcher.last)
        watcher.responder.write(http::serverSentEvent(event));
    watcher.last = event;
    if (view->record)
        watcher.responder.endStream();
    return !view->record;
}

void QueueRoutes::result(http::Request call, http::Responder responder)
{
    const auto id = admitted(call);
    if (!id)
        return responder.send(wireError(id.error()));
    const auto view = viewOf(call);
    if (!view)
        return responder.send(notFound(*id));
    if (view->record)
        return responder.send(resultResponse(*view->record));
    auto response = http::Response::json(400,
        fmt::format(R"({{"detail":"Request is still in progress","status":"{}"}})",
            view->state == domain::RequestState::Queued ? "IN_QUEUE" : "IN_PROGRESS"));
    response.headers.set("x-fal-request-id", *id);
    responder.send(std::move(response));
}

void QueueRoutes::cancel(http::Request call, http::Responder responder)
{
    const auto id = admitted(call);
    if (!id)
        return responder.send(wireError(id.error()));
    const auto view = viewOf(call);
    if (!view)
        return responder.send(notFound(*id));
    if (view->record)
        return responder.send(http::Response::json(400, R"({"status":"ALREADY_COMPLETED"})"));
    m_context.host.requests().cancel(*id);
    responder.send(http::Response::json(202, R"({"status":"CANCELLATION_REQUESTED"})"));
}

} // namespace tintype::wire
