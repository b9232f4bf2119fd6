// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/server.h"
#include "deploy/runtime/host.h"
#include "deploy/store/stores.h"
#include "deploy/wire/wire.h"

#include <QFloat16> // QCOMPARE of JSON asks whether it is one
#include <QNetworkAccessManager>
#include <QTemporaryDir>
#include <QWebSocket>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tintype::test {

using Json = nlohmann::ordered_json;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Answer {
    int status = 0;
    std::string body;
    Json json = {}; ///< discarded if the body is none
    HeaderList headers = {};

    std::string header(const std::string& name) const; ///< empty if absent
};

/// The JSON of each event of a text/event-stream.
std::vector<Json> eventsOf(const std::string& body);

/// A whole host with the scripted worker, and a client that reaches it under any of its names.
class WireHost {
public:
    /// @param script of the fake worker, see tests/support/fake_worker.cpp
    explicit WireHost(const char* script = "step_ms=1", runtime::HostOptions options = {});
    ~WireHost();

    runtime::Host& host() { return *m_host; }
    std::string url(const std::string& path, const std::string& scheme = "http") const;
    std::string base() const { return url(""); }

    void deploy(const std::string& name, const std::string& auth = "public", const std::string& more = {});
    std::string makeKey(store::Scope scope);

    /// @param host the name that the call is sent to; empty = the address
    Answer send(const std::string& method, const std::string& path, const std::string& body = {}, const HeaderList& headers = {},
        const std::string& host = {});

    /// The URL as an answer named it: its path is asked, under its host's name.
    Answer follow(const std::string& method, const std::string& url, const std::string& body = {}, const HeaderList& headers = {});

    Answer run(const std::string& path, const Json& input) { return send("POST", path, input.dump(), {}, "fal.run"); }
    Answer submit(const std::string& path, const Json& input, const HeaderList& headers = {});
    Answer waitUntilDone(const std::string& statusUrl); ///< the last status

    std::unique_ptr<QWebSocket> open(const std::string& path, const HeaderList& headers = {}); ///< connected, or refused

private:
    QTemporaryDir m_folder;
    std::unique_ptr<runtime::Host> m_host;
    http::RouteTable m_own;
    std::unique_ptr<wire::Wire> m_wire;
    std::unique_ptr<http::Server> m_server;
    QNetworkAccessManager m_network;
    int m_port = 0;
};

/// Input of a call.
inline Json prompt() { return {{"prompt", "a red circle"}}; }

} // namespace tintype::test
