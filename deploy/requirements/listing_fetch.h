// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_client.h"
#include "deploy/requirements/hub_listing.h"

#include <QObject>
#include <QTimer>

namespace tintype::requirements {

/// Asks the hub what a revision is: its commit and its files. Tries again what may pass.
class ListingFetch : public QObject {
    Q_OBJECT

public:
    ListingFetch(HubClient& hub, std::string revision, QObject* parent);
    void start(); ///< finished() follows once

Q_SIGNALS:
    /// @param json the hub's answer as it came, for HubCache::saveListing
    void finished(const tintype::Result<tintype::requirements::HubListing>& listing, const QByteArray& json);

private:
    void conclude(const std::optional<HubFailure>& failure);
    void end(const Result<HubListing>& listing);

    HubClient& m_hub;
    const std::string m_revision;
    RetryCounter m_retries;
    HubCall* m_call = nullptr;
    QByteArray m_json;
};

} // namespace tintype::requirements
