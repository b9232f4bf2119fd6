// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/run_routes.h"

#include "deploy/runtime/result_output.h"
#include "engine/base/json_text.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace tintype::wire {
namespace {

using Json = nlohmann::ordered_json;

std::string progressEvent(const Progress& progress)
{
    JsonText event;
    event.beginObject().field("type", "progress").field("step", progress.step).field("steps", progress.steps);
    event.field("eta", progress.etaSeconds);
    if (progress.preview)
        event.field("preview", runtime::dataUri(*progress.preview));
    return event.endObject().take();
}

/// A failure after the stream has begun.
std::string errorEvent(const domain::Record& record)
{
    Json event{{"type", "error"}, {"status", record.status}};
    event.update(Json::parse(record.output, nullptr, /*allow_exceptions=*/false), /*merge_objects=*/true);
    return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

RunRoutes::RunRoutes(WireContext& context, QObject* parent)
    : QObject(parent)
    , m_context(context)
{
    connect(&m_context.host.requests(), &runtime::Requests::progressed, this, &RunRoutes::onProgressed);
    connect(&m_context.host.requests(), &runtime::Requests::finished, this, &RunRoutes::onFinished);
}

void RunRoutes::addTo(http::RouteTable& table)
{
    const auto handle = [this](http::Request request, http::Responder responder) { call(std::move(request), std::move(responder)); };
    for (const char* method : {"POST", "GET"}) {
        table.add({.method = method, .pattern = "/{owner}/{app}/{rest...}", .handle = handle});
        table.add({.method = method, .pattern = "/{app}", .handle = handle});
    }
}

void RunRoutes::call(http::Request call, http::Responder responder)
{
    runtime::Caller caller;
    auto path = admitToApp(m_context, call, call.path, caller);
    if (!path)
        return responder.send(wireError(path.error()));
    const auto streamed = withoutSuffix(path->endpoint, "/stream");
    if (streamed)
        path->endpoint = *streamed;
    auto submission = readSubmission(call, *path, streamed ? domain::Via::Stream : domain::Via::Run);
    if (!submission)
        return responder.send(wireError(submission.error()));
    domain::Request& request = submission->request;
    const std::string id = request.id = runtime::Requests::newId();
    request.keyId = caller.keyId;
    request.publicBase = baseOf(m_context, call);
    responder.whenClosed([this, id] {
        m_waiters.erase(id);
        m_context.host.requests().cancel(id, runtime::CancelCause::Disconnected);
    });
    m_waiters.emplace(id, Waiter{std::move(responder), streamed.has_value(), false});
    m_context.host.requests().submit(std::move(request), submission->maxQueueLength, [this, id](const Result<runtime::Accepted>& accepted) {
        if (accepted)
            return;
        if (auto waiter = m_waiters.extract(id); !waiter.empty())
            waiter.mapped().responder.send(wireError(accepted.error()));
    });
}

void RunRoutes::begin(Waiter& waiter, const std::string& id)
{
    if (std::exchange(waiter.hasBegun, true))
        return;
    http::Response head = http::eventStreamHead();
    head.headers.set("x-fal-request-id", id);
    waiter.responder.beginStream(std::move(head));
}

void RunRoutes::onProgressed(const runtime::LiveRequest& live, const Progress& progress)
{
    const auto found = m_waiters.find(live.request.id);
    if (found == m_waiters.end() || !found->second.streams)
        return;
    begin(found->second, live.request.id);
    found->second.responder.write(http::serverSentEvent(progressEvent(progress)));
}

void RunRoutes::onFinished(const domain::Record& record)
{
    auto node = m_waiters.extract(record.request.id);
    if (node.empty())
        return;
    Waiter& waiter = node.mapped();
    const bool failed = record.outcome != domain::Outcome::Success;
    if (!waiter.streams || (failed && !waiter.hasBegun))
        return waiter.responder.send(resultResponse(record));
    begin(waiter, record.request.id);
    waiter.responder.write(http::serverSentEvent(failed ? errorEvent(record) : record.output));
    waiter.responder.endStream();
}

} // namespace tintype::wire
