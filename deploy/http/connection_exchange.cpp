// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/connection_exchange.h"

#include "deploy/http/connection.h"

#include <utility>

namespace tintype::http {

ConnectionExchange::ConnectionExchange(Connection& connection, std::optional<SpoolFile> body)
    : m_connection(&connection)
    , m_body(std::move(body))
{
}

ConnectionExchange::~ConnectionExchange()
{
    if (m_connection)
        m_connection->abandon();
}

void ConnectionExchange::send(Response response)
{
    if (m_connection)
        m_connection->send(std::move(response));
}

void ConnectionExchange::beginStream(Response head)
{
    if (m_connection)
        m_connection->beginStream(std::move(head));
}

void ConnectionExchange::write(std::string_view bytes)
{
    if (m_connection)
        m_connection->writeStream(bytes);
}

void ConnectionExchange::endStream()
{
    if (m_connection)
        m_connection->endStream();
}

std::size_t ConnectionExchange::unsentBytes() const
{
    return m_connection ? m_connection->unsentBytes() : 0;
}

void ConnectionExchange::lose()
{
    m_connection = nullptr;
    if (const auto callback = std::exchange(closed, nullptr))
        callback();
}

} // namespace tintype::http
