// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/responder.h"

namespace tintype::http {

Responder::~Responder()
{
    settle();
}

Responder& Responder::operator=(Responder&& other) noexcept
{
    if (this != &other) {
        settle();
        m_exchange = std::move(other.m_exchange);
        m_answered = other.m_answered;
    }
    return *this;
}

void Responder::settle()
{
    if (m_exchange && !m_answered)
        send(Response::error(500, "the request was not answered", "internal_error"));
}

void Responder::send(Response response)
{
    if (m_exchange && !std::exchange(m_answered, true))
        m_exchange->send(std::move(response));
}

void Responder::beginStream(Response head)
{
    if (m_exchange && !std::exchange(m_answered, true))
        m_exchange->beginStream(std::move(head));
}

void Responder::write(std::string_view bytes)
{
    if (m_exchange)
        m_exchange->write(bytes);
}

void Responder::endStream()
{
    if (m_exchange)
        m_exchange->endStream();
}

bool Responder::isOpen() const
{
    return m_exchange && m_exchange->isOpen();
}

std::size_t Responder::unsentBytes() const
{
    return m_exchange ? m_exchange->unsentBytes() : 0;
}

void Responder::whenClosed(std::function<void()> callback)
{
    if (isOpen())
        m_exchange->closed = std::move(callback);
    else if (callback)
        callback();
}

std::string serverSentEvent(std::string_view data, std::string_view event)
{
    std::string text;
    text.reserve(data.size() + event.size() + 32);
    if (!event.empty())
        text.append("event: ").append(event).append("\n");
    while (true) { // a line ends at "\r\n", "\r" or "\n"
        const auto end = data.find_first_of("\r\n");
        text.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == std::string_view::npos)
            break;
        data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    text += '\n';
    return text;
}

Response eventStreamHead()
{
    return {.status = 200,
        .headers = {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Cache-Control", "no-cache"},
            {"X-Accel-Buffering", "no"}}};
}

} // namespace tintype::http
