// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/responder.h"
#include "deploy/http/spool_file.h"

#include <optional>

namespace tintype::http {

class Connection;

/// Ties a Responder to its connection while both live. Keeps the body's file until the exchange is over.
class ConnectionExchange final : public Exchange {
public:
    ConnectionExchange(Connection& connection, std::optional<SpoolFile> body);
    ~ConnectionExchange() override;

    void send(Response response) override;
    void beginStream(Response head) override;
    void write(std::string_view bytes) override;
    void endStream() override;
    bool isOpen() const override { return m_connection != nullptr; }
    std::size_t unsentBytes() const override;

    void detach() { m_connection = nullptr; }
    void lose(); ///< detaches and calls closed(); this object may be gone afterwards

private:
    Connection* m_connection;
    std::optional<SpoolFile> m_body;
};

} // namespace tintype::http
