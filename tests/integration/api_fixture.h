// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/api.h"
#include "deploy/http/server.h"
#include "deploy/runtime/host.h"

#include <QNetworkAccessManager>
#include <QTemporaryDir>
#include <QWebSocket>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tintype::test {

using Json = nlohmann::ordered_json;

struct Answer {
    int status = 0;
    std::string body;
    Json json = {}; ///< discarded if the body is none
};

/// A whole host with the scripted worker, its API behind a real server on loopback, and a client for it.
class ApiHost {
public:
    /// @param script of the fake worker, see tests/support/fake_worker.cpp
    /// @param keyless whether programs of this machine need no key
    explicit ApiHost(const char* script = "step_ms=1", bool keyless = true);
    ~ApiHost();

    runtime::Host& host() { return *m_host; }
    api::Api& api() { return *m_api; }
    const http::RouteTable& routes() const;

    Answer send(const std::string& method, const std::string& path, const std::string& body = {}, const std::string& key = {});
    Answer get(const std::string& path, const std::string& key = {}) { return send("GET", path, {}, key); }
    Answer post(const std::string& path, const Json& body = Json::object()) { return send("POST", path, body.dump()); }

    std::unique_ptr<QWebSocket> open(const std::string& path, const std::string& key = {}); ///< connected, or refused

    /// Pushes blobs and definition, and waits for the rollout.
    Answer deploy(const std::string& name, const Json& extra = Json::object());
    static Json deployment(const std::string& name); ///< body of a deployment
    Answer pushFile();                               ///< the one file of deployment()

    std::string submit(const std::string& app, const std::string& key = {});
    bool waitUntilDone(const std::string& request);
    std::string makeKey(const std::string& scope); ///< "id:secret"

private:
    class Resolver;

    QTemporaryDir m_folder;
    std::unique_ptr<runtime::Host> m_host;
    std::unique_ptr<api::Api> m_api;
    std::unique_ptr<Resolver> m_resolver;
    std::unique_ptr<http::Server> m_server;
    QNetworkAccessManager m_network;
    int m_port = 0;
};

std::string sha256(const std::string& bytes);

/// Collects the messages of a socket.
class Messages : public QObject {
public:
    explicit Messages(QWebSocket& socket);

    std::vector<Json> all;
    bool has(const std::string& type) const;
    const Json* last(const std::string& type) const;
};

} // namespace tintype::test
