// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/socket_calls.h"

namespace tintype::wire {

SocketCalls::SocketCalls(WireContext& context, QObject* parent)
    : QObject(parent)
    , m_context(context)
{
    connect(&m_context.host.requests(), &runtime::Requests::finished, this, [this](const domain::Record& record) {
        if (m_waiting.contains(record.request.id))
            answer(record.request.id, resultResponse(record));
    });
}

void SocketCalls::submit(domain::Request request, Done done)
{
    const std::string id = request.id;
    m_waiting.emplace(id, std::move(done));
    m_context.host.requests().submit(std::move(request), {}, [this, id](const Result<runtime::Accepted>& accepted) {
        if (!accepted)
            answer(id, wireError(accepted.error()));
    });
}

void SocketCalls::cancel(const std::string& id)
{
    if (m_waiting.erase(id) > 0)
        m_context.host.requests().cancel(id, runtime::CancelCause::Disconnected);
}

void SocketCalls::answer(const std::string& id, const http::Response& response)
{
    if (auto waiting = m_waiting.extract(id); !waiting.empty())
        waiting.mapped()(response);
}

} // namespace tintype::wire
