// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/host.h"

#include <QObject>
#include <QWebSocket>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

namespace tintype::api {

/// Removes ephemeral apps that nobody holds any more: when the last lease socket of one has closed, or none was opened
/// within a minute of its deploy.
class Leases : public QObject {
    Q_OBJECT

public:
    explicit Leases(runtime::Host& host);
    ~Leases() override;

    /// @error NotFound: no such app · Conflict: it is not ephemeral
    Result<> check(const std::string& app) const;
    void hold(const std::string& app, std::unique_ptr<QWebSocket> socket);

private:
    void expectLease(runtime::AppRuntime& app);
    void release(const std::string& app, QWebSocket* socket);
    void removeUnheld(const std::string& app);

    runtime::Host& m_host;
    std::unordered_map<std::string, std::set<QWebSocket*>> m_sockets; ///< owned, by app
};

} // namespace tintype::api
