// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_call.h"
#include "deploy/requirements/hub_settings.h"

namespace tintype::requirements {

/// One repository on the hub. Each has connections of its own, so that no fetch waits for another's.
class HubClient {
public:
    /// @param token empty = the settings' own
    HubClient(const HubSettings& settings, std::string repository, std::string token);

    const HubSettings& settings() const { return m_settings; }
    const std::string& repository() const { return m_repository; }

    /// The calls are under way when they are returned, owned by `parent`.
    HubCall* listing(const std::string& revision, QObject* parent);
    HubCall* file(const std::string& commit, const std::string& path, std::int64_t offset, QObject* parent);

private:
    HubCall* get(const QByteArray& path, const std::string& revision, const std::string& file, std::int64_t offset,
        QObject* parent);

    const HubSettings m_settings;
    const std::string m_repository;
    const std::string m_token;
    QNetworkAccessManager m_network;
};

} // namespace tintype::requirements
