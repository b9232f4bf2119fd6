// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/runtime/host.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace tintype::api {

struct ApiOptions {
    std::set<std::string> loopbackListeners; ///< names of listeners that only programs of this machine reach
    std::function<int()> connectionCount;    ///< of the HTTP server, for /metrics; may be empty

    /// Ports of listeners that serve one host class only, by class: "run", "queue", "rest". May be empty.
    std::function<std::map<std::string, int>()> listenerPorts;
};

/// The host's own interface under /v1, /health and /metrics. Control thread; outlives the server that serves it, and the
/// host outlives it.
class Api {
public:
    explicit Api(runtime::Host& host, ApiOptions options = {});
    ~Api();
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;

    void addTo(http::RouteTable& table) const;

    /// What /v1/openapi.json answers.
    std::string openApi() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace tintype::api
