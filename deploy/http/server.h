// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "engine/base/result.h"

#include <QObject>
#include <QSslConfiguration>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace tintype::http {

struct Limits {
    std::size_t maxHeaderBytes = 16 << 10;
    std::chrono::seconds headTimeout{15}; ///< to send a whole head
    std::chrono::seconds bodyTimeout{60}; ///< without a single byte of the body, or of the answer being taken
    std::chrono::seconds idleTimeout{300}; ///< between requests
    std::size_t maxUnsentBytes = 64 << 20; ///< a caller who does not read a stream is dropped
    int maxConnections = 10'000; ///< WebSockets count too; beyond it the answer is 503
};

struct ListenAddress {
    std::string host; ///< "127.0.0.1", "::1", "0.0.0.0"
    quint16 port = 0; ///< 0 = any free one

    /// "127.0.0.1:7870", "[::1]:7870", "localhost:7870", ":7870" (all IPv4 addresses)
    /// @error InvalidArgument
    static Result<ListenAddress> parse(std::string_view text);
    bool isLoopback() const;
};

/// HTTP/1.1 on any number of listeners, on the thread that made it. Requests are resolved and answered there too, so a
/// handler must not block, nor destroy the server. Requests of one connection are handled one after the other.
class Server : public QObject {
    Q_OBJECT

public:
    /// @param spoolFolder where bodies of routes with `bodyToFile` are written; made if it does not exist
    Server(RequestResolver& resolver, Limits limits, std::string spoolFolder, QObject* parent = nullptr);
    ~Server() override;

    /// @param name tells the listeners apart in Request::listener
    /// @param tls none = plain
    /// @return the port  @error Unavailable: the address is taken or not of this machine
    Result<quint16> listen(std::string name, const ListenAddress& address, const std::optional<QSslConfiguration>& tls);

    void stopListening(); ///< open connections live on and are told to close after their next answer
    int connectionCount() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace tintype::http
